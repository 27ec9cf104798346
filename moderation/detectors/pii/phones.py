"""Step 3, personal data: telephone numbers, checked against the numbering plans of the site's regions."""

import re
from collections.abc import Iterator, Sequence

from moderation.detectors.base import DetectorConfigError
from moderation.detectors.pii.finding import Finding, PlainText, words

DEFAULT_REGIONS = ("US", "GB", "CA", "AU", "IE", "IN", "DE", "FR", "ES", "IT", "NL", "BR")
_MOST_PARSED = 300  # candidates that are looked up in the numbering plans; further ones go by their form
_WITH_AREA_CODE = 9  # shorter ones are too much like other numbers to stand without a word

# Digits in groups, with the signs that people put between them.
_CANDIDATE = re.compile(
    r"(?<![\w@#$€£¥.,/=&+-])(?:\+|\(\+?)?\d{1,15}\)?(?:(?:[ .\-/]{1,3}\(?|\(|(?<=\)))\d{1,14}\)?){0,40}"
    r"(?:,? ?(?:x|ext\.?|extension) ?\d{1,5})?(?![\w@€£%]|[.,:]\d)"
)
_EXTENSION = re.compile(r"[xe]", re.IGNORECASE)
_NO_PHONE = re.compile(
    r"\d{4}([-./])\d{1,2}\1\d{1,2}|\d{1,2}([-./])\d{1,2}\2\d{4}"  # dates
    r"|(?:19|20)\d{2} ?- ?(?:19|20)\d{2}"  # years
    r"|\d{1,3}[-/]\d{1,3}(?:[ ,;]{1,3}\d{1,3}[-/]\d{1,3})+"  # the sets of a match
    r"|(?:19|20)\d{2}[-/]\d{5,8}(?:[-/]\d{1,6})?"  # a year and the number of a paper
    r"|\d{1,3}(?:\.\d{1,3}){3}"  # machine addresses
    r"|\d{1,3}(?:[ .]\d{3})+(?:,\d+)?"  # amounts
    r"|\d+\.\d+|\d{5}-\d{4}|\d+/\d+"
)
_GROUP = re.compile(r"\d+")
_DIGIT_BY_DIGIT = 7  # groups, from which on each is one digit
_COUNTING = "0123456789"
_LONGEST_GAP = 3  # characters between two groups
_LONGEST_ROW = 30  # blanks, close to the most groups that a candidate has
_AMOUNT = re.compile(r"\d{1,3}(?:[ .]\d{3})+")
PHONE_WORDS = words(
    r"(?:tele|cell|mobile |smart|home |work )?(?:phones?|fon|fono)(?: (?:no|number|nr))?|tel[eé]?|telefone?|tel[eé]fono"
    r"|t[eé]l[eé]phone|mobile?|cell(?:ular)?|handy(?:nummer)?|call(?:ing|s|ed)?|ring|dial(?:ing)?|fax|text(?:ing)?|sms"
    r"|whats ?app|telegram|signal|viber|reach|contact|hotline|voicemail|extension|ext|number|nummer|num[eé]ro|n[uú]mero"
    r"|landline|pager|desk|office"
)


def _candidates(text: str) -> Iterator[re.Match[str]]:
    """What may be a number. The rest of a row of numbers that is longer than any telephone number is none."""
    read_to = -_LONGEST_GAP - 1
    for match in _CANDIDATE.finditer(text):
        goes_on = match.start() - read_to <= _LONGEST_GAP
        if goes_on or match[0].count(" ") >= _LONGEST_ROW:
            read_to = match.end()
        if not goes_on:
            yield match


def _is_other_number(written: str) -> bool:
    """A date, an amount, the sets of a match, or a row of numbers: more groups than a telephone number has."""
    groups = _GROUP.findall(written)
    if len(groups) >= _DIGIT_BY_DIGIT and (max(map(len, groups)) > 1 or "".join(groups) in _COUNTING):
        return True
    return _NO_PHONE.fullmatch(written) is not None and not _AMOUNT.fullmatch(written)


class PhoneFinder:
    """Finds numbers written internationally, and those of ``regions`` (ISO 3166 codes) as people there write them."""

    def __init__(self, regions: Sequence[str]) -> None:
        # Loaded here, so that only a process that reads texts pays for the numbering plans.
        import phonenumbers

        unknown = sorted(set(regions) - phonenumbers.SUPPORTED_REGIONS)
        if unknown:
            raise DetectorConfigError(
                f"Detector pii: there are no telephone numbers of region {unknown[0]!r}. Use codes such as US or DE."
            )
        self._library = phonenumbers
        self._regions = tuple(regions)

    def find(self, plain: PlainText) -> Iterator[Finding]:
        """Numbers in order. A national one without a word such as "call" counts for less, and must be valid."""
        parsed = 0
        for match in _candidates(plain.text):
            written = match[0].rstrip(" .-/(")
            digits = re.sub(r"\D", "", _EXTENSION.split(written)[0])
            if not 7 <= len(digits) <= 15 or _is_other_number(written):
                continue
            parsed += 1
            end = match.start() + len(written)
            near = plain.near(PHONE_WORDS, match.start(), end)
            known = parsed <= _MOST_PARSED and self._is_valid(written)
            named = near and plain.beside(PHONE_WORDS, match.start(), end)
            if confidence := _sure_of(written, digits, near=near, named=named, known=known):
                if plain.is_something_else(match.start(), end):
                    confidence /= 2
                yield Finding("phone", match.start(), end, confidence)

    def _is_valid(self, written: str) -> bool:
        """Whether some numbering plan has the number: the whole world's behind a +, else the site's regions'."""
        international = written.startswith(("+", "(+", "00"))
        text = "+" + written.removeprefix("00") if written.startswith("00") else written
        for region in (None,) if international else self._regions:
            try:
                number = self._library.parse(text, region)
            except self._library.NumberParseException:
                continue
            if self._library.is_valid_number(number):
                return True
        return False


def _sure_of(written: str, digits: str, *, near: bool, named: bool, known: bool) -> float:
    """Valid beats well-formed, written with a plus or in groups beats bare, a word beside it beats none."""
    international = written.startswith(("+", "(+", "00"))
    grouped = len(digits) < len(written)
    if known and international:
        return 0.95
    if known and len(digits) >= _WITH_AREA_CODE:
        if near:
            return 0.95 if grouped else 0.9
        return 0.75 if grouped and not _AMOUNT.fullmatch(written) else 0.25
    if named and len(set(digits)) > 2:
        return 0.6 if grouped or international else 0.5
    return 0.5 if international and grouped else 0
