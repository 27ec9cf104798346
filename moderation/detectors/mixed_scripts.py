"""Step 3, for the normaliser: gives a word of two scripts, half of it look-alikes, back to the one it is written in."""

import re
from typing import NamedTuple

from moderation.detectors.lookalikes import CYRILLIC_TWINS, GREEK_TWINS, SCRIPT_LOOKALIKES, SCRIPT_SOUNDS
from moderation.detectors.vocabulary import vocabulary

_OTHER_LETTERS = "\u0370-\u03ff\u0400-\u052f\u0531-\u0587\u10d0-\u10ff\u13a0-\u13fd\u2c80-\u2cff\uab70-\uabbf"
_OTHER_LETTER = re.compile(f"[{_OTHER_LETTERS}]")
_WORD = re.compile(f"[a-z{_OTHER_LETTERS}]+")
_FOREIGN_WORD = re.compile(f"[a-z]*[{_OTHER_LETTERS}][a-z{_OTHER_LETTERS}]*")
_LATIN_LETTER = re.compile("[a-z]")
_MIXED_ON_PURPOSE = 2  # words of two scripts: one may be a slip of the keyboard
_TELLING = 3  # a letter that only one of the scripts has weighs as many as so many that both have
_FEWEST_ENGLISH, _ENGLISH_SHARE = 3, 0.5  # words: a few Russian ones look English by chance
_MOST_LOOKED_UP = 400  # words of a text: the rest is written alike
_FEWEST_LETTERS = 3  # of a word of Latin look-alikes in a text of another script: "oh" may be meant


class _Script(NamedTuple):
    """A script whose words may hold Latin letters that look like its own."""

    letters: re.Pattern[str]
    twins: dict[str, str]  # Latin letter: the one that it passes for


_CYRILLIC = _Script(re.compile("[\u0400-\u052f]"), CYRILLIC_TWINS)
_GREEK = _Script(re.compile("[\u0370-\u03ff]"), GREEK_TWINS)


def without_mixed_words(text: str) -> str:
    """``text``, in lower case, with each word in one script; as long as it was.

    A word of two scripts goes to the one of its telling letters, that is those without a twin in the other; where it
    has none, to the script of the text. Words of nothing but look-alikes follow the text, too: a Latin text, or one
    that mixes scripts in several words, has them in Latin. Real Russian or Greek, also beside English, stays.
    """
    if text.isascii() or not _OTHER_LETTER.search(text):
        return text
    if _is_english_in_disguise(text):
        return _FOREIGN_WORD.sub(lambda match: _in_latin(match[0]), text)
    script = _CYRILLIC if len(_CYRILLIC.letters.findall(text)) >= len(_GREEK.letters.findall(text)) else _GREEK
    latin, other = _weights(text, script)
    if other > latin:
        return _WORD.sub(lambda match: _of_other_text(match[0], script), text)
    mixed = sum(1 for word in _FOREIGN_WORD.findall(text) if _LATIN_LETTER.search(word))
    letters = len(_LATIN_LETTER.findall(text))
    mostly_latin = letters * 2 > sum(map(str.isalpha, text)) or mixed >= _MIXED_ON_PURPOSE
    return _FOREIGN_WORD.sub(lambda match: _of_latin_text(match[0], script, mostly_latin=mostly_latin), text)


def _is_english_in_disguise(text: str) -> bool:
    """Whether most longer words with letters of another script are plain English once their look-alikes are undone."""
    words = [word for word in _FOREIGN_WORD.findall(text)[:_MOST_LOOKED_UP] if len(word) >= _FEWEST_LETTERS]
    knows = vocabulary().knows
    english = sum(1 for word in words if knows("".join([SCRIPT_LOOKALIKES.get(c, c) for c in word])))
    return english >= _FEWEST_ENGLISH and english > _ENGLISH_SHARE * len(words)


def twin_spellings(word: str) -> set[str]:
    """The lower-case ``word`` in letters of another script that look the same, where every letter has such a twin."""
    spellings = set()
    for twins in (CYRILLIC_TWINS, GREEK_TWINS):
        back = {other: latin for latin, other in twins.items()}
        for table in (twins, back):
            if word and all(c in table or not c.isalpha() for c in word):
                spellings.add("".join(table.get(c, c) for c in word))
    return {spelling for spelling in spellings if spelling != word}


def _weights(word: str, script: _Script) -> tuple[int, int]:
    """How much speaks for Latin and how much for the other script; (0, 0) where no letter is telling."""
    latin = _LATIN_LETTER.findall(word)
    other = script.letters.findall(word)
    own = set(script.twins.values())
    telling_latin = sum(c not in script.twins for c in latin)
    telling_other = sum(c not in own for c in other)
    if not telling_latin and not telling_other:
        return 0, 0
    more = _TELLING - 1
    return len(latin) + more * telling_latin, len(other) + more * telling_other


def _of_other_text(word: str, script: _Script) -> str:
    """A word of a text that is mostly in ``script``."""
    if not _LATIN_LETTER.search(word):
        return word
    latin, other = _weights(word, script)
    mixed = script.letters.search(word) is not None
    if latin > other and not all(c in script.twins for c in _LATIN_LETTER.findall(word)):
        return _in_latin(word) if mixed else word
    if not mixed and (other or len(word) < _FEWEST_LETTERS or vocabulary().knows(word)):
        return word
    return "".join([script.twins.get(c, c) for c in word])


def _of_latin_text(word: str, script: _Script, *, mostly_latin: bool) -> str:
    """A word with letters of another script, of a text that is not mostly in it."""
    if not _LATIN_LETTER.search(word):
        return _in_latin(word) if mostly_latin and all(c in SCRIPT_LOOKALIKES for c in word) else word
    latin, other = _weights(word, script)
    if other > latin:
        return "".join([script.twins.get(c, c) for c in word])
    return _in_latin(word)


def _in_latin(word: str) -> str:
    """Look-alikes as the letters they pass for, and where Latin letters are the most, what is left by its sound."""
    plain = "".join([SCRIPT_LOOKALIKES.get(c, c) for c in word])
    if len(_LATIN_LETTER.findall(plain)) * 2 <= len(plain):
        return plain
    return "".join([SCRIPT_SOUNDS.get(c, c) for c in plain])
