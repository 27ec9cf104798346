"""Step 3, long texts in pieces: what stands in one sentence of a thousand must not be averaged away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from moderation.detectors.base import Sample

WHOLE = 600  # characters of normalised text read as one
LENGTH = 450  # of a piece of a longer text
_FEWEST_LETTERS = 3  # "." or "I" holds a handful of n-grams and no meaning: whatever they weigh, it says nothing


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of one sample's normalised text: which sample, the how-manieth piece, where it starts."""

    sample: int
    rank: int
    start: int
    text: str


def windows_of(samples: Sequence[Sample]) -> list[Window]:
    """Every piece of every sample, in order."""
    return [window for index, sample in enumerate(samples) for window in _windows(index, sample.normalised.text)]


def says_something(text: str) -> bool:
    """Whether a normalised text holds letters enough, of any script; digits, signs and emoji are none."""
    return len(list(islice(filter(str.isalpha, text), _FEWEST_LETTERS))) == _FEWEST_LETTERS


def _windows(index: int, text: str) -> Iterator[Window]:
    """One window for most texts; long ones are cut at spaces near LENGTH."""
    start = rank = 0
    while len(text) - start > WHOLE:
        cut = text.rfind(" ", start + LENGTH // 2, start + LENGTH)
        end = cut if cut > 0 else start + LENGTH
        yield Window(index, rank, start, text[start:end])
        start, rank = end, rank + 1
    yield Window(index, rank, start, text[start:] if start else text)
