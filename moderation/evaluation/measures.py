"""Measures of a score against the truth, and the thresholds that reach a wanted precision or false positive rate."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating]
Truth = NDArray[np.bool_]
Counts = NDArray[np.int64]
NAN = float("nan")
_FEWEST = 20  # texts above a threshold: fewer say nothing of precision


@dataclass(frozen=True, slots=True)
class AtThreshold:
    """What happens when everything scored at or above ``threshold`` is acted on.

    Rates are nan where there is nothing to divide by; ``f1`` is nan without positives, 0 where none was found.
    """

    threshold: float
    precision: float
    recall: float
    false_positive_rate: float
    f1: float
    acted_on: int


@dataclass(frozen=True, slots=True)
class Quality:
    """How well a score ranks: areas under the precision-recall and the receiver curve, nan without both classes."""

    positives: int
    negatives: int
    auprc: float
    roc: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Hits and false alarms when acting from each distinct score on, the highest score first."""

    thresholds: Floats
    hits: Counts
    false_alarms: Counts
    positives: int
    negatives: int

    @property
    def precision(self) -> Floats:
        """At each threshold."""
        return self.hits / (self.hits + self.false_alarms)

    @property
    def recall(self) -> Floats:
        """At each threshold; nan without positives."""
        return self.hits / self.positives if self.positives else np.full(len(self.hits), NAN)

    @property
    def false_positive_rate(self) -> Floats:
        """At each threshold; nan without negatives."""
        return self.false_alarms / self.negatives if self.negatives else np.full(len(self.hits), NAN)


def rank(truth: Truth, scores: Floats) -> Ranking:
    """Counts at every distinct score. Equal scores are acted on together."""
    order = np.argsort(-scores, kind="stable")
    ends = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1) if len(scores) else np.zeros(0, int)
    hits = np.cumsum(truth[order], dtype=np.int64)[ends]
    positives = int(truth.sum())
    return Ranking(scores[order][ends], hits, ends + 1 - hits, positives, len(truth) - positives)


def quality(truth: Truth, scores: Floats) -> Quality:
    """Ranking quality over texts whose truth is known. Equal scores are ranked together, as scikit-learn does."""
    found = rank(truth, scores)
    if not found.positives or not found.negatives:
        return Quality(found.positives, found.negatives, NAN, NAN)
    auprc = np.sum(np.diff(found.hits, prepend=0) * found.precision) / found.positives
    steps = np.diff(found.false_alarms, prepend=0) * (found.hits + np.append(0, found.hits[:-1])) / 2
    roc = np.sum(steps) / (found.positives * found.negatives)
    return Quality(found.positives, found.negatives, float(auprc), float(roc))


def at_threshold(truth: Truth, scores: Floats, threshold: float) -> AtThreshold:
    """Precision (nan when nothing reaches the threshold), recall and false positive rate."""
    return when_acted(truth, scores >= threshold, threshold)


def when_acted(truth: Truth, acted: Truth, threshold: float = NAN) -> AtThreshold:
    """The same for any choice of texts, such as those that a policy flags."""
    hits, count = int((acted & truth).sum()), int(acted.sum())
    positives = int(truth.sum())
    negatives = len(truth) - positives
    return AtThreshold(
        threshold=threshold,
        precision=hits / count if count else NAN,
        recall=hits / positives if positives else NAN,
        false_positive_rate=(count - hits) / negatives if negatives else NAN,
        f1=2 * hits / (count + positives) if positives else NAN,
        acted_on=count,
    )


def threshold_for(truth: Truth, scores: Floats, precision: float, *, largest_fpr: float = 0.01) -> AtThreshold | None:
    """The lowest threshold with at least this precision and at most this false positive rate; None if there is none."""
    found = rank(truth, scores)
    acted = found.hits + found.false_alarms
    few_false = found.false_alarms <= largest_fpr * max(found.negatives, 1)
    good = np.flatnonzero((found.precision >= precision) & few_false & (acted >= _FEWEST))
    return at_threshold(truth, scores, float(found.thresholds[good[-1]])) if len(good) else None


def at_false_positive_rate(truth: Truth, scores: Floats, largest: float) -> AtThreshold | None:
    """The lowest score to act from with at most this false positive rate; None without negatives, or if there is none.

    A score of 0 is no threshold: it would act on everything.
    """
    found = rank(truth, scores)
    if not found.negatives:
        return None
    good = np.flatnonzero((found.false_alarms <= largest * found.negatives) & (found.thresholds > 0))
    return at_threshold(truth, scores, float(found.thresholds[good[-1]])) if len(good) else None


def best_f1(truth: Truth, scores: Floats) -> AtThreshold | None:
    """The highest of the thresholds with the best F1, above 0; None without both classes or any score above 0."""
    found = rank(truth, scores)
    useful = found.thresholds > 0
    if not found.positives or not found.negatives or not useful.any():
        return None
    f1 = np.where(useful, 2 * found.hits / (found.hits + found.false_alarms + found.positives), -1.0)
    return at_threshold(truth, scores, float(found.thresholds[int(np.argmax(f1))]))
