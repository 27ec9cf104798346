"""Finds the bands a policy can act on, from scores of texts that a head was not trained on."""

import numpy as np
from numpy.typing import NDArray

from moderation.evaluation.measures import threshold_for

PRECISIONS = (0.99, 0.97, 0.95, 0.90)
MAY_REJECT = ("spam", "sexual")
LEAST_REJECT = 0.99  # of 1,500 sentences full of telephone numbers and addresses, 1.1 % reach .98 as spam, 0.5 % .99
MOST_REVIEW = 0.8  # the data is harder than life: waiting for 90 % precision there would miss too much
LEAST_REVIEW_RECALL = 0.05  # a band that catches next to nothing is no place to begin

Floats = NDArray[np.floating]


def bands(truth: NDArray[np.bool_], scores: Floats) -> dict[str, dict[str, float] | None]:
    """For each wanted precision the lowest threshold that reaches it at a false positive rate of at most 1 %."""
    return {str(wanted): _band(truth, scores, wanted) for wanted in PRECISIONS}


def recommended(category: str, found: dict[str, dict[str, float] | None]) -> dict[str, float | None]:
    """Where a policy may begin to review, and to reject without a person; None where it should not.

    Rejecting wants 99 % precision, and a score that texts unlike the training data seldom reach.
    """
    usual, strict = found["0.9"], found["0.99"]
    usable = usual is not None and usual["recall"] >= LEAST_REVIEW_RECALL
    rejects = strict is not None and category in MAY_REJECT
    return {
        "review_from": min(usual["threshold"], MOST_REVIEW) if usual and usable else 0.5,
        "reject_from": max(strict["threshold"], LEAST_REJECT) if strict and rejects else None,
    }


def _band(truth: NDArray[np.bool_], scores: Floats, wanted: float) -> dict[str, float] | None:
    found = threshold_for(truth, scores, wanted)
    if found is None:
        return None
    return {
        "threshold": round(found.threshold, 4),
        "recall": round(found.recall, 4),
        "false_positive_rate": round(found.false_positive_rate, 5),
    }
