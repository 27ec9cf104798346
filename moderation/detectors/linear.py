"""Step 3, the linear detector: logistic heads over hashed n-grams, calibrated, for every text."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np

from moderation.detectors.base import (
    Detection,
    Detector,
    DetectorConfigError,
    Evidence,
    Sample,
    TermListSpec,
    refuse_unknown_options,
)
from moderation.detectors.explain import telling_spans
from moderation.detectors.heads import Heads, load_heads
from moderation.detectors.ngrams import Array
from moderation.detectors.normalise import original_span

SHIPPED = Path(__file__).parent / "artifacts" / "linear"
WINDOW = 1_000  # characters of normalised text read as one: longer texts would dilute what is in them
_WHOLE = 1_500  # up to here a text is read as one window
_BATCH_CHARACTERS = 32_768  # bounds the memory of one pass
_EXPLAINED_WINDOWS = 4


class LinearDetector(Detector):
    """Options: ``artifact`` (a folder, by default the shipped one); ``evidence_from`` (the score that shows spans)."""

    name = "linear"

    def __init__(self, heads: Heads, evidence_from: float) -> None:
        self.version = heads.version
        self.categories = frozenset(heads.categories)
        self._heads = heads
        self._evidence_from = evidence_from

    @classmethod
    def build(cls, options: Mapping[str, Any], term_lists: Sequence[TermListSpec]) -> Self:
        """Maps the artifact; processes on one machine share its memory."""
        refuse_unknown_options(cls.name, options, ("artifact", "evidence_from"))
        folder = Path(options.get("artifact", SHIPPED))
        try:
            heads = _heads(folder)
        except (OSError, ValueError, KeyError) as error:
            raise DetectorConfigError(
                f"Detector linear cannot read its model in {folder}: {error}. "
                "Set options.artifact to a folder made by training.train_linear, or leave it out."
            ) from error
        return cls(heads, float(options.get("evidence_from", 0.5)))

    def detect(self, samples: Sequence[Sample]) -> list[list[Detection]]:
        """Every category of every sample; a long text counts as its worst window."""
        windows = [list(_windows(sample)) for sample in samples]
        texts = [s.normalised.text[a:b] for s, own in zip(samples, windows, strict=True) for a, b in own]
        scores = self._scores(texts)
        answers = []
        first = 0
        for sample, own in zip(samples, windows, strict=True):
            answers.append(self._detections(sample, own, scores[first : first + len(own)]))
            first += len(own)
        return answers

    def _detections(self, sample: Sample, windows: list[tuple[int, int]], scores: Array) -> list[Detection]:
        worst = scores[0] if len(windows) == 1 else scores.max(axis=0)
        detections = []
        for head, score in enumerate(worst.round(4).tolist()):
            evidence: tuple[Evidence, ...] = ()
            if score >= self._evidence_from:
                notable = [windows[at] for at in np.flatnonzero(scores[:, head] >= self._evidence_from)]
                evidence = tuple(self._evidence(sample, notable[:_EXPLAINED_WINDOWS], head))
            detections.append(Detection(self._heads.categories[head], score, evidence))
        return detections

    def _scores(self, texts: Sequence[str]) -> Array:
        """Calibrated scores of windows, computed in passes of bounded size."""
        parts = [self._heads.calibrate(self._heads.logits(texts[a:b])) for a, b in _passes(texts)]
        return np.concatenate(parts) if parts else np.zeros((0, len(self._heads.categories)))

    def _evidence(self, sample: Sample, windows: Sequence[tuple[int, int]], head: int) -> Iterator[Evidence]:
        for start, end in windows:
            for first, last in telling_spans(self._heads, sample.normalised.text[start:end], head):
                span = original_span(sample.normalised, start + first, start + last)
                yield Evidence(self._heads.categories[head], *span, self.name, "linear model")


@lru_cache(maxsize=4)
def _heads(folder: Path) -> Heads:
    return load_heads(folder)


def _windows(sample: Sample) -> Iterator[tuple[int, int]]:
    """One window for most texts; long ones are cut at spaces near WINDOW."""
    text = sample.normalised.text
    start = 0
    while len(text) - start > _WHOLE:
        cut = text.rfind(" ", start + WINDOW // 2, start + WINDOW)
        end = cut if cut > 0 else start + WINDOW
        yield start, end
        start = end
    yield start, len(text)


def _passes(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    first, characters = 0, 0
    for index, text in enumerate(texts):
        if characters + len(text) > _BATCH_CHARACTERS and index > first:
            yield first, index
            first, characters = index, 0
        characters += len(text)
    if first < len(texts):
        yield first, len(texts)
