"""Cuts a text into sentences for the spans: at ends of sentences and of lines, never within a character."""

import re
import unicodedata
from collections.abc import Iterator

MOST = 64  # spans; each is read by every detector, so a text of thousands of dots is cut into so many parts
# A run of closing marks, with quotes and brackets after it, before a space; or of marks that need none; or line ends.
# Possessive: a run is never given back a mark at a time, and whether a space follows is looked at by hand, so that a
# run without one is passed over once.
_END = re.compile(
    r"(?P<before_space>[.!?\u2026\u203c-\u2049\u061f\u06d4\u0964\u0965\u1362]++[\"')\]}\u2019\u201d\u00bb]*+)"
    r"|[\u3002\uff01\uff1f\uff61]++[\"')\]}\u2019\u201d\u300d\u300f\uff09]*+"
    r"|[\r\n\u2028\u2029]++"
)
_ABBREVIATED = frozenset(
    {
        "mr", "mrs", "ms", "dr", "prof", "sr", "jr", "st", "vs", "etc", "eg", "ie", "e.g", "i.e", "u.s", "u.k", "fig",
        "inc", "ltd",
    }
)  # fmt: skip
_LONGEST_ABBREVIATION = 12


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence begins and ends (exclusive), in code points, without the space around it; 64 at most."""
    found = [span for span in _trimmed(text) if span[0] < span[1]]
    if len(found) <= MOST:
        return found
    size = -(-len(found) // MOST)
    return [(found[at][0], found[min(at + size, len(found)) - 1][1]) for at in range(0, len(found), size)]


def _trimmed(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _cut(text):
        piece = text[start:end]
        yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _cut(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _END.finditer(text):
        end = mark.end()
        if mark["before_space"] and not text[end : end + 1].isspace():
            continue
        if _continues(text, end) or (mark[0] == "." and _is_abbreviation(text, mark.start())):
            continue
        yield start, end
        start = end
    yield start, len(text)


def _continues(text: str, at: int) -> bool:
    """Whether what follows belongs to the character before it: a combining mark, a variation selector, a joiner."""
    return at < len(text) and (text[at] == "\u200d" or unicodedata.category(text[at]).startswith("M"))


def _is_abbreviation(text: str, at: int) -> bool:
    """Whether the dot at ``at`` closes a title, an initial or another short form rather than a sentence."""
    before = text[max(0, at - _LONGEST_ABBREVIATION) : at].split()
    word = before[-1].lstrip("\"'([{\u2018\u201c").lower() if before else ""
    return word in _ABBREVIATED or (len(word) == 1 and word.isalpha() and word != "i")
