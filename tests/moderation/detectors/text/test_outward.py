"""Categories as the world names them, from our heads."""

import pytest

from moderation.detectors.text.outward import DERIVED, outward
from moderation.enums import Category

QUIET = dict.fromkeys(
    (
        "toxicity", "severe_toxicity", "insult", "profanity", "harassment", "threat", "hate", "violence",
        "violence/graphic", "sexual", "self-harm", "self-harm/intent", "self-harm/instructions", "illicit",
        "illicit/violent", "spam", "any_harm",
    ),
    0.0,
)  # fmt: skip


def read(text="the text", **scores):
    return outward(QUIET | scores, text)


def test_every_category_that_text_can_have_is_answered():
    elsewhere = {Category.PII, Category.URL_RISK, Category.NSFW_IMAGE}
    assert set(read()) == set(Category.values) - elsewhere == set(QUIET) | DERIVED


def test_identity_attack_is_what_openai_calls_hate():
    assert read(hate=0.7)["identity_attack"] == 0.7


def test_a_threatening_kind_is_as_likely_as_its_less_likely_side():
    scores = read(harassment=0.9, threat=0.4, hate=0.3, violence=0.8)
    assert scores["harassment/threatening"] == 0.4
    assert scores["hate/threatening"] == 0.3


@pytest.mark.parametrize(
    ("child", "parent"),
    [
        ("violence/graphic", "violence"), ("self-harm/intent", "self-harm"), ("self-harm/instructions", "self-harm"),
        ("illicit/violent", "illicit"), ("severe_toxicity", "toxicity"),
    ],
)  # fmt: skip
def test_a_kind_never_exceeds_its_parent(child, parent):
    assert outward(QUIET | {child: 0.9, parent: 0.2}, "the text")[child] == 0.2
