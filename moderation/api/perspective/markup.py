"""Reads a comment of the type HTML: without tags, its character references as characters, every place still known.

This is no sanitiser: nothing of it is shown to anybody. It reads in linear time whatever is sent, and a tag that is
never closed is text.
"""

import html
import re
from collections.abc import Iterator

from moderation.api.perspective.offsets import ReadText

_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)"
    r"|<(?P<unseen>script|style|template)\b[^<>]*+>.*?(?:</(?P=unseen)\s*>|\Z)"
    r"|<[!?][^<>]*+>"
    r"|</?(?P<tag>[A-Za-z][^\s<>/]*+)[^<>]*+>"
    r"|(?P<reference>&(?:\#[0-9]{1,7}|\#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});?)",
    re.DOTALL | re.IGNORECASE,
)
# What stands within a line; any other tag parts what is before it from what is after it.
_INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
        "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var",
        "wbr",
    }
)  # fmt: skip


def read_html(sent: str) -> ReadText:
    """What a reader sees of ``sent``. Between two blocks stands a line break."""
    pieces = [(seen, begin, end) for piece, begin, end in _pieces(sent) for seen in piece]
    return ReadText("".join(seen for seen, _, _ in pieces), [b for _, b, _ in pieces], [e for _, _, e in pieces], sent)


def _pieces(sent: str) -> Iterator[tuple[str, int, int]]:
    """What is seen, and from where to where it was sent."""
    at = 0
    for markup in _MARKUP.finditer(sent):
        yield from _as_sent(sent, at, markup.start())
        at = markup.end()
        if reference := markup["reference"]:
            yield from _referred(sent, reference, markup.start())
        elif markup["tag"] and markup["tag"].lower() not in _INLINE:
            yield "\n", markup.start(), at
    yield from _as_sent(sent, at, len(sent))


def _as_sent(sent: str, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    return ((sent[index], index, index + 1) for index in range(start, end))


def _referred(sent: str, reference: str, begin: int) -> Iterator[tuple[str, int, int]]:
    """``&amp;`` is one character from six; what is no reference after all stands for itself."""
    end = begin + len(reference)
    seen = html.unescape(reference)
    return _as_sent(sent, begin, end) if seen == reference else iter([(seen, begin, end)])
