"""Step 3, restores words: disguised spellings of harmful ones always, other slips where the text is full of them."""

from functools import cache, lru_cache
from itertools import combinations

from moderation.detectors.harm_lexicon import harm_lexicon
from moderation.detectors.spelling import LONGEST, DeletionIndex, edits_apart, one_edit_apart
from moderation.detectors.vocabulary import vocabulary

_CACHED_WORDS = 16_384
_FEWEST_LETTERS = 4  # of a word that may be a harmful one misspelt; three letters are one edit from anything
_TWO_EDITS_FROM = 7
_MOST_DOUBLES = 4
_RARE, _COMMON = 4, 14  # levels of the vocabulary: nobody means a rarer word; everybody writes a common one

# How unlikely a slip is, in levels of the vocabulary (half octaves).
_FIRST_LETTER, _CHANGED, _NEAR_KEY, _VOWEL, _MISSING, _SURPLUS = 6, 6, 2, 3, 2, 4
_HARM_BONUS = 6
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = frozenset(row[at : at + 2][::way] for row in _KEYBOARD for at in range(len(row) - 1) for way in (1, -1))
_VOWELS = frozenset("aeiouy")


@lru_cache(maxsize=_CACHED_WORDS)
def restored_word(word: str) -> str | None:
    """The known word behind an unknown lower-case one, None where it is best left alone.

    A spelling that is listed as a disguise, doubled letters that are not, or a harmful word one edit away (two, where
    it is long) to which no common word is nearer.
    """
    harm = harm_lexicon()
    if word in harm.variants:
        return harm.variants[word]
    if len(word) > LONGEST or vocabulary().knows(word):
        return None
    once = without_doubles(word)
    if once is not None and vocabulary().levels[once] >= _COMMON:
        return once
    return _harmful(word)


@lru_cache(maxsize=_CACHED_WORDS)
def likeliest_word(word: str) -> str | None:
    """The commonest known word one edit from an unknown one of three letters or more, by how likely the slip is."""
    if not 3 <= len(word) <= LONGEST:
        return None
    near = [(_likelihood(other, word), other) for other in _near(word)]
    return max(near)[1] if near else without_doubles(word)


def without_doubles(word: str) -> str | None:
    """The commonest known word that is left when some doubled letters are written once."""
    doubles = [at for at in range(1, len(word)) if word[at] == word[at - 1]][:_MOST_DOUBLES]
    levels = vocabulary().levels
    found: list[str] = []
    for count in range(1, len(doubles) + 1):
        for dropped in combinations(doubles, count):
            shorter = "".join(letter for at, letter in enumerate(word) if at not in dropped)
            if len(shorter) > 1 and shorter in levels:
                found.append(shorter)
    return max(found, key=levels.__getitem__) if found else None


def _harmful(word: str) -> str | None:
    if len(word) < _FEWEST_LETTERS:
        return None
    harm = harm_lexicon().rank
    near = [(_likelihood(other, word), other) for other in _near(word)]
    if near:
        _, best = max(near)
        return best if best in harm and _is_plausible(word, best) else None
    if len(word) < _TWO_EDITS_FROM:
        return None
    further = [other for other in _long_harmful().near(word) if word[0] == other[0] and edits_apart(word, other) == 2]
    return min(further, key=harm.__getitem__) if further else None


def _is_plausible(word: str, meant: str) -> bool:
    """In a word of four letters one changed letter is half of what tells it: only a likely slip counts."""
    return len(word) > _FEWEST_LETTERS or _cost_of_slip(meant, word) <= _VOWEL


def _near(word: str) -> list[str]:
    return [other for other in _common().near(word) if one_edit_apart(word, other)]


@cache
def _common() -> DeletionIndex:
    harm = harm_lexicon().rank
    return DeletionIndex(
        [word for word, level in vocabulary().levels.items() if len(word) > 2 and (level >= _RARE or word in harm)], 1
    )


@cache
def _long_harmful() -> DeletionIndex:
    return DeletionIndex([word for word in harm_lexicon().rank if len(word) > _TWO_EDITS_FROM], 2)


def _likelihood(meant: str, written: str) -> int:
    bonus = _HARM_BONUS if meant in harm_lexicon().rank else 0
    return vocabulary().levels[meant] + bonus - _cost_of_slip(meant, written)


def _cost_of_slip(meant: str, written: str) -> int:
    """How unlikely it is to write the one where the other is meant; the two are one edit apart."""
    at = next(
        (i for i, (a, b) in enumerate(zip(meant, written, strict=False)) if a != b), min(len(meant), len(written))
    )
    first = _FIRST_LETTER if at == 0 else 0
    if len(meant) > len(written):
        return first + (0 if meant[at] == meant[at - 1 : at] else _MISSING)
    if len(meant) < len(written):
        return first + (0 if written[at] == written[at - 1 : at] else _SURPLUS)
    if meant[at + 1 : at + 2] == written[at]:
        return min(first, 2)  # neighbours swapped
    if meant[at] + written[at] in _NEIGHBOURS:
        return first + _NEAR_KEY
    return first + (_VOWEL if meant[at] in _VOWELS and written[at] in _VOWELS else _CHANGED)
