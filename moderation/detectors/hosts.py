"""Step 3, hosts: the letters that a browser reads where others are written, after UTS 46 and the URL standard."""

import unicodedata
from urllib.parse import unquote

from moderation.detectors.base import NormalisedText
from moderation.detectors.characters import CharacterTable

# Characters that leave no trace in a host, beside those of the category Cf: joiners, fillers, variation selectors.
_IGNORED = frozenset(
    map(chr, (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, *range(0x180B, 0x1810), *range(0xFE00, 0xFE10)))
) | frozenset(map(chr, range(0xE0100, 0xE01F0)))
_DOT = "\u3002"  # the ideographic full stop, which parts labels too; NFKC knows its half-width form only as this one


def _read(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"  # RE2 reads UTF-8, in which half a character has no form
    if category == "Cf" or character in _IGNORED:
        return ""
    if character.isspace():
        return character if character.isascii() else " "
    compatible = unicodedata.normalize("NFKC", character).replace(_DOT, ".")
    return character if " " in compatible else compatible  # an accent that stands alone is a blank to NFKC


_CHARACTERS = CharacterTable(_read)


def as_browsers_read(text: str) -> NormalisedText:
    """The text in compatibility forms (full-width, circled), without invisible characters, and the way back."""
    if text.isascii():
        return NormalisedText(text, range(len(text) + 1))
    pieces: list[str] = []
    offsets: list[int] = []
    for index, character in enumerate(text):
        read = _CHARACTERS[character]
        pieces.append(read)
        offsets.extend([index] * len(read))
    return NormalisedText("".join(pieces), [*offsets, len(text)])


def resolved(host: str) -> str:
    """The host that is asked for: escapes decoded once, compatibility forms undone, in lower case."""
    decoded = unquote(host, errors="replace") if "%" in host else host
    return unicodedata.normalize("NFKC", as_browsers_read(decoded).text).lower().strip(".")
