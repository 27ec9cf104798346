"""Where spans lie: counted in UTF-16 code units, as JavaScript, Java and C# index their strings.

Perspective never wrote down its unit and its examples are plain ASCII. Its clients cut the comment with ``substring``
or ``slice``, so code units are what makes the cut right: an emoji beyond the basic plane counts two, a combining mark
one, CR and LF one each.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Self

_LAST_OF_BASIC_PLANE = "\uffff"


class Utf16:
    """Converts between code points and UTF-16 code units of one text."""

    def __init__(self, text: str) -> None:
        # The places of the characters that take two units; most texts have few or none.
        self._wide = [] if text.isascii() else [i for i, c in enumerate(text) if c > _LAST_OF_BASIC_PLANE]

    def of(self, index: int) -> int:
        """The code unit at which the code point ``index`` begins."""
        return index + bisect_left(self._wide, index)


class ReadText:
    """A text as it is read, and where each of its characters stood in what was sent.

    ``begins[i]`` and ``ends[i]`` are the code points of what was sent that character i of ``text`` was made of.
    """

    __slots__ = ("_begins", "_ends", "_utf16", "text")

    def __init__(self, text: str, begins: Sequence[int], ends: Sequence[int], sent: str) -> None:
        self.text, self._begins, self._ends = text, begins, ends
        self._utf16 = Utf16(sent)

    @classmethod
    def plain(cls, sent: str) -> Self:
        """A text that is read as it was sent."""
        return cls(sent, range(len(sent)), range(1, len(sent) + 1), sent)

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Code points ``start`` to ``end`` (exclusive, not empty) of the text, as UTF-16 units of what was sent."""
        return self._utf16.of(self._begins[start]), self._utf16.of(self._ends[end - 1])
