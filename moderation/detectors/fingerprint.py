"""Step 3, the fingerprint of a text: alike for texts that differ in names, numbers, addresses or punctuation.

A MinHash sketch over words and pairs of words. Not SimHash: one changed name in a message of fifteen words moves a
dozen of its 64 bits, and its index finds only what differs in three. Plain hashlib: no
more memory than the standard library takes.
"""

import re
import struct
from dataclasses import dataclass
from hashlib import blake2b
from itertools import pairwise

from moderation.detectors.normalise import normalise

MOST_DISTANCE = 20  # of 64 bits: four in ten words and pairs are the same, or more
BANDS = 8  # two texts with 0.7 of their words and pairs in common share one of the bands in 96 of 100 cases
_ROWS = 3
_READ = 10_000  # characters
_MOST_WORDS = 1_000
_FEWEST_WORDS = 5  # fewer say too little: such texts are alike only where they are equal
_FEWEST_FEATURES = 6
_TELLING_LETTERS = 4  # a single word of fewer letters stands in every text
_LONGEST_ADDRESS = 300
_SIGNED = 1 << 63

# Scripts written without spaces: each character is a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f"
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W\\d_{_UNSPACED}]+")
_EXACT_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"://|^www\.|@|^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,24}(?:[/:?#]|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``bits`` is a signed 64-bit number; texts alike share at least one of ``bands`` and differ in few bits.

    A short text has no bands: only texts with the same ``bits`` are like it.
    """

    bits: int
    bands: tuple[bytes, ...] = ()


def fingerprint(text: str) -> Fingerprint:
    """The fingerprint of any text, in bounded time: of a long one, its beginning counts."""
    beginning = text[:_READ]
    prose = " ".join(word for word in beginning.split() if not _ADDRESS.search(word[:_LONGEST_ADDRESS]))
    words = _WORD.findall(normalise(prose).text)[:_MOST_WORDS]
    features = {word for word in words if len(word) >= _TELLING_LETTERS}
    features.update(f"{first} {second}" for first, second in pairwise(words))
    if len(words) < _FEWEST_WORDS or len(features) < _FEWEST_FEATURES:
        return Fingerprint(_exact(beginning))
    least = [min(column) for column in zip(*map(_hashes, features), strict=True)]
    bits = sum((value & 1) << place for place, value in enumerate(least))
    bands = (struct.pack(f"<{_ROWS}H", *least[at : at + _ROWS]) for at in range(0, BANDS * _ROWS, _ROWS))
    return Fingerprint(_signed(bits), tuple(bands))


def distance(one: int, other: int) -> int:
    """In how many of 64 places two fingerprints differ."""
    return ((one ^ other) & (2 * _SIGNED - 1)).bit_count()


def band_key(*parts: bytes) -> int:
    """What a band is looked up by among others: a signed 32-bit number."""
    return int.from_bytes(blake2b(b"|".join(parts), digest_size=4).digest(), "little", signed=True)


def _hashes(feature: str) -> tuple[int, ...]:
    """Sixty-four numbers that are as good as random, and the same everywhere."""
    raw = feature.encode("utf-8", "surrogatepass")
    return struct.unpack("<64H", blake2b(raw, person=b"0").digest() + blake2b(raw, person=b"1").digest())


def _exact(text: str) -> int:
    plain = " ".join(_EXACT_WORD.findall(normalise(text).text)) or text.strip()
    return int.from_bytes(
        blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little", signed=True
    )


def _signed(bits: int) -> int:
    return bits - 2 * _SIGNED if bits >= _SIGNED else bits
