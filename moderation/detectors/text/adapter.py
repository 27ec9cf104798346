"""Step 3, what one site has taught: a small head a category over what the transformer read, on top of the base score.

A head answers ``slope * logit(base) + features . weights + bias``, where the features are the transformer's embedding
and logits. With a slope of 1 and weights of 0 it is the base model.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from moderation.detectors.ngrams import Array
from moderation.detectors.text.encoder import Encoding
from moderation.enums import Category

# What a moderator's reason tells of. It does not tell severe from mild or intent from instruction: those finer kinds,
# and those that are made of others, follow their parents.
TEACHABLE = tuple(
    category.value
    for category in (
        Category.TOXICITY,
        Category.INSULT,
        Category.PROFANITY,
        Category.HARASSMENT,
        Category.HATE,
        Category.THREAT,
        Category.VIOLENCE,
        Category.SEXUAL,
        Category.SELF_HARM,
        Category.ILLICIT,
        Category.SPAM,
    )
)
_SMALLEST = 1e-4  # a base probability nearer to 0 or 1 counts as this: no lesson could move it else
_DIGITS = 6


def features_of(encoding: Encoding) -> Array:
    """One row a text: the embedding, then the logits."""
    answer: Array = np.concatenate([encoding.embeddings, encoding.logits], axis=1)
    return answer


def logit(probabilities: Array) -> Array:
    """The inverse of ``sigmoid``, bounded."""
    inner = np.clip(probabilities, _SMALLEST, 1 - _SMALLEST)
    answer: Array = np.log(inner / (1 - inner))
    return answer


def sigmoid(logits: Array) -> Array:
    """Logits as probabilities."""
    answer: Array = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
    return answer


@dataclass(frozen=True, slots=True)
class AdapterHead:
    """One category's lesson. ``weights`` has one entry a feature.

    With ``everywhere`` it needs the transformer to read every text, not only those that the base model is unsure of.
    """

    category: str
    slope: float
    bias: float
    weights: Array
    everywhere: bool = False

    def probabilities(self, base: Array, features: Array) -> Array:
        """``base`` (n) are the base model's probabilities of the category, ``features`` (n, features)."""
        return sigmoid(self.slope * logit(base) + features @ self.weights + self.bias)

    def to_json(self) -> dict[str, Any]:
        """As ``Adapter.load`` reads it."""
        return {
            "category": self.category,
            "everywhere": self.everywhere,
            "slope": round(float(self.slope), _DIGITS),
            "bias": round(float(self.bias), _DIGITS),
            "weights": [round(float(weight), _DIGITS) for weight in self.weights],
        }


@dataclass(frozen=True, slots=True)
class Adapter:
    """The heads of one training, for the one base model whose version is ``base_version``."""

    number: int
    base_version: str
    heads: tuple[AdapterHead, ...]

    @classmethod
    def load(cls, number: int, base_version: str, heads: Sequence[Mapping[str, Any]]) -> Self:
        """From what ``AdapterHead.to_json`` made."""
        loaded = [AdapterHead(**{**one, "weights": np.array(one["weights"], dtype=np.float32)}) for one in heads]
        return cls(number, base_version, tuple(loaded))

    @property
    def reads_all(self) -> bool:
        """Whether the transformer must read every text."""
        return any(head.everywhere for head in self.heads)

    def apply(self, categories: Sequence[str], probabilities: Array, unsure: Array, encoding: Encoding) -> Array:
        """``probabilities`` (n, categories) of n texts that the transformer read, with those of the heads replaced.

        ``unsure`` (n) says which texts it would have read anyway: a head that is not for ``everywhere`` keeps to them.
        """
        answer: Array = probabilities.copy()
        features = features_of(encoding)
        for head in self.heads:
            column = categories.index(head.category)
            lesson = head.probabilities(probabilities[:, column], features)
            answer[:, column] = lesson if head.everywhere else np.where(unsure, lesson, probabilities[:, column])
        return answer
