"""The shipped text model, on mild sentences of our own."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moderation.detectors.base import Sample
from moderation.detectors.normalise import normalise
from moderation.detectors.text.detector import TextDetector


@pytest.fixture(scope="module")
def detector():
    return TextDetector.build({}, [])


def scores(detector, *texts):
    answers = detector.detect([Sample(text, normalise(text)) for text in texts])
    return [{detection.category: detection.score for detection in answer} for answer in answers]


INSULT = "you are a stupid idiot"


@pytest.mark.parametrize(
    "text",
    [
        "Great recipe, thank you! My children loved it.",
        "The meeting has moved to three, please bring the slides.",
        "My neighbours are from Turkey and brought us cake.",
        "The install guide is at https://docs.example.org/install",
        "Restart the server and kill the old process.",
        "",
        " ",
        "👍",
    ],
)
def test_everyday_talk_scores_low(detector, text):
    assert max(scores(detector, text)[0].values()) < 0.6


def test_an_insult_scores_high(detector):
    (read,) = scores(detector, INSULT)
    assert read["toxicity"] > 0.9
    assert read["harassment"] > 0.9
    assert read["spam"] < 0.2


def test_an_advance_fee_scores_high_as_spam(detector):
    (read,) = scores(detector, "WINNER! You have won a cash prize of 900, call now to claim 09061234567")
    assert read["spam"] > 0.9


@pytest.mark.parametrize(
    "text", ["you are a s t u p i d i d i o t", "you are a $tup1d id!ot", "уоu аrе а stuріd іdiоt"]
)
def test_disguise_changes_little(detector, text):
    (read,) = scores(detector, text)
    assert read["toxicity"] > 0.9


def test_an_insult_in_a_long_text_is_not_diluted(detector):
    calm = "The river runs past the old mill and the children play on the bank. " * 60
    (read,) = scores(detector, calm + INSULT + ". " + calm)
    assert read["harassment"] > 0.5


def test_evidence_points_at_the_insult_in_the_original(detector):
    text = "Well well. You are a s-t-u-p-i-d idiot, he said."
    (answer,) = detector.detect([Sample(text, normalise(text))])
    (toxicity,) = [detection for detection in answer if detection.category == "toxicity"]
    marked = [text[e.start : e.end] for e in toxicity.evidence]
    assert any("idiot" in span for span in marked)
    assert not any("Well" in span for span in marked)


def test_a_calm_text_has_no_evidence(detector):
    (answer,) = detector.detect([Sample("good morning", normalise("good morning"))])
    assert all(detection.evidence == () for detection in answer)


def test_a_text_scores_the_same_alone_and_in_any_company(detector):
    texts = [INSULT, "", "good morning", "x" * 5_000, "hello " * 2_000]
    assert scores(detector, *texts) == [scores(detector, text)[0] for text in texts]


def test_no_samples_give_no_answers(detector):
    assert detector.detect([]) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.characters(codec=None, exclude_categories=()), max_size=60), min_size=1, max_size=5))
def test_any_text_scores_between_0_and_1_with_evidence_inside_it(texts):
    detector = TextDetector.build({"evidence_from": 0.0}, [])
    for text, answer in zip(texts, detector.detect([Sample(t, normalise(t)) for t in texts]), strict=True):
        assert all(0 <= detection.score <= 1 for detection in answer)
        assert all(0 <= e.start < e.end <= len(text) for detection in answer for e in detection.evidence)
