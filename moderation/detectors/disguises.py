"""Step 3, reads a word in which digits or signs stand for letters, hide or part them: "1d10t", "id**t", "id-iot"."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

from moderation.detectors.harm_lexicon import harm_lexicon
from moderation.detectors.vocabulary import vocabulary

LONGEST = 40  # characters of a token that is read
_CACHED_TOKENS = 8_192
_MOST_READINGS = 256
_HARM_BONUS = 6  # levels of the vocabulary
_USUAL = 12  # levels: three letters make a word only if it is a usual one

_ADDRESS = re.compile(
    r"://|^www\.|^(?:@(?!\$)|[#/\\<])|@[^@]*\.[a-z]|\.(?:com|org|net|edu|gov|info|biz|io|co|uk|de|fr|eu|ru|html?|php|png|jpe?g|pdf)\b"
)
_LETTER = re.compile("[a-z]")
_SIGN = re.compile(r"[^a-z0-9\s]")
_EDGES = re.compile(r"^([(\[{\"'`.,;:?]*)(.*?)((?:'(?:s|t|m|d|re|ve|ll))?[)\]}\"'`.,;:?!]*)$", re.DOTALL)
_QUANTITY = re.compile(r"[$£€]?\d[\d.,:/]*[a-z]{0,4}|[a-z]{1,6}[-.]?\d{2,}|[a-z]\d|\d{1,2}-[a-z]+")
_CONTRACTED = re.compile(r"[a-z]+'(?:s|t|m|d|re|ve|ll|all|em|am|n|cause|til)")
_STANDS_FOR = {
    "0": "o", "1": "il", "2": "z", "3": "e", "4": "a", "5": "s", "6": "gb", "7": "t", "8": "b", "9": "g",
    "@": "a", "$": "s", "!": "il", "|": "li", "+": "t", "(": "c", "<": "c", "?": "", "¡": "i", "€": "e", "£": "l",
}  # fmt: skip
_HIDES = re.compile(r"[^a-z0-9\s]")
_SAYS_HIDDEN = frozenset("*#%@$&?^×✱•")  # what people put for a letter to spare others the word
_VOWELS = "aeiouy"


@lru_cache(maxsize=_CACHED_TOKENS)
def undisguised(token: str) -> str | None:
    """The token with its word in plain letters, or None where it holds no word in disguise.

    ``token`` is lower case and holds no space; the marks around the word stay. Never reads addresses, amounts,
    contractions, or words joined by a sign of which each is known ("and/or").
    """
    if len(token) > LONGEST or _ADDRESS.search(token):
        return None
    edges = _EDGES.match(token)
    before, core, after = edges.groups() if edges else ("", token, "")
    if not _LETTER.search(core) and len(core) < 3:
        return None
    word = _read(core) or (_read(core + after[:1]) if after[:1] == "!" else None)
    return None if word is None or word == core else before + word + after


def _read(core: str) -> str | None:
    if core.isalpha() or _QUANTITY.fullmatch(core) or _CONTRACTED.fullmatch(core):
        return _worst_of(core) if _QUANTITY.fullmatch(core) else None
    words, levels = vocabulary(), vocabulary().levels
    pieces = [piece for piece in _SIGN.split(core) if piece]
    if len(pieces) > 1 and all(piece.isdigit() or (piece in levels and len(piece) > 1) for piece in pieces):
        return _best(list(_harmful_of_shape(core))) if _says_hidden(core) else None
    best = _best([*_letters_read(core), *_parted(core)])
    hidden = _hidden(core) if best not in harm_lexicon().rank else None
    if hidden is not None and (best is None or hidden in harm_lexicon().rank):
        best = hidden
    if best is None and len(pieces) > 1:
        joined = "".join(pieces)
        best = joined if joined.isalpha() and len(joined) > 3 and words.knows(joined) else None
    return best


def _worst_of(core: str) -> str | None:
    """What looks like an amount is a word only if it is a harmful one of four letters or more: "455h0le"."""
    harm = harm_lexicon().rank
    return _best([word for word in _letters_read(core) if word in harm and len(word) > 3])


def _letters_read(core: str) -> Iterator[str]:
    """Every word of letters that the digits and signs can stand for, up to a bound."""
    choices = [character if character.isalpha() else _STANDS_FOR.get(character, "") for character in core]
    return islice(map("".join, product(*choices)), _MOST_READINGS) if all(choices) else iter(())


def _parted(core: str) -> Iterator[str]:
    """The letters without the signs between them; the digits stand for letters."""
    bare = _SIGN.sub("", core)
    return _letters_read(bare) if bare != core and len(bare) > 2 else iter(())


def _hidden(core: str) -> str | None:
    """The word with some letters hidden by one sign each: any word for vowels, a harmful one for more."""
    signs = _HIDES.findall(core)
    if not signs or len(core) < 3 or not core[0].isalpha() or not (core[-1].isalnum() or core[-1] in "*#%@_"):
        return None
    said = _says_hidden(core)
    candidates: list[str] = list(_harmful_of_shape(core)) if said and len(core) > len(signs) else []
    if len(signs) < 3 and (said or len(core) > 4):
        shapes = product(*(_VOWELS if not c.isalnum() else _STANDS_FOR.get(c, c) for c in core))
        candidates += islice(map("".join, shapes), _MOST_READINGS)
    elif len(signs) == 1 and len(core) == 4:
        harm = harm_lexicon().rank
        candidates = [word for word in (core.replace(signs[0], vowel) for vowel in _VOWELS) if word in harm]
    return _best(candidates, _HARM_BONUS if said else 0)


def _says_hidden(core: str) -> bool:
    return _SAYS_HIDDEN.issuperset(_HIDES.findall(core))


def _harmful_of_shape(core: str) -> Iterator[str]:
    """The harmful words whose open letters are these, the likeliest of each ending first: "f**k", "n*****s"."""
    shape = re.compile("".join("[a-z]" if _HIDES.match(c) else re.escape(c) for c in core))
    ends = core[-1] if core[-1].isalpha() else "abcdefghijklmnopqrstuvwxyz"
    by_ends = harm_lexicon().by_ends
    return (word for end in ends for word in by_ends.get((core[0], end, len(core)), ()) if shape.fullmatch(word))


def _best(candidates: Sequence[str], bonus: int = _HARM_BONUS) -> str | None:
    """The commonest known word, harmful ones ahead by the bonus; three letters count only as a usual word."""
    levels, harm = vocabulary().levels, harm_lexicon().rank
    found = [
        (levels[word] + (bonus if word in harm else 0), word)
        for word in candidates
        if levels.get(word, 0) and (len(word) > 3 or word in harm or levels[word] >= _USUAL)
    ]
    return max(found)[1] if found else None
