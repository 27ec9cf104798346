"""Step 3, the linear detector: logistic heads over hashed n-grams, calibrated, for every text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
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
_FEWEST_LETTERS = 3  # "." or "I" holds a handful of n-grams and no meaning: whatever they weigh, it says nothing


@dataclass(frozen=True, slots=True)
class _Window:
    """A piece of one sample's normalised text: which sample, the how-manieth piece, where it starts."""

    sample: int
    rank: int
    start: int
    text: str


class LinearDetector(Detector):
    """Options: ``artifact`` (a folder, by default the shipped one); ``evidence_from`` (the score that shows spans)."""

    name = "linear"
    languages = frozenset({"en"})

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
        windows = [window for index, sample in enumerate(samples) for window in _windows(index, sample)]
        scores = self._scores([window.text for window in windows])
        worst = np.zeros((len(samples), len(self._heads.categories)))
        np.maximum.at(worst, [window.sample for window in windows], scores)
        evidence = self._evidence(samples, windows, scores)
        return [
            [
                Detection(category, score, tuple(evidence.get((index, head), ())))
                for head, (category, score) in enumerate(zip(self._heads.categories, row, strict=True))
            ]
            for index, row in enumerate(worst.round(4).tolist())
        ]

    def _scores(self, texts: Sequence[str]) -> Array:
        """Calibrated scores of windows, computed in passes of bounded size; 0 where there is nothing to read."""
        parts = [self._heads.calibrate(self._heads.logits(texts[a:b])) for a, b in _passes(texts)]
        scores: Array = np.concatenate(parts) if parts else np.zeros((0, len(self._heads.categories)))
        scores[[not _says_something(text) for text in texts]] = 0.0
        return scores

    def _evidence(
        self, samples: Sequence[Sample], windows: Sequence[_Window], scores: Array
    ) -> dict[tuple[int, int], list[Evidence]]:
        """By sample and head, the telling words of the windows that score high."""
        wanted: dict[int, list[int]] = {}
        for at, head in np.argwhere(scores >= self._evidence_from).tolist():
            if windows[at].rank < _EXPLAINED_WINDOWS:
                wanted.setdefault(at, []).append(head)
        shown = [windows[at] for at in wanted]
        found: dict[tuple[int, int], list[Evidence]] = {}
        for first, last in _passes([window.text for window in shown]):
            part = shown[first:last]
            spans = telling_spans(self._heads, [window.text for window in part], list(wanted.values())[first:last])
            for window, by_head in zip(part, spans, strict=True):
                normalised = samples[window.sample].normalised
                for head, own in by_head.items():
                    evidence = found.setdefault((window.sample, head), [])
                    for a, b in own:
                        span = original_span(normalised, window.start + a, window.start + b)
                        evidence.append(Evidence(self._heads.categories[head], *span, self.name, "linear model"))
        return found


@lru_cache(maxsize=4)
def _heads(folder: Path) -> Heads:
    return load_heads(folder)


def _windows(index: int, sample: Sample) -> Iterator[_Window]:
    """One window for most texts; long ones are cut at spaces near WINDOW."""
    text = sample.normalised.text
    start = rank = 0
    while len(text) - start > _WHOLE:
        cut = text.rfind(" ", start + WINDOW // 2, start + WINDOW)
        end = cut if cut > 0 else start + WINDOW
        yield _Window(index, rank, start, text[start:end])
        start, rank = end, rank + 1
    yield _Window(index, rank, start, text[start:] if start else text)


def _says_something(text: str) -> bool:
    """Whether a normalised text holds letters enough, of any script; digits, signs and emoji are none."""
    return len(list(islice(filter(str.isalpha, text), _FEWEST_LETTERS))) == _FEWEST_LETTERS


def _passes(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    first, characters = 0, 0
    for index, text in enumerate(texts):
        if characters + len(text) > _BATCH_CHARACTERS and index > first:
            yield first, index
            first, characters = index, 0
        characters += len(text)
    if first < len(texts):
        yield first, len(texts)
