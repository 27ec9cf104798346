"""Texts made to hurt a careless finder: 50,000 characters of each are read, and masked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.detectors.base import Sample
from moderation.detectors.normalise import normalise
from moderation.detectors.pii.detector import MOST_SPANS, PiiDetector
from moderation.detectors.pii.masking import mask_text

DETECTOR = PiiDetector.build({}, [])
HOSTILE = {
    "digits": "1" * 50_000,
    "full-width digits": "４" * 50_000,
    "spaced digits": "1 " * 25_000,
    "dotted digits": "1." * 25_000,
    "brackets": "1(" * 25_000,
    "dashes": "12-" * 16_000,
    "cards": "4111 1111 1111 1111 " * 2_500,
    "digits beside a card word": "card 4 4 4 4 4 4 4 4 " * 2_400,
    "a row after a card word": "card " + "4,4" * 16_000,
    "dots and an at sign": ".a" * 25_000 + "@",
    "words against": "order id ref " * 3_000 + "=" * 9_000 + "4111111111111111",
    "at signs": "a@" * 25_000,
    "spelled out": "a at b dot com " * 3_300,
    "mails": "ab@cd.com " * 5_000,
    "colons": "a:" * 25_000,
    "telephones": "+14155552671 " * 3_800,
    "marks": "1" + "\u0301" * 49_999,
    "letters and digits": "A1" * 25_000,
    "words for documents": "passport no " * 4_000,
    "licence": "dl " + "1-" * 24_000,
    "street": "aA" * 25_000 + "weg",
    "surrogates": "\ud83d1" * 25_000,
}


def detect(text):
    (detections,) = DETECTOR.detect([Sample(text, normalise(""))])
    return detections


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_read(text):
    assert all(len(d.evidence) <= MOST_SPANS for d in detect(text))


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("0123456789 -.()+@:/xXaAbBzdotcm\u200b\u0301４\ud800é[]"), max_size=150))
def test_places_lie_inside_the_text_and_apart(text):
    spans = [(e.start, e.end) for d in detect(text) for e in d.evidence]
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(first[1] <= second[0] for first, second in zip(spans, spans[1:], strict=False))


def test_what_is_too_much_to_tell_is_one_place_to_the_end():
    text = "ab@cd.com " * 60
    (detection,) = detect(text)
    assert [e.detail for e in detection.evidence] == ["pii:email"] * 39 + ["pii:and more"]
    assert detection.evidence[-1].end == len(text)
    evidence = [{"category": "pii", "start": e.start, "end": e.end, "detail": e.detail} for e in detection.evidence]
    assert mask_text(text, evidence) == "[email] " * 39 + "[and more]"
