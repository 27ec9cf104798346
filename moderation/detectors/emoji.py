"""Step 3, for the normaliser: puts emoji that can be used to hurt into words, and reads emoji drawn as letters."""

import re
from itertools import islice

# Written by hand. Cheerful faces, hearts, hands and food are not here: they are read as they stand.
_MEANINGS = {
    "pig": "🐷🐖🐽", "monkey": "🐵🐒🙈🙉🙊", "ape": "🦍🦧", "dog": "🐕🐶", "rat": "🐀🐁", "snake": "🐍", "cow": "🐄🐮",
    "donkey": "🫏", "goat": "🐐", "camel": "🐪🐫", "cockroach": "🪳", "bug": "🐛🐜", "mosquito": "🦟", "worm": "🪱",
    "spider": "🕷", "whale": "🐋🐳", "snail": "🐌", "sheep": "🐑", "chicken": "🐔", "microbe": "🦠",
    "clown": "🤡", "shit": "💩", "trash": "🗑🚮", "vomit": "🤮", "sick": "🤢", "toilet": "🚽", "rubbish": "🚯",
    "knife": "🔪🗡", "gun": "🔫", "bomb": "💣🧨", "axe": "🪓", "blood": "🩸", "death": "☠💀⚰🪦⚱", "hammer": "🔨",
    "sword": "⚔", "punch": "👊", "noose": "🪢", "saw": "🪚", "syringe": "💉",
    "middle finger": "🖕", "penis": "🍆", "ass": "🍑", "cum": "💦", "tongue": "👅",
    "sex": "🔞", "devil": "👿😈👹", "angry": "😡🤬😠", "alien": "👽👾", "ogre": "👺",
    "gay": "🌈", "gay men": "👬", "lesbian": "👭", "transgender": "⚧", "man": "👨", "woman": "👩", "girl": "👧",
    "boy": "👦", "old man": "👴", "old woman": "👵", "baby": "👶", "muslim woman": "🧕", "turban": "👳", "asian": "👲",
    "mosque": "🕌🕋", "islam": "☪", "jewish": "✡🕎🔯", "synagogue": "🕍", "church": "⛪", "christian": "✝",
    "disabled": "♿", "blind": "🦯", "deaf": "🧏🦻", "pregnant": "🤰🫃",
    "refugee": "🛶", "hindu": "🕉", "wheelchair": "🦽",
    "dead": "😵", "zombie": "🧟", "witch": "🧙",
}  # fmt: skip
_SKIN = {"🏻": "white", "🏼": "white", "🏽": "brown", "🏾": "black", "🏿": "black"}
_PEOPLE = "👨👩👧👦👴👵👶👬👭👫🧑🧔🧕👳👲🤰🐒🦍🐵"

_WORD_OF = {emoji: word for word, drawn in _MEANINGS.items() for emoji in drawn} | _SKIN
_MEANT = re.compile(f"([{''.join(set(_WORD_OF) - set(_SKIN))}])\\1*|(?<=[{_PEOPLE}])[{''.join(_SKIN)}]")
_MOST = 400  # emoji of one text that are put into words

# Emoji drawn as a letter, read so inside a word only: the folding of look-alikes does the squared and circled ones.
_LETTER_EMOJI = {
    "❌": "x", "❎": "x", "✖": "x", "⭕": "o", "🔴": "o", "⚪": "o", "✝": "t", "➕": "t", "❗": "i", "💲": "s",
    "🔱": "w", "☪": "c", "⚡": "z", "♏": "m", "⚓": "j", "🅱": "b", "♎": "n", "〽": "m",
}  # fmt: skip
_IN_WORD = re.compile(
    rf"(?<=[a-z])[{''.join(_LETTER_EMOJI)}](?=[a-z])|(?<![\w])[{''.join(_LETTER_EMOJI)}](?=[a-z]{{2}})"
)


def letters_of_emoji(text: str) -> str:
    """Letter-like emoji between letters as letters; the length stays."""
    return _IN_WORD.sub(lambda match: _LETTER_EMOJI[match[0]], text)


def worded_emoji(text: str) -> list[tuple[int, int, str]]:
    """Edits that set behind each emoji, or run of one, the word that it means, between spaces."""
    edits = []
    for match in islice(_MEANT.finditer(text), _MOST):
        gap = "" if text[match.end() : match.end() + 1] == " " else " "
        edits.append((*match.span(), f"{match[0]} {_WORD_OF[match[0][0]]}{gap}"))
    return edits
