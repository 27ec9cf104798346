"""The transformer reads what the linear heads are unsure of, and its answer counts."""

import pytest

from moderation.detectors.base import Sample
from moderation.detectors.normalise import normalise
from moderation.detectors.text.detector import MOST_ENCODED, TextDetector
from moderation.detectors.text.encoder import Encoder

CALM = "The bus leaves at nine and the library opens at ten."
INSULT = "You are a stupid idiot."


def sample(text):
    return Sample(text, normalise(text))


@pytest.fixture
def encoded(monkeypatch):
    """Every text that the encoder is asked to read."""
    seen = []
    encode = Encoder.encode
    monkeypatch.setattr(Encoder, "encode", lambda self, texts: seen.extend(texts) or encode(self, texts))
    return seen


def test_a_plainly_calm_text_is_left_to_the_linear_heads(encoded):
    TextDetector.build({}, []).detect([sample(CALM)])
    assert encoded == []


def test_a_doubtful_text_is_read_by_the_encoder(encoded):
    TextDetector.build({}, []).detect([sample(CALM), sample(INSULT)])
    assert encoded == [normalise(INSULT).text]


def test_every_text_can_be_sent_to_the_encoder(encoded):
    TextDetector.build({"always_encode": True}, []).detect([sample(CALM), sample("?!")])
    assert encoded == [normalise(CALM).text]


def test_a_long_text_takes_a_bounded_number_of_readings(encoded):
    TextDetector.build({}, []).detect([sample((INSULT + " ") * 2_000), sample(INSULT)])
    assert len(encoded) == MOST_ENCODED + 1


def test_the_encoder_can_be_left_out(encoded):
    detector = TextDetector.build({"encoder": False}, [])
    (answer,) = detector.detect([sample(INSULT)])
    assert encoded == []
    assert {d.category for d in answer} == detector.categories
    assert next(d.score for d in answer if d.category == "toxicity") > 0.5


def test_the_version_names_every_model_that_reads():
    with_encoder, without = TextDetector.build({}, []).version, TextDetector.build({"encoder": False}, []).version
    assert with_encoder.startswith(without + "+")
