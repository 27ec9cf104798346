"""Bias by slice: does a group's mention raise scores? The measures of Borkan and others (2019), Nuanced Metrics."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from moderation.evaluation.measures import NAN, Floats, Truth, at_threshold, quality

FEWEST_TEXTS = 20  # fewer tell nothing of a slice
FEWEST_OF_A_CLASS = 5  # and fewer on either side nothing of an area


@dataclass(frozen=True, slots=True)
class Slice:
    """One category on the texts of one slice, beside the background: all other texts.

    ``subgroup_auc`` is the ROC area within the slice. ``bpsn_auc`` sets the slice's negatives against the background's
    positives: low where harmless texts of the slice score too high. ``bnsp_auc`` the other way round: low where harmful
    ones score too low. ``false_positive_rate`` and ``background_rate`` are at ``threshold``. nan: too few texts.
    """

    name: str
    category: str
    texts: int
    positives: int
    threshold: float
    false_positive_rate: float
    background_rate: float
    subgroup_auc: float
    bpsn_auc: float
    bnsp_auc: float


def slices(
    members: Mapping[str, Truth], category: str, truth: Truth, scores: Floats, threshold: float
) -> tuple[Slice, ...]:
    """One Slice for every entry of ``members`` (name to who belongs) that has enough texts, the largest first.

    One with hardly a harmless text says nothing of bias and is left out.
    """
    found = [
        _slice(name, category, inside, truth, scores, threshold)
        for name, inside in members.items()
        if inside.sum() >= FEWEST_TEXTS
    ]
    telling = [one for one in found if not np.isnan([one.false_positive_rate, one.subgroup_auc]).all()]
    return tuple(sorted(telling, key=lambda one: (-one.texts, one.name)))


def _slice(name: str, category: str, inside: Truth, truth: Truth, scores: Floats, threshold: float) -> Slice:
    return Slice(
        name=name,
        category=category,
        texts=int(inside.sum()),
        positives=int(truth[inside].sum()),
        threshold=threshold,
        false_positive_rate=_false_positive_rate(inside, truth, scores, threshold),
        background_rate=_false_positive_rate(~inside, truth, scores, threshold),
        subgroup_auc=_auc(inside, truth, scores),
        bpsn_auc=_auc(np.where(truth, ~inside, inside), truth, scores),
        bnsp_auc=_auc(np.where(truth, inside, ~inside), truth, scores),
    )


def _false_positive_rate(chosen: Truth, truth: Truth, scores: Floats, threshold: float) -> float:
    negatives = chosen & ~truth
    if negatives.sum() < FEWEST_OF_A_CLASS:
        return NAN
    return at_threshold(truth[negatives], scores[negatives], threshold).false_positive_rate


def _auc(chosen: Truth, truth: Truth, scores: Floats) -> float:
    found = quality(truth[chosen], scores[chosen])
    return found.roc if min(found.positives, found.negatives) >= FEWEST_OF_A_CLASS else NAN
