"""Whether a score of .8 means 80 %: calibration error, reliability points, and how the scores are spread."""

from dataclasses import dataclass

import numpy as np

from moderation.evaluation.measures import NAN, Counts, Floats, Truth

BINS = 15
SPREAD = 20


@dataclass(frozen=True, slots=True)
class ReliabilityPoint:
    """One bin of scores: their mean, the share of positives among them (equal where calibrated), how many they are."""

    mean_score: float
    positive: float
    texts: int


@dataclass(frozen=True, slots=True)
class Spread:
    """How many texts score in each twentieth of the scale from 0 to 1, harmless and harmful apart."""

    negatives: tuple[int, ...]
    positives: tuple[int, ...]


def reliability(truth: Truth, scores: Floats, *, bins: int = BINS) -> tuple[ReliabilityPoint, ...]:
    """The points of the reliability diagram over bins of equal width; empty bins have none."""
    places = _places(scores, bins)
    return tuple(
        ReliabilityPoint(float(scores[chosen].mean()), float(truth[chosen].mean()), int(chosen.sum()))
        for chosen in (places == place for place in range(bins))
        if chosen.any()
    )


def calibration_error(truth: Truth, scores: Floats, *, bins: int = BINS) -> float:
    """The expected calibration error: the mean distance of score and truth over the bins, weighted by their texts."""
    points = reliability(truth, scores, bins=bins)
    total = sum(point.texts for point in points)
    return sum(point.texts * abs(point.mean_score - point.positive) for point in points) / total if total else NAN


def spread(truth: Truth, scores: Floats, *, bins: int = SPREAD) -> Spread:
    """The distribution of the scores of each class."""
    places = _places(scores, bins)
    negatives, positives = (np.bincount(places[truth == side], minlength=bins).tolist() for side in (False, True))
    return Spread(tuple(negatives), tuple(positives))


def _places(scores: Floats, bins: int) -> Counts:
    """Each score's bin; 1 belongs to the last."""
    return np.minimum((scores * bins).astype(np.int64), bins - 1)
