"""Turns logits into probabilities, and describes a head on texts it was not trained on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from moderation.evaluation.measures import at_threshold, quality

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
