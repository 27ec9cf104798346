"""Step 3, personal data: payment cards, bank accounts and crypto addresses, each by its own check digits."""

import re
from collections.abc import Iterator

from moderation.detectors.pii.checksums import base58check, bech32, luhn, mod_97_10
from moderation.detectors.pii.finding import Finding, PlainText, overlapping, words

_GAP = r"[ ._-]{1,2}"
# A card as people write it: all digits together, in the groups that are printed, or digit by digit.
_CARD = re.compile(
    r"(?<![\w.+-])(?<![\d][ -])(?=("
    rf"\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?:{_GAP}\d{{3}})?(?!\d)"
    rf"|\d{{4}}{_GAP}\d{{6}}{_GAP}\d{{4,5}}(?!\d)"
    r"|\d{12,19}(?!\d)"
    r"|\d(?:[ ._-]\d){12,18}(?![ ._-]?\d)"
    r")(?![\w-]))"
)
# What follows without a letter between may belong to it no more: a security code, a date.
_CARD_AND_MORE = re.compile(rf"(?<![\w.+-])(?=(\d{{4}}(?:{_GAP}\d{{4}}){{3}}(?!\d)|\d{{13,16}}(?!\d)))")
_CARD_WORDS = words(
    r"(?:credit|debit|bank|payment)?[ -]?cards?|cc|visa|mastercard|master card|maestro|amex|american express|discover"
    r"|diners|jcb|unionpay|cvv2?|cvc2?|expir(?:y|es|ation)|exp|kreditkarte|karte|carte|tarjeta|carta|cart[aã]o|карта"
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

_IBAN = re.compile(
    r"(?<![A-Za-z0-9])([A-Za-z]{2}\d{2}"
    r"(?:[A-Za-z0-9]{11,30}|(?:[ -][A-Za-z0-9]{4}){2,7}(?:[ -][A-Za-z0-9]{1,4})?))(?![A-Za-z0-9])"
)
# Lengths from the SWIFT registry of IBANs.
_IBAN_LENGTHS = {
    country: int(length)
    for length, countries in {
        "15": "NO", "16": "BE", "18": "DK FO FI GL NL FK SD", "19": "MK SI", "20": "AT BA EE KZ LT LU XK MN",
        "21": "HR LV LI CH", "22": "BG BH CR DE GE IE ME RS GB VA", "23": "GI IQ IL TL AE OM SO",
        "24": "AD CZ MD PK RO SA SK ES SE TN VG", "25": "PT ST LY", "26": "IS TR", "27": "BI DJ FR GR IT MR MC SM",
        "28": "AL AZ BY CY DO GT HU LB NI PL SV",
        "29": "BR PS QA UA EG", "30": "JO KW MU YE", "31": "MT SC", "32": "LC",
        "33": "RU",
    }.items()
    for country in countries.split()
}  # fmt: skip

_BASE58_ADDRESS = re.compile(r"(?<![A-Za-z0-9])[13LMDT][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])")
_BECH32_ADDRESS = re.compile(
    r"(?<![A-Za-z0-9])(?:bc1|BC1|tb1|TB1|ltc1|LTC1)[02-9ac-hj-np-zAC-HJ-NP-Z]{11,87}(?![A-Za-z0-9])"
)
_HEX_ADDRESS = re.compile(r"(?<![A-Za-z0-9])0x[0-9a-fA-F]{40}(?![A-Za-z0-9])")
_CRYPTO_WORDS = words(
    r"wallet|address|bitcoin|btc|eth|ethereum|litecoin|ltc|doge|tron|crypto|donate|donations?|coins?|usdt|tip"
)


def find_cards(plain: PlainText) -> Iterator[Finding]:
    """Numbers of a length and range that an issuer uses, with the right check digit (one in ten has it by chance)."""
    for start, end, written in overlapping(_CARD, plain.text):
        yield from _card(plain, start, end, written)
    for start, end, written in overlapping(_CARD_AND_MORE, plain.text):
        yield from _card(plain, start, end, written)


def _card(plain: PlainText, start: int, end: int, written: str) -> Iterator[Finding]:
    digits = re.sub(r"\D", "", written)
    if len(set(digits)) == 1 or not luhn(digits):
        return
    issued = any(len(digits) in lengths and prefix.match(digits) for prefix, lengths in _RANGES)
    usual = len(digits) in _USUAL_LENGTHS or written != digits
    if plain.near(_CARD_WORDS, start, end):
        yield Finding("card", start, end, 0.98 if issued else 0.8)
    elif issued:
        confidence = 0.9 if usual else 0.6
        yield Finding("card", start, end, confidence / 2 if plain.is_something_else(start) else confidence)


def find_ibans(plain: PlainText) -> Iterator[Finding]:
    """Bank account numbers whose length fits the country and whose check digits fit the rest."""
    for match in _IBAN.finditer(plain.text):
        if (length := _iban_characters(match[1])) is not None:
            yield Finding("iban", match.start(), match.start() + length, 0.99)


def _iban_characters(written: str) -> int | None:
    """How many characters of what is written are the IBAN, blanks included; None if it is none.

    A word may follow the number: what the country's length leaves over does not belong to it.
    """
    length = _IBAN_LENGTHS.get(written[:2].upper(), 0)
    places = [place for place, character in enumerate(written) if character.isalnum()]
    if not length or len(places) < length:
        return None
    end = places[length - 1] + 1
    if end < len(written) and written[end].isalnum():
        return None
    return end if mod_97_10("".join(written[place] for place in places[:length]).upper()) else None


def find_crypto_addresses(plain: PlainText) -> Iterator[Finding]:
    """Bitcoin-like addresses by checksum; Ethereum's by form, surer beside a word for money."""
    for match in _BASE58_ADDRESS.finditer(plain.text):
        if base58check(match[0]):
            yield Finding("crypto_address", *match.span(), 0.99)
    for match in _BECH32_ADDRESS.finditer(plain.text):
        if bech32(match[0]):
            yield Finding("crypto_address", *match.span(), 0.99)
    for match in _HEX_ADDRESS.finditer(plain.text):
        near = plain.near(_CRYPTO_WORDS, *match.span())
        yield Finding("crypto_address", *match.span(), 0.95 if near else 0.7)
