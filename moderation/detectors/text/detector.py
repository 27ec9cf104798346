"""Step 3, the text detector: linear heads on every text, the transformer where they are unsure, then one answer."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
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
from moderation.detectors.text.adapter import Adapter
from moderation.detectors.text.encoder import Encoder, Encoding, load_encoder
from moderation.detectors.text.outward import DERIVED, outward
from moderation.detectors.text.stack import Stack, load_stack
from moderation.detectors.text.windows import Window, says_something, windows_of

ARTIFACTS = Path(__file__).parents[1] / "artifacts"
MOST_ENCODED = 24  # windows of one text that the transformer reads: the worst by the linear heads
_LINEAR_CHARACTERS = 32_768  # bounds the memory of one pass of the linear heads
_EXPLAINED_WINDOWS = 4
# Whose words explain a category that no linear head stands for.
_EXPLAINED_BY = {
    "harassment/threatening": "threat",
    "hate/threatening": "threat",
    "identity_attack": "hate",
    "sexual/minors": "sexual",
    "illicit/violent": "illicit",
    "self-harm/instructions": "self-harm",
}

_Scores = list[dict[str, float]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the base model says of n windows.

    ``probabilities`` is (n, categories). ``places`` are the windows that the transformer read, in order, ``encoding``
    what it made of them (None: it read none), and ``unsure`` says which of these count in ``probabilities``.
    """

    probabilities: Array
    places: Array
    unsure: Array
    encoding: Encoding | None


class TextDetector(Detector):
    """Options: ``artifacts`` (a folder with ``linear`` and ``encoder``, by default the shipped one); ``encoder``
    (false leaves the transformer out: 80 MB less, and much weaker); ``always_encode`` (true skips the gate);
    ``evidence_from`` (the score from which words are shown, 0 to 1).
    """

    name = "text"
    languages = frozenset({"en"})

    def __init__(self, heads: Heads, stack: Stack, encoder: Encoder | None, evidence_from: float, always: bool) -> None:
        self.categories = frozenset(stack.categories) | DERIVED
        self.version = f"{heads.version}+{stack.version}" + ("" if encoder is None else f"+{encoder.version}")
        self._heads = heads
        self._stack = stack
        self._encoder = encoder
        self._evidence_from = evidence_from
        self._always = always
        self._adapter: Adapter | None = None

    @classmethod
    def build(cls, options: Mapping[str, Any], term_lists: Sequence[TermListSpec]) -> Self:
        """Maps the linear heads, which processes share, and loads the transformer once a process."""
        refuse_unknown_options(cls.name, options, ("artifacts", "encoder", "always_encode", "evidence_from"))
        folder, evidence_from = Path(str(options.get("artifacts", ARTIFACTS))), _evidence_from(options)
        try:
            heads, stack = _heads(folder / "linear"), _stack(folder / "encoder")
            encoder = load_encoder(folder / "encoder") if options.get("encoder", True) else None
        except (OSError, ValueError, KeyError) as error:
            raise DetectorConfigError(
                f"Detector text cannot read its models in {folder}: {error}. "
                "Set options.artifacts to a folder made by `make train`, or leave it out."
            ) from error
        _same_heads(heads, stack, encoder)
        return cls(heads, stack, encoder, evidence_from, bool(options.get("always_encode", False)))

    def detect(self, samples: Sequence[Sample]) -> list[list[Detection]]:
        """Every category of every sample; a long text counts as its worst window."""
        windows = windows_of(samples)
        scores = self._scores(windows)
        worst: _Scores = [dict.fromkeys(self.categories, 0.0) for _ in samples]
        for window, own in zip(windows, scores, strict=True):
            into = worst[window.sample]
            for category, score in own.items():
                into[category] = max(into[category], score)
        evidence = self._evidence(samples, windows, scores)
        return [
            [
                Detection(category, round(score, 4), tuple(evidence.get((index, category), ())))
                for category, score in sorted(own.items())
            ]
            for index, own in enumerate(worst)
        ]

    @property
    def columns(self) -> tuple[str, ...]:
        """The categories that the columns of a Reading stand for."""
        return self._stack.categories

    @property
    def encoder_heads(self) -> tuple[str, ...]:
        """The categories that the transformer's logits stand for."""
        return self._stack.encoder_heads

    @property
    def has_encoder(self) -> bool:
        """Whether the transformer is there; without it nothing can be adapted."""
        return self._encoder is not None

    def with_adapter(self, adapter: Adapter) -> "TextDetector":
        """This detector with a site's lessons; itself, unchanged, where they were made for another base model."""
        if adapter.base_version != self.version or not self.has_encoder:
            return self
        adapted = copy(self)
        adapted.version = f"{self.version}+site-{adapter.number}"
        adapted._adapter = adapter
        return adapted

    def read(self, windows: Sequence[Window], *, everything: bool = False) -> Reading:
        """What the base model says. With ``everything`` the transformer reads also where the linear heads are sure.

        What it makes of those is in the encoding alone: the probabilities are the same either way.
        """
        linear = self._linear([window.text for window in windows])
        probabilities = self._stack.linear_only.probabilities(linear)
        speaking = np.array([says_something(window.text) for window in windows], dtype=bool)
        unsure = speaking if self._always else speaking & self._stack.unsure(probabilities)
        places = self._worst(windows, probabilities, speaking if everything else unsure)
        counted = unsure[places]
        encoding = None
        if self._encoder is not None and len(places):
            encoding = self._encoder.encode([windows[at].text for at in places])
            features = np.concatenate([linear[places[counted]], encoding.logits[counted]], axis=1)
            probabilities[places[counted]] = self._stack.together.probabilities(features)
        probabilities[~speaking] = 0.0
        return Reading(probabilities, places, counted, encoding)

    def _scores(self, windows: Sequence[Window]) -> _Scores:
        """Every category of each window; 0 where there is nothing to read."""
        adapter = self._adapter
        reading = self.read(windows, everything=adapter is not None and adapter.reads_all)
        probabilities, places = reading.probabilities, reading.places
        if adapter is not None and reading.encoding is not None:
            probabilities[places] = adapter.apply(self.columns, probabilities[places], reading.unsure, reading.encoding)
        return [
            outward(dict(zip(self.columns, row, strict=True)), window.text)
            for row, window in zip(probabilities.tolist(), windows, strict=True)
        ]

    def _linear(self, texts: Sequence[str]) -> Array:
        parts = [self._heads.logits(texts[a:b]) for a, b in _passes(texts)]
        logits: Array = np.concatenate(parts) if parts else np.zeros((0, len(self._heads.categories)))
        return logits

    def _worst(self, windows: Sequence[Window], probabilities: Array, wanted: Array) -> Array:
        """The places of the windows that the transformer reads: the wanted ones, of a long text the worst."""
        places = np.flatnonzero(wanted)
        if not any(window.rank >= MOST_ENCODED for window in windows):
            return places
        risk = (probabilities / np.maximum(self._stack.gate, 1e-6)).max(axis=1)
        taken: dict[int, int] = {}
        kept = []
        for place in sorted(places.tolist(), key=lambda at: -risk[at]):
            sample = windows[place].sample
            taken[sample] = taken.get(sample, 0) + 1
            if taken[sample] <= MOST_ENCODED:
                kept.append(place)
        return np.array(sorted(kept), dtype=np.int64)

    def _evidence(
        self, samples: Sequence[Sample], windows: Sequence[Window], scores: _Scores
    ) -> dict[tuple[int, str], list[Evidence]]:
        """By sample and category, the telling words of the windows that score high."""
        heads = {category: at for at, category in enumerate(self._heads.categories)}
        wanted: dict[int, dict[str, int]] = {}
        for at, (window, own) in enumerate(zip(windows, scores, strict=True)):
            shown = {
                category: heads[by]
                for category, score in own.items()
                if score >= self._evidence_from and (by := _EXPLAINED_BY.get(category, category)) in heads
            }
            if shown and window.rank < _EXPLAINED_WINDOWS:
                wanted[at] = shown
        found: dict[tuple[int, str], list[Evidence]] = {}
        places = list(wanted)
        for first, last in _passes([windows[at].text for at in places]):
            part = places[first:last]
            spans = telling_spans(
                self._heads, [windows[at].text for at in part], [sorted(set(wanted[at].values())) for at in part]
            )
            for at, by_head in zip(part, spans, strict=True):
                window = windows[at]
                for category, head in wanted[at].items():
                    found.setdefault((window.sample, category), []).extend(
                        self._spans(category, samples[window.sample], window, by_head.get(head, ()))
                    )
        return found

    def _spans(
        self, category: str, sample: Sample, window: Window, spans: Sequence[tuple[int, int]]
    ) -> Iterator[Evidence]:
        for a, b in spans:
            start, end = original_span(sample.normalised, window.start + a, window.start + b)
            yield Evidence(category, start, end, self.name, "text model")


def _evidence_from(options: Mapping[str, Any]) -> float:
    """The score from which words are shown. Raises DetectorConfigError where it is none."""
    given = options.get("evidence_from", 0.5)
    if not isinstance(given, int | float) or not 0 <= given <= 1:
        raise DetectorConfigError(f"Detector text: evidence_from must be a number from 0 to 1, not {given!r}.")
    return float(given)


@lru_cache(maxsize=4)
def _heads(folder: Path) -> Heads:
    return load_heads(folder)


@lru_cache(maxsize=4)
def _stack(folder: Path) -> Stack:
    return load_stack(folder)


def _same_heads(heads: Heads, stack: Stack, encoder: Encoder | None) -> None:
    """Raises DetectorConfigError when the three files are not of one training."""
    if stack.linear_heads != heads.categories or (encoder is not None and stack.encoder_heads != encoder.heads):
        raise DetectorConfigError(
            "Detector text: stack.json was made for other models than those beside it. Run `make train` again."
        )


def _passes(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    first, characters = 0, 0
    for index, text in enumerate(texts):
        if characters + len(text) > _LINEAR_CHARACTERS and index > first:
            yield first, index
            first, characters = index, 0
        characters += len(text)
    if first < len(texts):
        yield first, len(texts)
