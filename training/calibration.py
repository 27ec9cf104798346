"""Turns logits into probabilities, and finds the bands a policy can act on, on texts a head was not trained on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from training.measures import at_threshold, quality, threshold_for

PRECISIONS = (0.99, 0.97, 0.95, 0.90)
MAY_REJECT = ("spam", "sexual")
LEAST_REJECT = 0.99  # of 1,500 sentences full of telephone numbers and addresses, 1.5 % reach .98 as spam, 0.7 % .99
MOST_REVIEW = 0.8  # the data is harder than life: waiting for 90 % precision there would miss too much
_POINTS = 65

Floats = NDArray[np.floating]


def platt_knots(logits: Floats, truth: NDArray[np.int8], weights: Floats, seed: int) -> tuple[Floats, Floats]:
    """Platt's sigmoid, as points to interpolate between: logits and the probability at each."""
    platt = LogisticRegression(C=1e6, random_state=seed).fit(logits.reshape(-1, 1), truth, sample_weight=weights)
    points = np.linspace(min(logits.min(), -8), max(logits.max(), 8), _POINTS).round(4)
    return points, platt.predict_proba(points.reshape(-1, 1))[:, 1].round(5)


def reliability(truth: NDArray[np.int8], scores: Floats) -> list[dict[str, float]]:
    """What share of the texts in each tenth of the scale is positive: equal to the mean score where calibrated."""
    tenths = np.minimum((scores * 10).astype(int), 9)
    return [
        {
            "mean_score": round(float(scores[tenths == tenth].mean()), 3),
            "positive": round(float(truth[tenths == tenth].mean()), 3),
            "texts": int((tenths == tenth).sum()),
        }
        for tenth in range(10)
        if (tenths == tenth).any()
    ]


def bands(truth: NDArray[np.bool_], scores: Floats) -> dict[str, dict[str, float] | None]:
    """For each wanted precision the lowest threshold that reaches it at a false positive rate of at most 1 %."""
    return {str(wanted): _band(truth, scores, wanted) for wanted in PRECISIONS}


def recommended(category: str, found: dict[str, dict[str, float] | None]) -> dict[str, float | None]:
    """Where a policy may begin to review, and to reject without a person; None where it should not.

    Rejecting wants 99 % precision, and a score that texts unlike the training data seldom reach.
    """
    usual, strict = found["0.9"], found["0.99"]
    rejects = strict is not None and category in MAY_REJECT
    return {
        "review_from": min(usual["threshold"], MOST_REVIEW) if usual else 0.5,
        "reject_from": max(strict["threshold"], LEAST_REJECT) if strict and rejects else None,
    }


def described(truth: NDArray[np.bool_], scores: Floats) -> dict[str, Any]:
    """Everything the model card tells of one head."""
    ranking, middle = quality(truth, scores), at_threshold(truth, scores, 0.5)
    return {
        "positives": ranking.positives,
        "negatives": ranking.negatives,
        "auprc": round(ranking.auprc, 4),
        "roc": round(ranking.roc, 4),
        "at_0.5": {
            "precision": round(middle.precision, 4),
            "recall": round(middle.recall, 4),
            "false_positive_rate": round(middle.false_positive_rate, 5),
        },
        "reliability": reliability(truth.astype(np.int8), scores),
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
