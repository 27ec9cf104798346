"""Compares two scores of the same texts: does the new one rank alike, is it higher, and where must a threshold go?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moderation.evaluation.measures import NAN, Floats


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two scores agree on what is flagged, the old one from ``old`` on and the new one from ``new`` on.

    ``agreed`` is the share of texts on which they say the same, ``kappa`` (Cohen's) that beyond chance, nan where
    both flag nothing or everything. ``old_share`` and ``new_share`` are the shares that each flags.
    """

    old: float
    new: float
    old_share: float
    new_share: float
    agreed: float
    kappa: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Old and new score of ``texts`` texts: rank correlation (Spearman's), the two means, the shift between them.

    ``at`` holds, for each old threshold, the agreement with the new score from the same threshold on, and from the one
    on at which the new score flags the same share.
    """

    texts: int
    spearman: float
    old_mean: float
    new_mean: float
    at: tuple[tuple[Agreement, Agreement], ...]

    @property
    def shift(self) -> float:
        """How much higher the new score is on average."""
        return self.new_mean - self.old_mean


def compare(old: Floats, new: Floats, thresholds: tuple[float, ...]) -> Comparison:
    """Compares the scores of the same texts, in the same order; nan where there are too few to say anything."""
    if not len(old):
        return Comparison(0, NAN, NAN, NAN, ())
    pairs = tuple(
        (agreement(old, new, limit, limit), agreement(old, new, limit, matching_threshold(old, new, limit)))
        for limit in thresholds
    )
    return Comparison(len(old), spearman(old, new), float(old.mean()), float(new.mean()), pairs)


def spearman(a: Floats, b: Floats) -> float:
    """Spearman's rank correlation, equal scores sharing their mean rank; nan where either never changes."""
    if len(a) < 2:
        return NAN
    first, second = _ranks(a) - (len(a) + 1) / 2, _ranks(b) - (len(b) + 1) / 2
    spread = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / spread if spread else NAN


def _ranks(scores: Floats) -> NDArray[np.float64]:
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    last = np.cumsum(count)
    mean: NDArray[np.float64] = (last - (count - 1) / 2)[place]
    return mean


def matching_threshold(old: Floats, new: Floats, threshold: float) -> float:
    """From where on the new score flags as many texts as the old one does from ``threshold`` on; nan if that is none.

    It lies midway between two scores. Of equal scores all are flagged or none, so that the number may not be met; then
    it is the nearest.
    """
    wanted = int((old >= threshold).sum())
    if not wanted:
        return NAN
    found, count = np.unique(new, return_counts=True)
    flagged = np.cumsum(count[::-1])[::-1]
    at = int(np.argmin(np.abs(flagged - wanted)))
    return float((found[at - 1] + found[at]) / 2 if at else found[0])


def agreement(old: Floats, new: Floats, old_threshold: float, new_threshold: float) -> Agreement:
    """What the two say of the same texts when each acts from its threshold on."""
    first, second = old >= old_threshold, new >= new_threshold
    agreed, a, b = float((first == second).mean()), float(first.mean()), float(second.mean())
    chance = a * b + (1 - a) * (1 - b)
    kappa = (agreed - chance) / (1 - chance) if chance < 1 else NAN
    return Agreement(old_threshold, new_threshold, a, b, agreed, kappa)
