"""Samples and small detectors that fail on purpose: real ones, run by the real panel."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self

import pytest

from moderation.detectors.base import Detection, Detector, Sample, TermListSpec
from moderation.detectors.normalise import normalise
from moderation.enums import Category


@pytest.fixture
def sample() -> Callable[[str], Sample]:
    """A text as the panel hands it to a detector."""
    return lambda text: Sample(text, normalise(text))


class Marker(Detector):
    """Scores a text that holds its word; a text that holds "poison" makes it fail in the way its kind says."""

    name = "marker"
    version = "marker-1"

    def __init__(
        self, word: str = "mark", *, kind: str = "", category: str = Category.INSULT.value, score: float = 0.7
    ) -> None:
        self.categories = frozenset({category})
        self._word, self._kind, self._score = word, kind, score
        self.batches: list[int] = []

    @classmethod
    def build(cls, options: Mapping[str, Any], term_lists: Sequence[TermListSpec]) -> Self:
        return cls(**options)

    def detect(self, samples: Sequence[Sample]) -> list[list[Detection]]:
        self.batches.append(len(samples))
        if any("poison" in sample.text for sample in samples):
            self._fail()
        (category,) = self.categories
        return [[Detection(category, self._score)] if self._word in sample.text else [] for sample in samples]

    def _fail(self) -> None:
        if self._kind == "hangs":
            time.sleep(1.5)
        if self._kind == "raises":
            raise ZeroDivisionError("a message that quotes the poison")


@pytest.fixture(params=[False, True], ids=["alone", "quick"])
def marker(request) -> type[Marker]:
    """The detector class above, asked by itself and among the quick ones."""
    return type("Marker", (Marker,), {"quick": request.param})
