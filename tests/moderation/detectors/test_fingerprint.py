"""Which texts are told alike, and that any text has a fingerprint."""

import random
from itertools import combinations

import pytest

from moderation.detectors.fingerprint import MOST_DISTANCE, distance, fingerprint

NAMES = ["Ana", "Bo", "Carla", "Dev", "Emil", "Fatima", "Goran", "Hana", "Ivo", "Jo", "Karl", "Lena", "Mio", "Nora"]
SOUP = "My neighbour cooks a fine soup of onions and leeks every Sunday, and the whole street comes by."


def near(one, other):
    return distance(fingerprint(one).bits, fingerprint(other).bits) <= MOST_DISTANCE


def share_a_band(one, other):
    return bool(set(enumerate(fingerprint(one).bands)) & set(enumerate(fingerprint(other).bands)))


@pytest.mark.parametrize(
    "variant",
    [
        SOUP.upper(),
        SOUP.replace(",", " !!!").replace(".", "?"),
        SOUP.replace("Sunday", "Tuesday"),
        "7 " + SOUP + " https://soup.example/8?x=1",
        SOUP.replace("o", "0").replace("a", "\u0430"),
        "@ana " + SOUP.replace(" ", "  "),
    ],
    ids=["capitals", "punctuation", "a word", "number and address", "disguised letters", "mention and spaces"],
)
def test_a_variant_is_alike(variant):
    assert near(SOUP, variant)
    assert share_a_band(SOUP, variant)


def test_another_text_is_not_alike():
    other = "The trains were late again, so we walked along the river and talked about the holidays."
    assert not near(SOUP, other)
    assert not share_a_band(SOUP, other)


def test_almost_every_pair_of_a_wave_is_alike():
    random.seed(5)
    wave = [
        f"Dear {random.choice(NAMES)}, parcel {random.randint(1, 9**6)} waits: pay {random.randint(1, 9)} euros "
        f"of toll at https://p{n}.example/{n} before {random.choice(NAMES)} sends it back to us"
        for n in range(60)
    ]
    pairs = list(combinations(wave, 2))
    assert sum(near(*pair) and share_a_band(*pair) for pair in pairs) > 0.9 * len(pairs)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Good morning!", "Good evening!"), ("hello", "hallo"), ("你好", "你们好"), ("😂", "😭"), ("7", "8")],
)
def test_different_short_texts_are_not_alike(one, other):
    assert fingerprint(one).bands == fingerprint(other).bands == ()
    assert fingerprint(one).bits != fingerprint(other).bits


def test_a_short_text_is_alike_to_itself_in_other_dress():
    assert fingerprint("Good  MORNING!!") == fingerprint("good morning")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("昨日我们在河边散步，然后一起喝了很好的汤。", "昨日我们在河边散步，然后一起喝了很好的茶。"),
        ("เมื่อวานเราเดินเล่นริมแม่น้ำแล้วกินซุปอร่อยด้วยกัน", "เมื่อวานเราเดินเล่นริมแม่น้ำแล้วกินซุปอร่อยด้วยกันนะ"),
    ],
    ids=["han", "thai"],
)
def test_scripts_without_spaces_are_compared_too(one, other):
    assert near(one, other)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\ud800" * 9, "a" * 50_000, "word " * 10_000, "a.b-" * 12_500, "e" + "\u0301" * 10_000, "\u0378" * 50]
)  # fmt: skip
def test_any_text_has_a_fingerprint(text):
    found = fingerprint(text)
    assert -(2**63) <= found.bits < 2**63
    assert fingerprint(text) == found
