"""Step 3, personal data: the check digits of public numbering schemes, written from their specifications."""

import hashlib
from collections.abc import Iterable, Sequence

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_BECH32_CONSTANTS = (1, 0x2BC830A3)  # BIP 173 and BIP 350

# Verhoeff: the products of the dihedral group of ten, and its permutation.
_PRODUCTS = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTED = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def luhn(digits: str) -> bool:
    """ISO/IEC 7812-1, annex B: cards, Canadian and Swedish numbers."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def verhoeff(digits: str) -> bool:
    """J. Verhoeff, Error detecting decimal codes (1969): Aadhaar."""
    check = 0
    for place, digit in enumerate(reversed(digits)):
        check = int(_PRODUCTS[check][int(_PERMUTED[place % 8][int(digit)])])
    return check == 0


def mod_97_10(letters_and_digits: str) -> bool:
    """ISO/IEC 7064 MOD 97-10 after the first four characters went to the end: IBAN (ISO 13616)."""
    turned = letters_and_digits[4:] + letters_and_digits[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def mod_11_10(digits: str) -> bool:
    """ISO/IEC 7064 MOD 11,10: the German tax number."""
    product = 10
    for digit in digits[:-1]:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10 == int(digits[-1])


def weighted(digits: str, weights: Sequence[int]) -> int:
    """The sum of the digits, each times its weight; surplus digits do not count."""
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def base58check(address: str) -> bool:
    """The first four bytes of a double SHA-256 close a Base58Check address of 25 bytes: Bitcoin and its kin."""
    number = 0
    for character in address:
        place = _BASE58.find(character)
        if place < 0:
            return False
        number = number * 58 + place
    if number >= 1 << 200:
        return False
    raw = number.to_bytes(25, "big")
    zeros = len(address) - len(address.lstrip("1"))
    if len(raw) - len(raw.lstrip(b"\0")) != zeros:
        return False
    return hashlib.sha256(hashlib.sha256(raw[:-4]).digest()).digest()[:4] == raw[-4:]


def bech32(address: str) -> bool:
    """BIP 173 and BIP 350: segregated witness addresses, in one case throughout."""
    if address not in (address.lower(), address.upper()):
        return False
    human, separator, data = address.lower().rpartition("1")
    if not (human and separator) or len(data) < 6 or any(c not in _BECH32 for c in data):
        return False
    expanded = [ord(c) >> 5 for c in human] + [0] + [ord(c) & 31 for c in human]
    return _polymod(expanded + [_BECH32.index(c) for c in data]) in _BECH32_CONSTANTS


def _polymod(values: Iterable[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_BECH32_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check
