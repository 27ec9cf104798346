"""Step 3, personal data: the text as the finders read it, and what a finder answers."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from moderation.detectors.base import NormalisedText
from moderation.detectors.characters import CharacterTable

_BEFORE, _AFTER = 60, 30  # characters around a finding in which a word speaks for or against it
_JUST_BEFORE, _JUST_AFTER = 32, 12  # the same for a number that has little else to show

# Words before or after a number that say it is a number of something else.
_SPEAKS_AGAINST = re.compile(
    r"(?<![^\W_])(?:order|invoice|ticket|tracking|parcel|shipment|booking|reservation|confirmation|ref|reference|isbn|issn"
    r"|sku|serial|version|build|model|part|item|article|product|release|commit|hash|checksum|barcode|ean|upc|case|scores?"
    r"|points|timestamp|epoch|bestellung|rechnung|commande|pedido"
    r"|(?:user|order|item|post|thread|message|row|object|transaction|session|request)?_?ids?)"
    r"(?:[\W_]{1,3}(?:no|nr|num|number|id|code|ref|reference|is|was|are)(?![^\W_])){0,3}[\s.:#=_'\"(\[-]{0,6}$"
)
_SPEAKS_AGAINST_AFTER = re.compile(r"[\s_-]{0,3}(?:points?|pts|xp|coins|votes|views|rows|bytes)(?![^\W_])")


@dataclass(frozen=True, slots=True)
class Finding:
    """Personal data of one kind, in places of the plain text. ``confidence``: how sure that it is, 0 to 1.

    ``kind`` is a name such as ``email``, or a family and a member such as ``national_id/pl_pesel``.
    """

    kind: str
    start: int
    end: int
    confidence: float


class PlainText:
    """The text with ASCII digits, dashes and blanks and without invisible characters, and the way back.

    ``text`` keeps its case, ``lower`` does not; both have the same places.
    """

    __slots__ = ("lower", "original", "text", "way_back")

    def __init__(self, original: str) -> None:
        self.original = original
        self.way_back = _plain(original)
        self.text = self.way_back.text
        self.lower = self.text.lower() if self.text.isascii() else "".join(map(_lower, self.text))

    def near(self, words: re.Pattern[str], start: int, end: int) -> bool:
        """Whether one of the words stands shortly before or after the place."""
        before, after = self.lower[max(0, start - _BEFORE) : start], self.lower[end : end + _AFTER]
        return words.search(before) is not None or words.search(after) is not None

    def beside(self, words: re.Pattern[str], start: int, end: int) -> bool:
        """Whether one of the words stands within a few words of the place."""
        before, after = self.lower[max(0, start - _JUST_BEFORE) : start], self.lower[end : end + _JUST_AFTER]
        return words.search(before) is not None or words.search(after) is not None

    def is_something_else(self, start: int, end: int) -> bool:
        """Whether the words around the place say that the number is one of something else, an order or a score."""
        if _SPEAKS_AGAINST.search(self.lower[max(0, start - _BEFORE) : start]):
            return True
        return _SPEAKS_AGAINST_AFTER.match(self.lower[end : end + _AFTER]) is not None


def words(alternatives: str) -> re.Pattern[str]:
    """A pattern for any of the words, given as alternatives of a regular expression, in lower case."""
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")


def overlapping(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and text of group 1 of every match of a pattern that only looks ahead, overlaps included."""
    for match in pattern.finditer(text):
        yield match.start(1), match.end(1), match[1]


def _plain_character(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Mn", "Me", "Cs"):
        return "" if category != "Cs" else "\ufffd"
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\u2212":
        return "-"
    if category == "Zs":
        return " "
    compatible = unicodedata.normalize("NFKC", character)
    return compatible if len(compatible) == 1 else character


_CHARACTERS = CharacterTable(_plain_character)


def _plain(text: str) -> NormalisedText:
    if text.isascii():
        return NormalisedText(text, range(len(text) + 1))
    pieces, offsets = [], []
    for index, character in enumerate(text):
        if plain := _CHARACTERS[character]:
            pieces.append(plain)
            offsets.append(index)
    return NormalisedText("".join(pieces), [*offsets, len(text)])


def _lower(character: str) -> str:
    lower = character.lower()
    return lower if len(lower) == 1 else character
