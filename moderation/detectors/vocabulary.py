"""Step 3, the English words in use, how common each is, and which pairs of them are usual."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parent / "artifacts" / "vocabulary"
LEVELS_AN_OCTAVE = 2  # a word two levels up is twice as common
_ENDINGS = ("s", "ed", "ing", "er", "ers", "ly", "es", "d", "est", "y", "able", "ness", "less", "ish", "like", "r")
_BEGINNINGS = ("un", "re", "non", "anti", "over", "pre", "mis", "out")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """``levels`` maps a word to the logarithm of how common it is; ``pairs`` holds "word word" often seen together."""

    levels: dict[str, int]
    pairs: frozenset[str]

    def knows(self, word: str) -> bool:
        """Whether a lower-case word is plain English, or a regular form of a word that is."""
        return word in self.levels or self._is_form(word)

    def _is_form(self, word: str) -> bool:
        for ending in _ENDINGS:
            if word.endswith(ending):
                stem = word[: -len(ending)]
                if len(stem) > 3 and (stem in self.levels or self._is_stem(stem, ending)):
                    return True
        return any(
            word.startswith(start) and len(word) > len(start) + 3 and word[len(start) :] in self.levels
            for start in _BEGINNINGS
        )

    def _is_stem(self, stem: str, ending: str) -> bool:
        """ "hop" of "hopping", "bake" of "baking", "happy" of "happiness"."""
        if ending[0] not in "aeiy" and stem[-1] != "i":
            return False
        return (
            stem + "e" in self.levels
            or (stem[-1] == stem[-2] and stem[:-1] in self.levels)
            or (stem[-1] == "i" and stem[:-1] + "y" in self.levels)
        )


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary, read once a process, at the first need: some 30,000 words, 6 MB."""
    levels: dict[str, int] = {}
    for line in (_FOLDER / "words.txt").read_text(encoding="ascii").splitlines():
        level, *words = line.split()
        levels.update(dict.fromkeys(words, int(level)))
    pairs: list[str] = []
    for line in (_FOLDER / "pairs.txt").read_text(encoding="ascii").splitlines():
        first, *seconds = line.split()
        pairs.extend(f"{first} {second}" for second in seconds)
    return Vocabulary(levels, frozenset(pairs))
