"""Step 3, one answer of two models: logistic regression over their logits, fitted on texts that neither was shown.

``stack.json`` beside the encoder holds, for each category, weights over the linear logits alone and over linear and
encoder logits together. Both give probabilities: of 100 texts at .8 about 80 are positive in data like the held-out
part of the training. The gate says from which linear-only probability on the encoder is asked.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moderation.detectors.ngrams import Array

FILE = "stack.json"


@dataclass(frozen=True, slots=True)
class Layer:
    """Weights (features, categories) and biases (categories) of one logistic regression a category."""

    weights: Array
    biases: Array

    def probabilities(self, features: Array) -> Array:
        """One row a text, one column a category."""
        logits = features @ self.weights + self.biases
        answer: Array = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        return answer


@dataclass(frozen=True, slots=True)
class Stack:
    """``categories`` name the columns. ``gate`` holds a probability for each: at or above it the text is unsure."""

    version: str
    categories: tuple[str, ...]
    linear_heads: tuple[str, ...]
    encoder_heads: tuple[str, ...]
    linear_only: Layer
    together: Layer
    gate: Array
    meta: dict[str, Any]

    def unsure(self, probabilities: Array) -> Array:
        """Which texts the encoder should read, given what the linear heads alone say: a boolean a text."""
        above: Array = probabilities >= self.gate
        answer: Array = np.any(above, axis=1)
        return answer


def load_stack(folder: Path) -> Stack:
    """Raises FileNotFoundError, KeyError or ValueError when the file is not there or not one."""
    meta = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return Stack(
        version=meta["version"],
        categories=tuple(meta["categories"]),
        linear_heads=tuple(meta["linear_heads"]),
        encoder_heads=tuple(meta["encoder_heads"]),
        linear_only=_layer(meta["linear_only"]),
        together=_layer(meta["together"]),
        gate=np.array(meta["gate"], dtype=np.float32),
        meta=meta,
    )


def _layer(stored: dict[str, Any]) -> Layer:
    return Layer(np.array(stored["weights"], dtype=np.float32), np.array(stored["biases"], dtype=np.float32))
