"""What the text model says of texts that hold next to nothing."""

import pytest

from moderation.detectors.base import Sample
from moderation.detectors.normalise import normalise
from moderation.detectors.text.detector import TextDetector


@pytest.fixture(scope="module")
def detector():
    return TextDetector.build({}, [])


def scores(detector, text):
    (answer,) = detector.detect([Sample(text, normalise(text))])
    return {detection.category: detection.score for detection in answer}


@pytest.mark.parametrize(
    "text", [".", "a", "I", "ok", "12345", "?!", "👍🎉👍🎉", "🇩🇪", "é…ü", "да", "\u0301\u0301\u0301", "1 2 3 _ a"]
)
def test_fewer_than_three_letters_say_nothing(detector, text):
    assert set(scores(detector, text).values()) == {0.0}


@pytest.mark.parametrize("text", ["abc", "да!н", "f u n"])
def test_three_letters_of_any_script_are_read(detector, text):
    assert max(scores(detector, text).values()) > 0.0


def test_every_category_is_answered_even_where_nothing_is_read(detector):
    assert scores(detector, ".").keys() == scores(detector, "good morning").keys()


def test_digits_beside_an_insult_hide_nothing(detector):
    assert scores(detector, "7 " * 2_000 + "you are a stupid idiot")["harassment"] > 0.5
