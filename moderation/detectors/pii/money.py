"""Step 3, personal data: bank accounts and crypto addresses, each by its own check digits."""

import re
from collections.abc import Iterator

from moderation.detectors.pii.checksums import base58check, bech32, mod_97_10
from moderation.detectors.pii.finding import Finding, PlainText, words

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
