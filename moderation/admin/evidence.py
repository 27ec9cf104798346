"""A text cut at its evidence, so that a template can mark what the detectors saw and still escape every piece."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_

MOST_SPANS = 500

# A span's category, and what private thing it holds.
_Mark = tuple[str, str]

# Characters that a reader cannot see. Joiners are left out: emoji and several scripts need them.
_HIDDEN = {
    N_("text direction"): "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069",
    N_("zero width"): "\u00ad\u180e\u200b\u2060-\u2064\ufeff",
    N_("tag or control"): "\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\U000e0000-\U000e007f",
}
_HIDDEN_PATTERNS = {kind: re.compile(f"[{characters}]") for kind, characters in _HIDDEN.items()}


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the text, the categories of which it is evidence, and what must be covered there, if anything."""

    text: str
    categories: tuple[str, ...] = ()
    private: str = ""


def split_at_evidence(text: str, evidence: Iterable[Mapping[str, Any]]) -> list[Segment]:
    """The whole text in order. Spans count code points of the original, may overlap, and are cut to the text.

    A span may say with ``private`` what it holds that is not for every eye; its pieces say so too.
    """
    # What must be covered is never left out for the number of the other spans.
    ranked = sorted(evidence, key=lambda span: not span.get("private"))
    changes: dict[int, list[tuple[_Mark, int]]] = {0: [], len(text): []}
    for span in ranked[:MOST_SPANS]:
        start, end = max(0, span["start"]), min(len(text), span["end"])
        if start < end:
            mark = (span["category"], span.get("private", ""))
            changes.setdefault(start, []).append((mark, 1))
            changes.setdefault(end, []).append((mark, -1))
    return _merged(_pieces(text, changes))


def _pieces(text: str, changes: dict[int, list[tuple[_Mark, int]]]) -> Iterable[Segment]:
    counts: dict[_Mark, int] = {}
    for start, end in pairwise(sorted(changes)):
        for mark, step in changes[start]:
            counts[mark] = counts.get(mark, 0) + step
        marks = [mark for mark, count in counts.items() if count]
        categories = tuple(sorted({category for category, _ in marks}))
        yield Segment(text[start:end], categories, max((private for _, private in marks), default=""))


def _merged(pieces: Iterable[Segment]) -> list[Segment]:
    merged: list[Segment] = []
    for piece in pieces:
        if merged and (merged[-1].categories, merged[-1].private) == (piece.categories, piece.private):
            merged[-1] = Segment(merged[-1].text + piece.text, piece.categories, piece.private)
        else:
            merged.append(piece)
    return merged


def count_hidden_characters(text: str) -> dict[str, int]:
    """Kind to number of the characters that a reader cannot see, as disguises use them; only kinds that occur."""
    counts = {kind: len(pattern.findall(text)) for kind, pattern in _HIDDEN_PATTERNS.items()}
    return {gettext(kind): count for kind, count in counts.items() if count}
