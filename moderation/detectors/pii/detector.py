"""Step 3, personal data in a text: runs the finders, settles overlaps and weighs what was found."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

from moderation.detectors.base import (
    Detection,
    Detector,
    DetectorConfigError,
    Evidence,
    Sample,
    TermListSpec,
    refuse_unknown_options,
)
from moderation.detectors.normalise import original_span
from moderation.detectors.pii.cards import find_cards
from moderation.detectors.pii.contacts import find_emails, find_machine_addresses
from moderation.detectors.pii.finding import Finding, PlainText
from moderation.detectors.pii.money import find_crypto_addresses, find_ibans
from moderation.detectors.pii.national_ids import find_national_ids
from moderation.detectors.pii.phones import DEFAULT_REGIONS, PhoneFinder
from moderation.detectors.pii.places import find_places
from moderation.enums import Category

_VERSION = "pii-2"
MOST_SPANS = 40  # the panel keeps 50 pieces of evidence of a text, and this detector's come first
_LEAST_CONFIDENCE = 0.4  # what is less sure is neither told nor masked; a number with a word against it is halved

# How much harm it does a person when data of this kind is shown to strangers. A score is this times the confidence.
WEIGHTS: Mapping[str, float] = {
    "card": 1.0,
    "iban": 1.0,
    "national_id": 1.0,
    "passport": 1.0,
    "driving_licence": 0.9,
    "address": 0.7,
    "email": 0.6,
    "phone": 0.6,
    "crypto_address": 0.4,
    "ip_address": 0.4,
    "mac_address": 0.3,
    "postal_code": 0.3,
}

_Finder = Callable[[PlainText], Iterable[Finding]]
_MAYBE_NUMBERS = re.compile(r"\d(?:\D{0,3}\d){3}")
_MAYBE_WORDS = re.compile(r"\d|@|\b(?:at|arroba)\b|[\[({<]", re.IGNORECASE)


class PiiDetector(Detector):
    """Options: ``phone_regions``, whose national numbers count (ISO 3166 codes), and ``weights``, kind to 0..1.

    A kind with the weight 0 is not looked for. Each piece of evidence says its kind: ``pii:email``,
    ``pii:national_id/es_dni``. More than 40 pieces are told as 39 and one that reaches to the end of the text.
    """

    name = "pii"
    quick = True
    categories = frozenset({Category.PII.value})

    def __init__(self, weights: Mapping[str, float], regions: Sequence[str]) -> None:
        self._weights = {**WEIGHTS, **weights}
        self.version = _version(weights, regions)
        self._with_numbers = tuple(self._finders(regions))
        self._finds_emails = bool(self._weights["email"])

    @classmethod
    def build(cls, options: Mapping[str, Any], term_lists: Sequence[TermListSpec]) -> Self:
        """Raises DetectorConfigError for an unknown option, kind or region and for a weight outside 0 to 1."""
        refuse_unknown_options(cls.name, options, ("phone_regions", "weights"))
        return cls(_read_weights(options.get("weights", {})), _read_regions(options.get("phone_regions")))

    def detect(self, samples: Sequence[Sample]) -> list[list[Detection]]:
        """One detection for a text that holds personal data; its score is that of the gravest find."""
        return [self._detect(sample.text) for sample in samples]

    def _finders(self, regions: Sequence[str]) -> Iterator[_Finder]:
        """The finders that need at least four digits, as far as their kinds have a weight."""
        wanted = {kind for kind, weight in self._weights.items() if weight}
        if "phone" in wanted:
            yield PhoneFinder(regions).find
        for kinds, finder in (
            ({"card"}, find_cards),
            ({"iban"}, find_ibans),
            ({"crypto_address"}, find_crypto_addresses),
            ({"national_id", "passport", "driving_licence"}, find_national_ids),
            ({"ip_address", "mac_address"}, find_machine_addresses),
        ):
            if kinds & wanted:
                yield finder

    def _detect(self, text: str) -> list[Detection]:
        plain = PlainText(text)  # before the first look: a full-width @ is one too
        if not _MAYBE_WORDS.search(plain.text):
            return []
        found = [(self._score(finding), finding) for finding in self._find(plain)]
        kept = _apart([(score, finding) for score, finding in found if score])
        if not kept:
            return []
        evidence = tuple(self._evidence(plain, [finding for _, finding in kept]))
        return [Detection(Category.PII.value, round(max(score for score, _ in kept), 4), evidence)]

    def _find(self, plain: PlainText) -> Iterator[Finding]:
        if self._finds_emails:
            yield from find_emails(plain)
        if self._weights["address"] or self._weights["postal_code"]:
            yield from find_places(plain)
        if _MAYBE_NUMBERS.search(plain.text):
            for finder in self._with_numbers:
                yield from finder(plain)

    def _score(self, finding: Finding) -> float:
        return (
            finding.confidence * self._weights[family(finding.kind)] if finding.confidence >= _LEAST_CONFIDENCE else 0
        )

    def _evidence(self, plain: PlainText, findings: Sequence[Finding]) -> Iterator[Evidence]:
        for number, finding in enumerate(findings, start=1):
            last = number == MOST_SPANS and len(findings) > MOST_SPANS
            start, end = original_span(plain.way_back, finding.start, finding.end)
            detail = "pii:and more" if last else f"pii:{finding.kind}"
            yield Evidence(Category.PII.value, start, len(plain.original) if last else end, self.name, detail)
            if last:
                return


def family(kind: str) -> str:
    """The name that a kind is weighed by: ``national_id`` for ``national_id/es_dni``."""
    return kind.partition("/")[0]


def _apart(found: Sequence[tuple[float, Finding]]) -> list[tuple[float, Finding]]:
    """The surest findings that do not overlap, in the order of the text; of equals the longer one."""
    taken: list[tuple[float, Finding]] = []
    ranked = sorted(found, key=lambda pair: (-pair[1].confidence, pair[1].start - pair[1].end, pair[1].start))
    covered = bytearray(max((finding.end for _, finding in found), default=0))
    for score, finding in ranked:
        if not any(covered[finding.start : finding.end]):
            covered[finding.start : finding.end] = b"\1" * (finding.end - finding.start)
            taken.append((score, finding))
    return sorted(taken, key=lambda pair: pair[1].start)


def _read_weights(given: Any) -> dict[str, float]:
    if not isinstance(given, Mapping):
        raise DetectorConfigError("Detector pii: weights must map kinds to numbers, such as {email: 0.9, phone: 0}.")
    for kind, weight in given.items():
        if kind not in WEIGHTS:
            raise DetectorConfigError(f"Detector pii knows no kind {kind!r}. It knows: {', '.join(WEIGHTS)}.")
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 <= weight <= 1:
            raise DetectorConfigError(f"Detector pii: the weight of {kind} must lie between 0 and 1, not {weight!r}.")
    return dict(given)


def _read_regions(given: Any) -> tuple[str, ...]:
    if given is None:
        return DEFAULT_REGIONS
    if isinstance(given, str) or not isinstance(given, Sequence) or not all(isinstance(code, str) for code in given):
        raise DetectorConfigError("Detector pii: phone_regions must be a list of country codes, such as [US, GB].")
    return tuple(code.upper() for code in given)


def _version(weights: Mapping[str, float], regions: Sequence[str]) -> str:
    told = [f"{kind}={weight:g}" for kind, weight in sorted(weights.items()) if weight != WEIGHTS[kind]]
    return "+".join([_VERSION, *([] if tuple(regions) == DEFAULT_REGIONS else ["-".join(regions)]), *told])
