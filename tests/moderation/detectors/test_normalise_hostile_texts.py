"""Texts made to hurt a careless reader: 50,000 characters of each are read."""

import pytest

from moderation.detectors.normalise import normalise

LETTERS = "abcdefghijklmnopqrstuvwxyz"
HOSTILE = {
    "marks": "\u0301" * 50_000,
    "stacked marks": ("e" + "\u0301\u0336\u035c" * 10) * 1_600,
    "surrogates": "\ud83d" * 50_000,
    "right to left": "\u202e\u05d0\u0628" * 16_000,
    "emoji": "👩\u200d👩\u200d👧" * 10_000,
    "spaced": "a " * 25_000,
    "dotted": "a." * 25_000,
    "gaps": "a   " * 12_500,
    "leet": "a1" * 25_000,
    "signs": "$" * 50_000,
    "mail": "a@" * 25_000,
    "mail tails": "a@" + "b" * 49_998,
    "look-alikes": "о" * 25_000 + "a" * 25_000,
    "runs": "ab" * 5_000 + "a" * 40_000,
    "nul": "\x00" * 50_000,
    "expanding": "\ufdfa" * 10_000,
    "letters": "abcdefghijklm" * 3_846,
    "slips": " ".join(f"idio{a}{b}" for a in LETTERS for b in LETTERS for _ in range(10)),
    "words without spaces": "the" * 16_000,
    "masks": " ".join(f"{a}**{b}*t" for a in LETTERS for b in LETTERS for _ in range(10)),
    "tags": "#sillygoose" * 4_500,
    "animals": "🐷🐒" * 25_000,
    "turned": "ɐʇ" * 25_000,
    "jamo": "\u1112\u1161" * 25_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_read(text):
    read = normalise(text)
    assert len(read.offsets) == len(read.text) + 1


def test_ten_thousand_marks_leave_the_letters():
    assert normalise("s" + "\u0301" * 10_000 + "illy").text == "silly"
