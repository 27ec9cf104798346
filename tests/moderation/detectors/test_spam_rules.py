"""Rules against spam: each sign, and everyday talk that shows none."""

import pytest

from moderation.detectors.base import DetectorConfigError, Sample
from moderation.detectors.normalise import normalise
from moderation.detectors.spam_rules import SpamRulesDetector


def detect(text):
    (detections,) = SpamRulesDetector.build({}, []).detect([Sample(text, normalise(text))])
    return detections[0] if detections else None


@pytest.mark.parametrize(
    ("text", "score", "details"),
    [
        ("You have won, congratulations", 0.3, {"offer"}),
        ("You have won a free gift", 0.45, {"offer"}),
        ("You have won, see www.example.com", 0.615, {"offer", "way to answer the offer"}),
        ("free gift! click here http://a.example", 0.6975, {"offer", "way to answer the offer"}),
        ("f r e e  g i f t", 0.3, {"offer"}),
        ("www.example.com or +49 170 123 45 67", 0.4, {"link and telephone number"}),
        ("buy " * 20, 0.5, {"the same words over and over"}),
        ("come to my lovely shop\n" * 3 + "come to my lovely shop", 0.5, {"the same words over and over"}),
        ("go\u200bod da\u200by", 0.4, {"hidden characters"}),
        ("THIS IS WRITTEN IN CAPITAL LETTERS", 0.15, {"shouting"}),
    ],
)
def test_sign_is_scored(text, score, details):
    detection = detect(text)
    assert detection.score == score
    assert {e.detail for e in detection.evidence} == details


@pytest.mark.parametrize(
    "text",
    [
        "See https://example.com for the minutes.",
        "Call me on 0170 1234567 tonight",
        "I won a prize at school once",
        "OK, NASA and the BBC said so",
        "ha ha ha ha ha",
        "👩\u200d👩\u200d👧 my family",
        "می\u200cخواهم",
        "",
    ],
)
def test_everyday_talk_shows_none(text):
    assert detect(text) is None


def test_all_signs_together_stay_below_certainty():
    text = "YOU HAVE WON A FREE GIFT! CLICK HERE http://a.example " * 5 + "+49 170 1234567 go\u200bod go\u200bod"
    assert detect(text).score == 0.85


def test_evidence_points_into_the_original():
    text = "hello, y.o.u have w0n it"
    detection = detect(text)
    assert detection is None or all(e.end <= len(text) for e in detection.evidence)
    (evidence,) = detect("so F R E E  G I F T now").evidence
    assert (evidence.start, evidence.end) == (3, 19)


def test_options_are_refused():
    with pytest.raises(DetectorConfigError, match="Detector spam_rules has no option 'x'. It knows: none."):
        SpamRulesDetector.build({"x": 1}, [])


@pytest.mark.parametrize("text", ["9 " * 25_000, "a-" * 25_000, "\u200ba" * 25_000, "\n" * 50_000, "free " * 10_000])
def test_hostile_texts_are_survived(text):
    detect(text)
