"""A text as the detectors read it: disguises undone, what was changed marked, what is covered left covered."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from moderation.admin.evidence import Segment
from moderation.detectors.normalise import normalise, original_span

# A reader sees from this much how a text is disguised; and a page is made in little time.
MOST_CHARACTERS = 5000
_WORDS = re.compile(r"\S+")
_COVERED = "•"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the reading; ``is_changed``: the original says it in other letters."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The text as it is read. ``changed`` counts the words that were written in disguise, or just unusually."""

    pieces: list[Piece]
    changed: int
    is_cut: bool


def read_plainly(text: str, segments: Iterable[Segment]) -> Reading:
    """The reading of the text's beginning; ``segments`` are its pieces in order and say what is private."""
    read = normalise(text[:MOST_CHARACTERS])
    private = _private_spans(segments)
    pieces: list[Piece] = []
    position = 0
    for word in _WORDS.finditer(read.text):
        start, end = original_span(read, *word.span())
        shown = _COVERED * len(word[0]) if _overlaps(private, start, end) else word[0]
        is_changed = shown == word[0] and text[start:end].casefold() != word[0]
        pieces += [Piece(read.text[position : word.start()]), Piece(shown, is_changed)]
        position = word.end()
    return Reading(_merged(pieces), sum(piece.is_changed for piece in pieces), len(text) > MOST_CHARACTERS)


def _private_spans(segments: Iterable[Segment]) -> list[tuple[int, int]]:
    spans, position = [], 0
    for segment in segments:
        if segment.private:
            spans.append((position, position + len(segment.text)))
        position += len(segment.text)
    return spans


def _overlaps(spans: list[tuple[int, int]], start: int, end: int) -> bool:
    return any(start < last and first < end for first, last in spans)


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Pieces that stand as they were written, joined."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and not piece.is_changed and not merged[-1].is_changed:
            merged[-1] = Piece(merged[-1].text + piece.text)
        else:
            merged.append(piece)
    return merged
