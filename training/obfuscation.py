"""Copies of training texts with the disguises that the normaliser cannot undo: letters swapped, starred or left out."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from training.dataset import LabelledText

_WORD = re.compile(r"[^\W\d_]{4,}")
_SHARE_OF_WORDS = 0.5


def obfuscated(rows: Sequence[LabelledText], share: float, weight: float, seed: int) -> list[tuple[int, LabelledText]]:
    """Copies of a random share of the rows, each with the place of its original; a label of a copy counts ``weight``.

    Texts of both answers are disguised alike, so that the disguise itself tells nothing.
    """
    dice = random.Random(seed)
    return [(place, _copy(row, weight, dice)) for place, row in enumerate(rows) if dice.random() < share]


def _copy(row: LabelledText, weight: float, dice: random.Random) -> LabelledText:
    change = dice.choice((_starred, _starred, _swapped, _doubled, _dropped))
    text = _WORD.sub(lambda word: change(word[0], dice) if dice.random() < _SHARE_OF_WORDS else word[0], row.text)
    weights = {name: row.weights.get(name, 1.0) * weight for name in row.labels}
    return replace(row, text=text, weights=weights)


def _starred(word: str, dice: random.Random) -> str:
    """One or two inner letters, vowels if there are any, become a sign."""
    vowels = [at for at in range(1, len(word) - 1) if word[at] in "aeiouAEIOU"] or [1]
    sign = dice.choice("***#-_.")
    hidden = set(dice.sample(vowels, min(len(vowels), dice.choice((1, 1, 2)))))
    return "".join(sign if at in hidden else letter for at, letter in enumerate(word))


def _swapped(word: str, dice: random.Random) -> str:
    at = dice.randint(1, len(word) - 2)
    return (
        word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :] if at > 1 else word[0] + word[2] + word[1] + word[3:]
    )


def _doubled(word: str, dice: random.Random) -> str:
    at = dice.randint(0, len(word) - 1)
    return word[:at] + word[at] + word[at:]


def _dropped(word: str, dice: random.Random) -> str:
    at = dice.randint(1, len(word) - 2)
    return word[:at] + word[at + 1 :]
