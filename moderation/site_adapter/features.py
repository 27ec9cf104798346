"""The text model reads the examples, as it would when serving: in batches, and no longer than it may."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from moderation.detectors.base import Sample
from moderation.detectors.language import ASSUMED, identify
from moderation.detectors.ngrams import Array
from moderation.detectors.normalise import normalise
from moderation.detectors.text.adapter import features_of
from moderation.detectors.text.detector import TextDetector
from moderation.detectors.text.windows import windows_of
from moderation.site_adapter.examples import Example

MOST_WINDOWS = 16_000  # of all examples: 26 MB of features
_BATCH = 64


@dataclass(frozen=True, slots=True)
class Lessons:
    """The examples that were read, and their windows as the transformer saw them, flat.

    ``owners`` (n) says whose window it is, ``features`` is (n, features), ``base`` (n, categories) what the base model
    says of it when serving, ``unsure`` (n) whether the transformer would read it then. ``rest`` (examples, categories)
    is the highest base score among windows that the transformer never reads.
    """

    examples: tuple[Example, ...]
    owners: Array
    features: Array
    base: Array
    unsure: Array
    rest: Array
    left_out: int


def read_examples(detector: TextDetector, examples: Sequence[Example], *, seconds: float) -> Lessons:
    """Reads as many as ``seconds`` and MOST_WINDOWS allow, in order; ``left_out`` says how many were too many.

    Texts in a language that the detector does not read are left out silently: it will not be asked about them.
    """
    until = time.monotonic() + seconds
    parts: list[Lessons] = []
    windows = taken = 0
    for first in range(0, len(examples), _BATCH):
        if windows >= MOST_WINDOWS or time.monotonic() > until:
            break
        parts.append(_read(detector, examples[first : first + _BATCH]))
        windows += len(parts[-1].owners)
        taken = first + _BATCH
    return _joined(detector, parts, max(0, len(examples) - taken))


def _read(detector: TextDetector, examples: Sequence[Example]) -> Lessons:
    samples = [_sample(example) for example in examples]
    kept = [at for at, sample in enumerate(samples) if _reads(detector, sample)]
    windows = windows_of([samples[at] for at in kept])
    reading = detector.read(windows, everything=True)
    own = np.array([window.sample for window in windows], dtype=np.int64)
    unread = np.ones(len(windows), dtype=bool)
    unread[reading.places] = False
    rest = np.zeros((len(kept), len(detector.columns)), dtype=np.float32)
    np.maximum.at(rest, own[unread], reading.probabilities[unread])
    features = np.zeros((0, 0), dtype=np.float32) if reading.encoding is None else features_of(reading.encoding)
    return Lessons(
        examples=tuple(examples[at] for at in kept),
        owners=own[reading.places],
        features=features,
        base=reading.probabilities[reading.places],
        unsure=reading.unsure,
        rest=rest,
        left_out=0,
    )


def _joined(detector: TextDetector, parts: Sequence[Lessons], left_out: int) -> Lessons:
    starts = np.cumsum([0, *(len(part.examples) for part in parts)])
    columns = len(detector.columns)
    told = [part for part in parts if len(part.owners)]
    width = told[0].features.shape[1] if told else 0
    return Lessons(
        examples=tuple(example for part in parts for example in part.examples),
        owners=_stacked([part.owners + start for part, start in zip(parts, starts, strict=False)], (0,)).astype(int),
        features=_stacked([part.features for part in told], (0, width)),
        base=_stacked([part.base for part in told], (0, columns)),
        unsure=_stacked([part.unsure for part in told], (0,)).astype(bool),
        rest=_stacked([part.rest for part in parts], (0, columns)),
        left_out=left_out,
    )


def _stacked(parts: Sequence[Array], empty: tuple[int, ...]) -> Array:
    answer: Array = np.concatenate(parts) if parts else np.zeros(empty, dtype=np.float32)
    return answer


def _sample(example: Example) -> Sample:
    normalised = normalise(example.text)
    found = identify(example.text, normalised.text, example.language)
    return Sample(example.text, normalised, found.language, found.also_in)


def _reads(detector: TextDetector, sample: Sample) -> bool:
    return not detector.languages or bool(detector.languages & {sample.language or ASSUMED, *sample.also_in})
