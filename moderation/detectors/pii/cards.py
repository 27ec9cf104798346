"""Step 3, personal data: payment cards, by length, issuer and check digit, however their digits are parted."""

import re
from collections.abc import Iterator

from moderation.detectors.pii.checksums import luhn
from moderation.detectors.pii.finding import Finding, PlainText, overlapping

_GAP = r"[ ._-]{1,3}"
_START = (
    r"(?<![^\W_])(?<![^\W_][_-])(?<![.+])(?<!\d )"  # a sign may stand before the number, but not part it from another
)
# A card as people write it: all digits together, in the groups that are printed, or digit by digit.
_CARD = re.compile(
    rf"{_START}(?=("
    rf"\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{3}})?(?!\d)"
    rf"|\d{{4}}{_GAP}\d{{6}}{_GAP}\d{{4,5}}(?!\d)"
    r"|\d{12,19}(?!\d)"
    r"|\d(?:[ ._-]\d){12,18}(?![ ._-]?\d)"
    r")(?![_-]?[^\W_]))"
)
# What follows without a letter between may belong to it no more: a security code, a date.
_CARD_AND_MORE = re.compile(rf"{_START}(?=(\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?!\d)|\d{{13,16}}(?!\d)))")
# Printed groups or pairs, one sign throughout that more often parts other numbers: lines, slashes, stars.
_ODDLY_PARTED = (
    re.compile(rf"{_START}(?=(\d{{4}}(\s?[/*|-]\s?|\s{{1,3}})\d{{4}}\2\d{{4}}\2\d{{4}}(?!\d))(?!\2?[^\W_]))"),
    re.compile(rf"{_START}(?=(\d\d([ ._/*|-])\d\d(?:\2\d\d){{6}})(?!\2?[^\W_]))"),
)
# Digits parted by anything but letters: a card only beside a word for one.
_RUN = re.compile(r"\d(?:[\W_]{0,3}\d){11,}")
_GROUP = re.compile(r"\d+")
_RUN_LENGTHS = (14, 15, 16, 19)
_LONGEST = 19

# A digit may follow without a blank: "card4111".
_CARD_WORDS = re.compile(
    r"(?<![^\W\d_])(?:(?:credit|debit|bank|payment)?[ -]?cards?|cc|visa|mastercard|master card|maestro|amex"
    r"|american express|discover|diners|jcb|unionpay|cvv2?|cvc2?|expir(?:y|es|ation)|exp|kreditkarte|karte|carte"
    r"|tarjeta|carta|cart[aã]o|карта)(?![^\W\d_])"
)
# Issuer ranges (ISO/IEC 7812) by their first digits, and the lengths they come in, as the networks publish them.
_ISSUERS = (
    ("visa", r"4", (13, 16, 19)),
    ("mastercard", r"5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", (16,)),
    ("american express", r"3[47]", (15,)),
    ("diners club", r"30[0-5]|3095|36|3[89]", (14, 15, 16, 17, 18, 19)),
    ("discover", r"6011|64[4-9]|65", (16, 17, 18, 19)),
    ("jcb", r"35(?:2[89]|[3-8])", (16, 17, 18, 19)),
    ("jcb, early", r"2131|1800", (15,)),
    ("jcb, early", r"30(?:8[89]|9[0-46-9])|310[0-2]|311[2-9]|3120|315[89]|333[7-9]|334\d", (16,)),
    ("unionpay", r"62|81", (16, 17, 18, 19)),
    ("maestro", r"50|5[6-9]|6[0-9]", (12, 13, 14, 15, 16, 17, 18, 19)),
    ("mir", r"220[0-4]", (16, 17, 18, 19)),
    ("rupay", r"60|81|82|508|353|356", (16,)),
    ("troy", r"9792", (16,)),
)
_RANGES = tuple((re.compile(prefix), frozenset(lengths)) for _, prefix, lengths in _ISSUERS)
_USUAL_LENGTHS = (15, 16)


def find_cards(plain: PlainText) -> Iterator[Finding]:
    """Numbers of a length and range that an issuer uses, with the right check digit (one in ten has it by chance)."""
    for pattern in (_CARD, _CARD_AND_MORE):
        for start, end, written in overlapping(pattern, plain.text):
            yield from _card(plain, start, end, written)
    for pattern in _ODDLY_PARTED:
        for start, end, written in overlapping(pattern, plain.text):
            digits = re.sub(r"\D", "", written)
            if _is_issued(digits) and luhn(digits) and not plain.is_something_else(start, end):
                yield Finding("card", start, end, 0.5)
    yield from _beside_words(plain)


def _card(plain: PlainText, start: int, end: int, written: str) -> Iterator[Finding]:
    digits = re.sub(r"\D", "", written)
    if len(set(digits)) == 1 or not luhn(digits):
        return
    issued = _is_issued(digits)
    usual = len(digits) in _USUAL_LENGTHS or written != digits
    if plain.near(_CARD_WORDS, start, end):
        yield Finding("card", start, end, 0.98 if issued else 0.8)
    elif issued:
        confidence = 0.9 if usual else 0.6
        yield Finding("card", start, end, confidence / 2 if plain.is_something_else(start, end) else confidence)


def _beside_words(plain: PlainText) -> Iterator[Finding]:
    """Cards near a word for one, whatever stands between their digits, or between word and number."""
    touching = {match.end() for match in _CARD_WORDS.finditer(plain.lower)}
    if not touching:
        return
    for run in _RUN.finditer(plain.text):
        groups = [match.span() for match in _GROUP.finditer(plain.text, *run.span())]
        if groups[0][0] not in touching and plain.text[groups[0][0] - 1 : groups[0][0]].isalpha():
            del groups[0]
        if plain.text[run.end() : run.end() + 1].isalpha():
            del groups[-1:]
        for start, end in _issued_stretches(plain.text, groups):
            if plain.near(_CARD_WORDS, start, end):
                yield Finding("card", start, end, 0.95)


def _issued_stretches(text: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Start and end of every stretch of whole groups whose digits make a card number."""
    for first, (start, _) in enumerate(groups):
        digits = ""
        for begin, end in groups[first : first + _LONGEST]:
            digits += text[begin:end]
            if len(digits) > _LONGEST:
                break
            if len(digits) in _RUN_LENGTHS and _is_issued(digits) and luhn(digits):
                yield start, end


def _is_issued(digits: str) -> bool:
    return any(len(digits) in lengths and prefix.match(digits) for prefix, lengths in _RANGES)
