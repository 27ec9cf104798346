"""Character attacks: what people do to the letters of a text so that a machine reads past it. Pure and seeded."""

import re
from collections.abc import Callable
from functools import partial
from random import Random

Attack = Callable[[str, Random], str]
WordAttack = Callable[[str, Random], str]

_TOKEN = re.compile(r"\S+")
_LETTERS = re.compile(r"[^\W\d_]+")
_UNTOUCHED = re.compile(r"https?:|www\.|[@#&]|\S+@\S+\.\w")  # addresses, names and tags are not the message
_FEWEST_LETTERS = 3

_LEET = {"a": "4@", "b": "8", "e": "3", "g": "9", "i": "1!|", "l": "1|", "o": "0", "s": "5$", "t": "7+", "z": "2"}
_HOMOGLYPHS = {
    "a": "аɑα", "b": "Ьƅ", "c": "сϲ", "d": "ԁ", "e": "еҽє", "g": "ɡ", "h": "һ", "i": "іι", "j": "ј", "k": "κк",
    "l": "ӏⅼ", "m": "м", "n": "ո", "o": "оοօ", "p": "рρ", "q": "ԛ", "r": "г", "s": "ѕ", "t": "т", "u": "υս", "v": "ѵν",
    "w": "ԝ", "x": "хχ", "y": "уγ", "z": "ᴢ",
}  # fmt: skip
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
_MARKS = "\u0300\u0301\u0302\u0303\u0308\u0323\u0331\u0332\u0335\u0336\u0337\u0338\u035f"
_SMALL_CAPITALS = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ"
_UPSIDE_DOWN = "ɐqɔpǝɟƃɥᴉɾʞlɯuodbɹsʇnʌʍxʎz"
# Where an alphabet of 26 begins: bold, script, fraktur, double-struck, monospace, circled (twice), squared, bracketed.
_COSTUMES = (0x1D41A, 0x1D4EA, 0x1D586, 0x1D552, 0x1D68A, 0x24D0, 0x1F150, 0x1F130, 0x249C)
_REGIONAL, _SQUARED = 0x1F1E6, 0x1F170
_SQUARE_EMOJI = {"a": "🅰️", "b": "🅱️", "o": "🅾️", "p": "🅿️", "m": "Ⓜ️", "x": "❌", "i": "ℹ️", "t": "✝️"}
_KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


def _letterwise(table: dict[str, str], share: float, word: str, dice: Random) -> str:
    """Some letters by their stand-ins, at least one where the word has any that can be."""
    able = [at for at, letter in enumerate(word) if letter.lower() in table]
    sure = dice.choice(able) if able else -1
    return "".join(
        dice.choice(table[c.lower()]) if at == sure or (at in able and dice.random() < share) else c
        for at, c in enumerate(word)
    )


def _after_letters(signs: str, share: float, most: int, word: str, dice: Random) -> str:
    """One or more of the signs after some of the letters, at least after one."""
    sure = dice.randrange(len(word) - 1)
    return "".join(
        c + "".join(dice.choices(signs, k=dice.randint(1, most))) if at == sure or dice.random() < share else c
        for at, c in enumerate(word)
    )


def _alphabet(first: int, word: str) -> str:
    return "".join(chr(first + ord(c) - 97) if "a" <= c <= "z" else c for c in word.lower())


def _full_width(word: str, _: Random) -> str:
    return "".join(chr(ord(c) - 0x21 + 0xFF01) if "!" <= c <= "~" else c for c in word)


def _costume(word: str, dice: Random) -> str:
    dressed = str.maketrans("abcdefghijklmnopqrstuvwxyz", dice.choice((_SMALL_CAPITALS, _UPSIDE_DOWN)))
    return word.lower().translate(dressed) if dice.random() < 0.4 else _alphabet(dice.choice(_COSTUMES), word)


def _emoji_letters(word: str, dice: Random) -> str:
    style = dice.random()
    if style < 0.35:
        return "".join(_SQUARE_EMOJI.get(c, c) for c in word.lower())
    joint = dice.choice(("", "", "\u200b"))
    return joint.join(_alphabet(_REGIONAL if style < 0.7 else _SQUARED, c) for c in word)


def _joined_by(joints: str, word: str, dice: Random) -> str:
    return dice.choice(joints).join(word)


def _repeated(word: str, dice: Random) -> str:
    chosen = set(dice.sample(range(len(word)), dice.choice((1, 1, 2))))
    return "".join(c * dice.randint(2, 6) if at in chosen else c for at, c in enumerate(word))


def _swapped(word: str, dice: Random) -> str:
    """Two neighbours change places; the first letter stays where the word is long enough."""
    at = dice.randint(1 if len(word) > 3 else 0, len(word) - 2)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _dropped(word: str, dice: Random) -> str:
    at = dice.randint(1, len(word) - 1) if len(word) > 3 else len(word)
    return word[:at] + word[at + 1 :]


def _mistyped(word: str, dice: Random) -> str:
    """One letter by a neighbour on the keyboard, or a neighbour typed beside it."""
    at = dice.randrange(len(word))
    row = next((row for row in _KEYS if word[at].lower() in row), "")
    key = row.find(word[at].lower())
    near = row[max(key - 1, 0) : key] + row[key + 1 : key + 2]
    typed = dice.choice(near) if near else word[at]
    return word[:at] + typed + word[at + (dice.random() < 0.7) :]


def _masked(word: str, dice: Random) -> str:
    """One or two inner letters, vowels if there are any, become a sign."""
    vowels = [at for at in range(1, len(word)) if word[at] in "aeiouAEIOU"] or [1]
    hidden = set(dice.sample(vowels, min(len(vowels), dice.choice((1, 1, 2)))))
    sign = dice.choice("***#-_.@%")
    return "".join(sign if at in hidden else c for at, c in enumerate(word))


def _punctuated(word: str, dice: Random) -> str:
    at = dice.randint(1, len(word) - 1)
    return word[:at] + dice.choice(".-_*'/,~") + word[at:]


def _mixed_case(word: str, dice: Random) -> str:
    return "".join(c.upper() if dice.random() < 0.5 else c.lower() for c in word)


_WORD_ATTACKS: dict[str, WordAttack] = {
    "leet": partial(_letterwise, _LEET, 0.5),
    "homoglyph": partial(_letterwise, _HOMOGLYPHS, 0.5),
    "zero_width": partial(_after_letters, _INVISIBLE, 0.5, 1),
    "combining": partial(_after_letters, _MARKS, 0.7, 3),
    "full_width": _full_width,
    "costume": _costume,
    "spaced": partial(_joined_by, " "),
    "dotted": partial(_joined_by, "..-*"),
    "underscored": partial(_joined_by, "_"),
    "repeat": _repeated,
    "swap": _swapped,
    "drop": _dropped,
    "typo": _mistyped,
    "mask": _masked,
    "punctuated": _punctuated,
    "emoji_letters": _emoji_letters,
    "case": _mixed_case,
}


def _attacked(name: str, text: str, dice: Random, share: float = 1.0) -> str:
    """Every word of three letters or more, or a random share of them, through one attack, or one by one ("mixture")."""

    def change(letters: re.Match[str]) -> str:
        if len(letters[0]) < _FEWEST_LETTERS or dice.random() >= share:
            return letters[0]
        chosen = dice.choice(tuple(_WORD_ATTACKS)) if name == "mixture" else name
        return _WORD_ATTACKS[chosen](letters[0], dice)

    def token(match: re.Match[str]) -> str:
        return match[0] if _UNTOUCHED.match(match[0]) else _LETTERS.sub(change, match[0])

    attacked = _TOKEN.sub(token, text)
    return attacked if name != "spaced" or share < 1 else _wider_gaps(text, dice)


def _wider_gaps(text: str, dice: Random) -> str:
    """All letters apart; the words mostly further apart than the letters, sometimes not."""
    gap = dice.choice(("  ", "   ", " "))
    return gap.join(" ".join(word) for word in text.split())


def _spaces_removed(text: str, _: Random) -> str:
    return "".join(text.split())


def _spaces_partly_removed(text: str, dice: Random) -> str:
    return re.sub(r"\s+", lambda gap: gap[0] if dice.random() < 0.4 else "", text)


ATTACKS: dict[str, Attack] = {
    **{name: partial(_attacked, name) for name in (*_WORD_ATTACKS, "mixture")},
    "spaces_removed": _spaces_removed,
    "spaces_partly_removed": _spaces_partly_removed,
}

# What the normaliser cannot always undo is met more often in training.
_WEIGHTS = {"swap": 3, "drop": 3, "typo": 3, "mask": 3, "mixture": 3, "spaces_removed": 2, "punctuated": 2}


def attack(text: str, dice: Random) -> str:
    """The text after one attack drawn at random, on some of its words or on all. The dice alone decide."""
    (name,) = dice.choices(tuple(ATTACKS), [_WEIGHTS.get(name, 1) for name in ATTACKS])
    if name in _WORD_ATTACKS or name == "mixture":
        return _attacked(name, text, dice, dice.choice((0.3, 0.5, 0.8, 1.0)))
    return ATTACKS[name](text, dice)
