"""Measures of a score against the truth, and the thresholds that reach a wanted precision."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Truth = NDArray[np.bool_]
_FEWEST = 20  # texts above a threshold: fewer say nothing of precision


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """What happens when everything scored at or above ``threshold`` is acted on."""

    threshold: float
    precision: float
    recall: float
    false_positive_rate: float
    acted_on: int


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a score ranks: areas under the precision-recall and the receiver curve, nan without both classes."""

    positives: int
    negatives: int
    auprc: float
    roc: float


def quality(truth: Truth, scores: Floats) -> Quality:
    """Ranking quality over texts whose truth is known. Equal scores are ranked together, as scikit-learn does."""
    positives = int(truth.sum())
    negatives = len(truth) - positives
    if not positives or not negatives:
        return Quality(positives, negatives, float("nan"), float("nan"))
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    hits = np.cumsum(truth[order])[ends]
    false_alarms = ends + 1 - hits
    auprc = np.sum(np.diff(hits, prepend=0) * hits / (ends + 1)) / positives
    steps = np.diff(false_alarms, prepend=0) * (hits + np.append(0, hits[:-1])) / 2
    return Quality(positives, negatives, float(auprc), float(np.sum(steps) / (positives * negatives)))


def at_threshold(truth: Truth, scores: Floats, threshold: float) -> AtThreshold:
    """Precision (nan when nothing reaches the threshold), recall and false positive rate."""
    acted = scores >= threshold
    hits, count = int((acted & truth).sum()), int(acted.sum())
    negatives = int((~truth).sum())
    return AtThreshold(
        threshold=threshold,
        precision=hits / count if count else float("nan"),
        recall=hits / int(truth.sum()) if truth.any() else float("nan"),
        false_positive_rate=(count - hits) / negatives if negatives else float("nan"),
        acted_on=count,
    )


def threshold_for(truth: Truth, scores: Floats, precision: float, *, largest_fpr: float = 0.01) -> AtThreshold | None:
    """The lowest threshold with at least this precision and at most this false positive rate; None if there is none."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    acted = np.arange(1, len(scores) + 1)
    holds = (hits / acted >= precision) & ((acted - hits) <= largest_fpr * max(int((~truth).sum()), 1))
    ends = np.append(np.diff(scores[order]) != 0, True)  # equal scores are acted on together
    good = np.flatnonzero(holds & ends & (acted >= _FEWEST))
    return at_threshold(truth, scores, float(scores[order][good[-1]])) if len(good) else None
