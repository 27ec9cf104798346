"""Personal data in odd letters and separators, and numbers that only look like it."""

import pytest

from moderation.detectors.base import Sample
from moderation.detectors.normalise import normalise
from moderation.detectors.pii.detector import PiiDetector
from moderation.detectors.pii.masking import mask_text

DETECTOR = PiiDetector.build({}, [])


def detect(text):
    (detections,) = DETECTOR.detect([Sample(text, normalise(text))])
    return detections


def masked(text):
    evidence = [
        {"category": "pii", "start": e.start, "end": e.end, "detail": e.detail}
        for d in detect(text)
        for e in d.evidence
    ]
    return mask_text(text, evidence) or text


def score(text):
    return max((detection.score for detection in detect(text)), default=0.0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("write anna＠example.com please", "write [email] please"),
        ("anna＠example．com", "[email]"),
        ("anna@example。com", "[email]"),
        ("ａｎｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "[email]"),
        ("我的邮箱是 anna@example.com。谢谢", "我的邮箱是 [email]。谢谢"),
        ("...anna@example.com", "...[email]"),
        ("anna@example.com.bert@example.org", "[email].[email]"),
    ],
)
def test_an_address_is_masked_in_any_letters(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    "number",
    [
        "4111\n1111\n1111\n1111",
        "4111 - 1111 - 1111 - 1111",
        "4111   1111   1111   1111",
        "4111/1111/1111/1111",
        "4111, 1111, 1111, 1111",
        "4111,1111,1111,1111",
        "4111*1111*1111*1111",
        "41 11 11 11 11 11 11 11",
        "41-11-11-11-11-11-11-11",
        "4111 (1111) 1111: 1111",
        "4,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1",
        "37 8282 2463 10005",
    ],
)
def test_a_card_beside_its_word_is_masked_whatever_parts_it(number):
    assert masked(f"my card {number} ok") == "my card [card] ok"
    assert score(f"my card {number} ok") >= 0.95


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("-4111111111111111", "-[card]"),
        ("_4111111111111111_", "_[card]_"),
        ("card4111111111111111", "card[card]"),
        ("card4111 1111 1111 1111", "card[card]"),
        ("card_4111111111111111", "card_[card]"),
        ("4111 - 1111 - 1111 - 1111", "[card]"),
        ("4111\n1111\n1111\n1111", "[card]"),
        ("4111/1111/1111/1111", "[card]"),
        ("41 11 11 11 11 11 11 11", "[card]"),
    ],
)
def test_a_card_without_a_blank_or_a_word_is_masked(text, shown):
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "4111, 1111, 1111, 1111",
        "550e8400-e29b-41d4-a716-4111111111111111",
        "discard4111111111111111",
        "my card 4111, 1111, 1111, 1112",
        "score 21-15 21-19 15-21",
        "21-15 21-19 15-21",
        " ".join(map(str, range(1, 17))),
        " ".join(map(str, range(1, 60))),
        "call me, 1 2 3 4 5 6 7",
        "invoice 2024-000123-4567",
        "2024-000123-4567",
        "My booking ref is AB123456C",
        "order 415-555-2671",
    ],
)
def test_other_numbers_stay_readable(text):
    assert masked(text) == text


def test_a_telephone_number_digit_by_digit_is_masked_whole():
    assert masked("call me 0 7 9 1 1 1 2 3 4 5 6 now") == "call me [phone] now"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM t WHERE id=5105105105105100",
        "user_id: 5105105105105100",
        "my score is 4012888888881881",
        "I have 4012888888881881 points",
        "tracking number 5105105105105100",
        "booking ref 5105105105105100",
    ],
)
def test_a_word_against_it_halves_what_has_no_word_of_its_own(text):
    assert score(text) == 0.45


def test_its_own_word_outweighs_a_word_against():
    assert score("my card id is 5105105105105100") == 0.98
    assert score("national insurance ref AB123456C") == 0.95
