"""Step 3, what the linear heads read: hashed word and character n-grams of a batch of texts, in numpy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

BUCKET_BITS = 20
SHORTEST, LONGEST = 2, 5
_WORD_PREFIX = 48  # characters of a word that tell it from others
_SPACE = 32
_LOW_BITS = (1 << BUCKET_BITS) - 1

# Odd multipliers of a polynomial hash modulo 2**64; what matters is that training and serving share them.
_STEP = np.uint64(0x9E3779B97F4A7C15)
_SPREAD = np.uint64(0xD6E8FEB86659FD93)
_PAIR = np.uint64(0xC2B2AE3D27D4EB4F)
_FOLD = np.uint64(32)
_SHIFT = np.uint64(64 - BUCKET_BITS)
_WORD_SALT, _PAIR_SALT = 101, 102

with np.errstate(over="ignore"):
    _POWERS = np.cumprod(np.full(_WORD_PREFIX, _STEP, dtype=np.uint64), dtype=np.uint64)
_POWERS = np.append(_POWERS, np.uint64(0))

# Which characters of the basic plane make words. Everything above it (emoji, rare scripts) counts as a word too.
_IS_WORD = np.fromiter((chr(code).isalnum() for code in range(0x10000)), dtype=bool, count=0x10000)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Every n-gram of a batch, one entry an occurrence: which text, which bucket, and where in the joined text.

    In the joined text, text i begins with a space of its own at ``begins[i]``; ``total`` is the joined length.
    """

    texts: Array
    buckets: Array
    starts: Array
    lengths: Array
    begins: Array
    total: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Every distinct n-gram of each text, in order of text: its bucket and how often. Text i begins at ``first[i]``."""

    first: Array
    buckets: Array
    counts: Array


def join(texts: Sequence[str]) -> tuple[Array, Array]:
    """The code points of all texts, each between two spaces, and the position where each text begins."""
    joined = " " + "  ".join(texts) + " "
    codes = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype=np.uint32)
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 2
    return codes, np.cumsum(lengths) - lengths


def occurrences(texts: Sequence[str]) -> Occurrences:
    """Character n-grams (2 to 5) inside words and their two edges, then words and pairs of words."""
    codes, begins = join(texts)
    symbols = (codes.astype(np.uint64) + np.uint64(1)) * _SPREAD
    starts, hashes, lengths = _character_ngrams(codes, symbols)
    for more_starts, more_hashes, more_lengths in _word_ngrams(codes, symbols, begins):
        starts.append(more_starts)
        hashes.append(more_hashes)
        lengths.append(more_lengths)
    at = np.concatenate(starts)
    owner = np.repeat(np.arange(len(texts)), np.diff(np.append(begins, len(codes))))
    buckets = _buckets(np.concatenate(hashes))
    return Occurrences(owner[at], buckets, at, np.concatenate(lengths), begins, len(codes))


def count(texts: Sequence[str]) -> Counts:
    """The distinct n-grams of every text. An empty text has none."""
    found = occurrences(texts)
    keys = (found.texts << BUCKET_BITS) | found.buckets
    keys.sort()
    is_new = np.empty(len(keys), dtype=bool)
    is_new[:1] = True
    np.not_equal(keys[1:], keys[:-1], out=is_new[1:])
    at = np.flatnonzero(is_new)
    distinct = keys[at]
    counts = np.diff(np.append(at, len(keys)))
    first = np.searchsorted(distinct, np.arange(len(texts)) << BUCKET_BITS)
    return Counts(first, distinct & _LOW_BITS, counts)


def _character_ngrams(codes: Array, symbols: Array) -> tuple[list[Array], list[Array], list[Array]]:
    """N-grams whose inner characters are no spaces: they may begin or end at the edge of a word, never cross it."""
    is_space = codes == _SPACE
    starts, hashes, lengths = [], [], []
    rolling = symbols
    inside = ~is_space
    clear = np.ones(len(codes), dtype=bool)
    for size in range(SHORTEST, LONGEST + 1):
        rolling = rolling[:-1] * _STEP + symbols[size - 1 :]
        clear = clear[:-1] & inside[size - 2 : -1] if size > SHORTEST else inside[:-1] | inside[1:]
        if size == SHORTEST + 1:
            clear = inside[1:-1]
        at = np.flatnonzero(clear)
        starts.append(at)
        hashes.append(rolling[at] + np.uint64(size))
        lengths.append(np.full(len(at), size))
    return starts, hashes, lengths


def _word_ngrams(codes: Array, symbols: Array, begins: Array) -> list[tuple[Array, Array, Array]]:
    """Words, and pairs of neighbours in the same text."""
    is_word = _IS_WORD[np.minimum(codes, 0xFFFF)] | (codes > 0xFFFF)
    edges = np.flatnonzero(is_word[1:] != is_word[:-1]) + 1  # the text begins and ends with a space
    if not len(edges):
        return []
    starts, ends = edges[::2], edges[1::2]
    runs = np.diff(np.concatenate(([0], starts, [len(codes)])))
    place = np.arange(len(codes)) - np.repeat(np.append(0, starts), runs)  # how far into the word
    words = np.add.reduceat(symbols * _POWERS[np.minimum(place, _WORD_PREFIX)], edges)[::2]
    text_of = np.searchsorted(begins, starts, side="right")
    paired = np.flatnonzero(text_of[1:] == text_of[:-1])
    pairs = words[paired] * _PAIR + words[paired + 1]
    return [
        (starts, words + np.uint64(_WORD_SALT), ends - starts),
        (starts[paired], pairs + np.uint64(_PAIR_SALT), ends[paired + 1] - starts[paired]),
    ]


def _buckets(hashes: Array) -> Array:
    mixed = (hashes ^ (hashes >> _FOLD)) * _SPREAD
    mixed = (mixed ^ (mixed >> _FOLD)) * _STEP
    buckets: Array = (mixed >> _SHIFT).astype(np.int64)
    return buckets
