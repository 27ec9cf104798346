"""The points of the precision-recall and receiver curves, as many as a drawing can show."""

from dataclasses import dataclass

import numpy as np

from moderation.evaluation.measures import Floats, Truth, rank

MOST_POINTS = 200


@dataclass(frozen=True, slots=True)
class Curve:
    """Both curves, point by point, from the highest threshold to the lowest. Empty without both classes."""

    thresholds: tuple[float, ...] = ()
    precision: tuple[float, ...] = ()
    recall: tuple[float, ...] = ()
    false_positive_rate: tuple[float, ...] = ()


def curve(truth: Truth, scores: Floats, *, most: int = MOST_POINTS) -> Curve:
    """The points at every distinct score, thinned evenly to ``most``; the ends always stay."""
    found = rank(truth, scores)
    if not found.positives or not found.negatives:
        return Curve()
    count = len(found.thresholds)
    kept = np.unique(np.linspace(0, count - 1, min(most, count)).round().astype(int))
    return Curve(
        thresholds=_listed(found.thresholds[kept]),
        precision=_listed(found.precision[kept]),
        recall=_listed(found.recall[kept]),
        false_positive_rate=_listed(found.false_positive_rate[kept]),
    )


def _listed(values: Floats) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
