"""Step 3, finds the words in letters written without spaces: the cheapest reading by how common words and pairs are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from moderation.detectors.harm_lexicon import harm_lexicon
from moderation.detectors.vocabulary import LEVELS_AN_OCTAVE, vocabulary

LONGEST_WORD = 20
# Bits. A word costs what its rarity tells; letters of no word cost about as much as random letters do.
_BITS_OF_LEVEL_ZERO = 20.0
_BITS_A_WORD, _BITS_A_LONE_LETTER = 1.0, 3.0
_PAIR_SAVES = 4.0
_HARM_SAVES = 2.0
_OPENING_UNKNOWN, _UNKNOWN_LETTER = 14.0, 6.0
_CACHED_LETTERS = 64
_SHORT_RUN, _LONG_RUN = 12, 25  # letters; a short run must be a usual pair of words
_MOST_BITS_A_LETTER, _MOST_BITS_OF_A_LONG_RUN = 2.8, 3.4  # of 20 English texts without spaces, 19 cost up to 2.7


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a run in order, how many bits a letter they cost, and the share of letters in known words."""

    words: tuple[str, ...]
    bits: float
    known: float


@cache
def _costs() -> dict[str, float]:
    words, harm = vocabulary(), harm_lexicon()
    return {
        word: (_BITS_A_WORD if len(word) > 1 else _BITS_A_LONE_LETTER)
        + _BITS_OF_LEVEL_ZERO
        - level / LEVELS_AN_OCTAVE
        - _HARM_SAVES * (word in harm.rank)
        for word, level in words.levels.items()
        if (level > 0 and len(word) > 3) or level > 8 or word in harm.rank
    }


def split_words(run: str, *, trusted: bool = False) -> tuple[str, ...]:
    """The words of a lower-case run of letters, which joined give the run again; one, the run, where it is none.

    ``trusted`` says that several words are expected, as in a hashtag. The time is linear in the length.
    """
    return _cached(run, trusted) if len(run) <= _CACHED_LETTERS else _split(run, trusted)


def _split(run: str, trusted: bool) -> tuple[str, ...]:
    reading = read(run)
    return reading.words if len(reading.words) > 1 and _is_believed(run, reading, trusted) else (run,)


_cached = lru_cache(maxsize=8_192)(_split)


def _is_believed(run: str, reading: Reading, trusted: bool) -> bool:
    if len(run) >= _LONG_RUN:
        return reading.known >= 0.7 and reading.bits <= _MOST_BITS_OF_A_LONG_RUN
    if len(run) >= _SHORT_RUN:
        return reading.known >= 0.9 and reading.bits <= _MOST_BITS_A_LETTER
    if reading.known < 1:
        return False
    pairs = vocabulary().pairs
    usual = all(f"{a} {b}" in pairs for a, b in zip(reading.words, reading.words[1:], strict=False))
    return usual or (trusted and reading.bits <= _MOST_BITS_OF_A_LONG_RUN)


def read(run: str) -> Reading:
    """The cheapest way to cut the run into known words and stretches of unknown letters."""
    costs, pairs = _costs(), vocabulary().pairs
    size = len(run)
    bits = [0.0] + [0.0] * size
    starts = [0] * (size + 1)
    last = [""] * (size + 1)
    for end in range(1, size + 1):
        # An unknown stretch grows by a letter, or opens behind a word.
        opening = 0.0 if end > 1 and not last[end - 1] else _OPENING_UNKNOWN
        best, start, word = bits[end - 1] + opening + _UNKNOWN_LETTER, end - 1, ""
        for begin in range(max(0, end - LONGEST_WORD), end):
            piece = run[begin:end]
            cost = costs.get(piece)
            if cost is not None:
                before = last[begin]
                total = bits[begin] + cost - (_PAIR_SAVES if before and f"{before} {piece}" in pairs else 0.0)
                if total < best:
                    best, start, word = total, begin, piece
        bits[end], starts[end], last[end] = best, start, word
    return _reading(run, bits[size], starts, last)


def _reading(run: str, bits: float, starts: Sequence[int], last: Sequence[str]) -> Reading:
    pieces: list[str] = []
    known = 0
    end = len(run)
    while end:
        start = starts[end]
        while not last[end] and start and not last[start]:
            start = starts[start]
        known += len(last[end])
        pieces.append(run[start:end])
        end = start
    return Reading(tuple(reversed(pieces)), bits / max(len(run), 1), known / max(len(run), 1))
