"""Fits one head: ridge logistic regression by Newton's method, with the base model's answer as its starting point.

The penalty draws the correction to nothing, not the answer to one half: with few examples the head stays near base.
"""

from dataclasses import dataclass

import numpy as np

from moderation.detectors.ngrams import Array
from moderation.detectors.text.adapter import AdapterHead, sigmoid

RIDGE = 300.0  # on standardised features, against the number of examples: more lets few examples win by chance
_FREE = 1e-3  # the bias bears next to no penalty
_MOST_STEPS = 25
_ENOUGH = 1e-4  # relative improvement of the loss at which it stops
_HALVINGS = 8


@dataclass(frozen=True, slots=True)
class Correction:
    """What is added to the base model's logit: ``features @ weights + bias``."""

    weights: Array
    bias: float

    def logits(self, base_logits: Array, features: Array) -> Array:
        """The corrected logits, not calibrated."""
        answer: Array = base_logits + features @ self.weights + self.bias
        return answer


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt's two numbers: a probability is the sigmoid of ``slope * logit + bias``."""

    slope: float
    bias: float

    def probabilities(self, logits: Array) -> Array:
        return sigmoid(self.slope * logits + self.bias)


def fit_correction(features: Array, base_logits: Array, truth: Array, weights: Array) -> Correction:
    """``truth`` (n) is 0 or 1, ``weights`` (n) how much each window counts."""
    middle, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
    inputs = np.concatenate([(features - middle) / spread, np.ones((len(features), 1))], axis=1).astype(np.float32)
    penalty = np.append(np.full(features.shape[1], RIDGE), _FREE)
    found = _newton(inputs, base_logits, truth, weights, penalty)
    unscaled = found[:-1] / spread
    return Correction(unscaled.astype(np.float32), float(found[-1] - unscaled @ middle))


def fit_calibration(logits: Array, truth: Array) -> Calibration:
    """On logits that the head gave to examples it was not fitted on. A slope is never negative."""
    inputs = np.stack([logits, np.ones(len(logits))], axis=1)
    found = _newton(inputs, logits, truth, np.ones(len(truth)), np.array([1.0, _FREE]))
    return Calibration(max(0.0, 1.0 + float(found[0])), float(found[1]))


def head_of(category: str, correction: Correction, calibration: Calibration) -> AdapterHead:
    """Both as one head, as it is applied."""
    bias = calibration.slope * correction.bias + calibration.bias
    return AdapterHead(category, calibration.slope, bias, calibration.slope * correction.weights)


def _newton(inputs: Array, offset: Array, truth: Array, weights: Array, penalty: Array) -> Array:
    """The coefficients with the least penalised log-loss of ``sigmoid(offset + inputs @ coefficients)``."""
    found = np.zeros(inputs.shape[1])
    loss = _loss(found, inputs, offset, truth, weights, penalty)
    for _ in range(_MOST_STEPS):
        probabilities = sigmoid(offset + inputs @ found)
        gradient = inputs.T @ (weights * (probabilities - truth)) + penalty * found
        curvature = (weights * probabilities * (1 - probabilities)).astype(inputs.dtype)
        step = np.linalg.solve(inputs.T @ (inputs * curvature[:, None]) + np.diag(penalty), gradient)
        # Far from the goal a whole step may lead away from it.
        for size in 0.5 ** np.arange(_HALVINGS):
            nearer = _loss(found - size * step, inputs, offset, truth, weights, penalty)
            if nearer < loss:
                break
        else:
            return found
        found, improvement, loss = found - size * step, loss - nearer, nearer
        if improvement < _ENOUGH * abs(loss):
            return found
    return found


def _loss(found: Array, inputs: Array, offset: Array, truth: Array, weights: Array, penalty: Array) -> float:
    logits = offset + inputs @ found
    return float(weights @ (np.logaddexp(0, logits) - truth * logits) + 0.5 * penalty @ (found * found))
