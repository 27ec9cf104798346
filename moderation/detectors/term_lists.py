"""Step 3, the site's own lists: terms, found by Aho-Corasick as written and without disguise, and blocked domains."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from ahocorasick_rs import AhoCorasick

from moderation.detectors.base import (
    Detection,
    Detector,
    DetectorConfigError,
    Evidence,
    Sample,
    TermListSpec,
    refuse_unknown_options,
)
from moderation.detectors.domain_lists import is_listed, listed_domains
from moderation.detectors.domains import readable
from moderation.detectors.links import find_links, may_hold_links
from moderation.detectors.mixed_scripts import twin_spellings
from moderation.detectors.normalise import normalise, original_span
from moderation.detectors.vocabulary import vocabulary
from moderation.enums import Category, TermListKind

__all__ = ["TermListSpec", "TermListsDetector"]

MOST_TERMS = 200_000
LONGEST_TERM = 200
_MOST_SPANS = 20
_CHUNK = 8_192  # terms may overlap, so matches are taken a piece of text at a time

# Scripts written without spaces, or (Arabic, Korean) with particles grown onto the word: any place is an edge.
_NO_WORD_EDGES = re.compile(
    "[\u0600-\u06ff\u0750-\u077f\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff"
    "\u3040-\u30ff\u3130-\u318f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003134f]"
)
_SURROGATE = re.compile("[\ud800-\udfff]")


class TermListsDetector(Detector):
    """Takes no options. A list that matches gives its category its score; the evidence's detail is the list's name.

    A list of blocked domains matches a link to one of them or below. Other lists of domains are the detector urls'.
    """

    name = "term_lists"
    quick = True
    only_finds = True

    def __init__(self, lists: Sequence[TermListSpec]) -> None:
        self._lists = tuple(spec for spec in lists if spec.kind in (TermListKind.TERMS, TermListKind.BLOCKED_DOMAINS))
        self.categories = frozenset(spec.category for spec in self._lists)
        self.version = _version(self._lists)
        self._domains = {
            number: listed_domains([spec], spec.kind)
            for number, spec in enumerate(self._lists)
            if spec.kind == TermListKind.BLOCKED_DOMAINS
        }
        self._owners: list[tuple[int, ...]] = []
        self._finder, self._longest = self._compile()

    @classmethod
    def build(cls, options: Mapping[str, Any], term_lists: Sequence[TermListSpec]) -> Self:
        """Raises DetectorConfigError naming the list, and the term by its number, that cannot be used."""
        refuse_unknown_options(cls.name, options, ())
        if sum(len(spec.terms) for spec in term_lists) > MOST_TERMS:
            raise DetectorConfigError(f"The term lists hold more than {MOST_TERMS:,} terms together: shorten them.")
        for spec in term_lists:
            _check(spec)
        return cls(term_lists)

    def detect(self, samples: Sequence[Sample]) -> list[list[Detection]]:
        """One detection for every list that matches."""
        return [self._detect(sample) if self._lists else [] for sample in samples]

    def _compile(self) -> tuple[AhoCorasick, int]:
        """One automaton for all lists, each term in both forms; equal forms of several lists are kept once."""
        owners: dict[str, dict[int, None]] = {}
        for number, spec in enumerate(self._lists):
            if number in self._domains:
                continue
            for place, term in enumerate(spec.terms, start=1):
                for form in _forms(term, f"Term list {spec.name!r}: term {place}"):
                    owners.setdefault(form, {})[number] = None
        self._owners = [tuple(numbers) for numbers in owners.values()]
        return AhoCorasick(list(owners)), max(map(len, owners), default=0)

    def _detect(self, sample: Sample) -> list[Detection]:
        spans: dict[int, set[tuple[int, int]]] = {}
        for number, start, end in self._links(sample.text):
            spans.setdefault(number, set()).add((start, end))
        if not self._owners:
            return [self._detection(number, sorted(found)) for number, found in sorted(spans.items())]
        surface = _surface(sample.text)
        for number, start, end in self._matches(surface):
            spans.setdefault(number, set()).add((start, end))
        if sample.normalised.text != surface:
            for number, start, end in self._matches(sample.normalised.text):
                spans.setdefault(number, set()).add(original_span(sample.normalised, start, end))
        return [self._detection(number, sorted(found)) for number, found in sorted(spans.items())]

    def _links(self, text: str) -> Iterator[tuple[int, int, int]]:
        """List number, start and end of every link to a blocked domain."""
        if self._domains and may_hold_links(text):
            for link in find_links(text):
                host = readable(link.host)
                for number, domains in self._domains.items():
                    if is_listed(host, domains):
                        yield number, link.start, link.end

    def _matches(self, text: str) -> Iterator[tuple[int, int, int]]:
        """List number, start and end of the first matches of each list that keep to its word edges."""
        searchable = text if text.isascii() else _SURROGATE.sub("\ufffd", text)
        wanted = [_MOST_SPANS * 2] * len(self._lists)  # twice, for a match may show again where two pieces overlap
        for begin in range(0, max(len(text), 1), _CHUNK):
            piece = searchable[begin : begin + _CHUNK + self._longest]
            for form, start, end in self._finder.find_matches_as_indexes(piece, overlapping=True):
                for number in self._owners[form]:
                    if wanted[number] and self._counts(number, searchable, begin + start, begin + end):
                        wanted[number] -= 1
                        yield number, begin + start, begin + end

    def _counts(self, number: int, text: str, start: int, end: int) -> bool:
        return not self._lists[number].whole_word or (_is_edge(text, start - 1, start) and _is_edge(text, end, end - 1))

    def _detection(self, number: int, spans: Sequence[tuple[int, int]]) -> Detection:
        spec = self._lists[number]
        evidence = (Evidence(spec.category, start, end, self.name, spec.name) for start, end in spans[:_MOST_SPANS])
        return Detection(spec.category, spec.score, tuple(evidence))


def _surface(text: str) -> str:
    """Lower case, character by character, so that positions stay what they are."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def _is_edge(text: str, outside: int, inside: int) -> bool:
    """Whether a word may end between these two neighbouring characters."""
    if outside < 0 or outside >= len(text):
        return True
    if outside > inside and _is_mark(text[outside]):
        return False  # the last letter goes on: a vowel sign, in many scripts, makes another syllable of it
    if not _belongs_to_words(text[outside]) or not _belongs_to_words(text[inside]):
        return True
    return _NO_WORD_EDGES.match(text[inside]) is not None


def _belongs_to_words(character: str) -> bool:
    return character.isalnum() or _is_mark(character)


def _is_mark(character: str) -> bool:
    """A character that is written on its neighbour: vowel signs, tone marks, accents."""
    return unicodedata.category(character).startswith("M")


def _check(spec: TermListSpec) -> None:
    where = f"Term list {spec.name!r}"
    if spec.category not in Category.values:
        raise DetectorConfigError(f"{where}: there is no category {spec.category!r}. See the glossary for the names.")
    if not 0 <= spec.score <= 1:
        raise DetectorConfigError(f"{where}: the score must lie between 0 and 1, not {spec.score}.")


def _forms(term: str, where: str) -> set[str]:
    """The term as written and without disguises. Raises DetectorConfigError, beginning with ``where``, if unusable."""
    if len(term) > LONGEST_TERM:
        raise DetectorConfigError(f"{where} is longer than {LONGEST_TERM} characters: shorten it.")
    if not term.isascii() and _SURROGATE.search(term):
        raise DetectorConfigError(f"{where} holds half a character (a lone surrogate): type it again.")
    plain = normalise(term).text.strip()
    if not plain:
        raise DetectorConfigError(f"{where} is empty or invisible: remove it.")
    forms = {plain, _surface(term.strip())}
    # A word of nothing but look-alikes is read in the script of the text around it. A term that would be an English
    # word is left in its own: a Russian list must not match "pot".
    twins = {twin for form in forms for twin in twin_spellings(form) if not _is_english(twin) and not _is_english(form)}
    return forms | twins


def _is_english(form: str) -> bool:
    return all(vocabulary().knows(word) for word in form.split())


def check_term(term: str, where: str) -> None:
    """Raises DetectorConfigError, beginning with ``where``, for a term that cannot be looked for."""
    _forms(term, where)


def _version(lists: Sequence[TermListSpec]) -> str:
    digest = hashlib.sha256(repr(sorted(lists, key=lambda spec: spec.name)).encode("utf-8", "backslashreplace"))
    return f"term-lists-1-{digest.hexdigest()[:8]}"
