"""A text cut at its evidence, so that a template can mark what the detectors saw and still escape every piece."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

MOST_SPANS = 500

# Characters that a reader cannot see. Joiners are left out: emoji and several scripts need them.
_HIDDEN = {
    "text direction": "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    "zero width": "\u00ad\u180e\u200b\u2060-\u2064\ufeff",
    "tag or control": "\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\U000e0000-\U000e007f",
}
_HIDDEN_PATTERNS = {kind: re.compile(f"[{characters}]") for kind, characters in _HIDDEN.items()}


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the text, and the categories of which it is evidence."""

    text: str
    categories: tuple[str, ...] = ()


def split_at_evidence(text: str, evidence: Iterable[Mapping[str, Any]]) -> list[Segment]:
    """The whole text in order. Spans count code points of the original, may overlap, and are cut to the text."""
    spans = [
        (max(0, span["start"]), min(len(text), span["end"]), span["category"])
        for span, _ in zip(evidence, range(MOST_SPANS), strict=False)
    ]
    changes: dict[int, list[tuple[str, int]]] = {0: [], len(text): []}
    for start, end, category in spans:
        if start < end:
            changes.setdefault(start, []).append((category, 1))
            changes.setdefault(end, []).append((category, -1))
    return _merged(_pieces(text, changes))


def _pieces(text: str, changes: dict[int, list[tuple[str, int]]]) -> Iterable[Segment]:
    open_spans: dict[str, int] = {}
    for start, end in pairwise(sorted(changes)):
        for category, step in changes[start]:
            open_spans[category] = open_spans.get(category, 0) + step
        yield Segment(text[start:end], tuple(sorted(name for name, count in open_spans.items() if count)))


def _merged(pieces: Iterable[Segment]) -> list[Segment]:
    merged: list[Segment] = []
    for piece in pieces:
        if merged and merged[-1].categories == piece.categories:
            merged[-1] = Segment(merged[-1].text + piece.text, piece.categories)
        else:
            merged.append(piece)
    return merged


def count_hidden_characters(text: str) -> dict[str, int]:
    """Kind to number of the characters that a reader cannot see, as disguises use them; only kinds that occur."""
    counts = {kind: len(pattern.findall(text)) for kind, pattern in _HIDDEN_PATTERNS.items()}
    return {kind: count for kind, count in counts.items() if count}
