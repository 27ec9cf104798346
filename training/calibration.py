"""Describes a head on texts it was not trained on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from moderation.evaluation.measures import at_threshold, quality

Floats = NDArray[np.floating]


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
