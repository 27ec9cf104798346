"""Calls as Perspective's clients make them."""

import pytest

from moderation.models import ApiKey
from reviewengine.hints import hints

ANALYZE, SUGGEST = "/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore"


@pytest.fixture(autouse=True)
def _whole_limits():
    forget_limits()


def forget_limits() -> None:
    """What was counted before: many wrong keys from one address are refused whatever they are."""
    with hints() as redis:
        redis.flushdb()


@pytest.fixture
def score_key(platform) -> str:
    """What a platform that only scores has."""
    return ApiKey.issue(client=platform, scopes=["score"])


@pytest.fixture
def keyless(api_of):
    """An Api that sends no key by itself."""
    return api_of("")


@pytest.fixture
def analyze(keyless, score_key):
    """``analyze(text, "TOXICITY", ...)``: the answer, the key in the address; further members of the body by name."""

    def call(text: str, *attributes: str, kind: str = "PLAIN_TEXT", **members):
        requested = {"requestedAttributes": {name: {} for name in attributes}} if attributes else {}
        body = {"comment": {"text": text, "type": kind}, **requested, **members}
        return keyless.post(f"{ANALYZE}?key={score_key}", body)

    return call


@pytest.fixture
def suggest(keyless, key):
    """``suggest(text, {"TOXICITY": 0.9})``: the answer of comments:suggestscore."""

    def call(text: str, scores: dict[str, float], **members):
        believed = {name: {"summaryScore": {"value": value}} for name, value in scores.items()}
        return keyless.post(f"{SUGGEST}?key={key}", {"comment": {"text": text}, "attributeScores": believed, **members})

    return call


def error_of(answer) -> dict:
    """The error of an answer, which is whole."""
    error = answer.json()["error"]
    assert error["code"] == answer.status_code
    assert answer["Content-Type"] == "application/json; charset=UTF-8"
    return error


def error_type(answer) -> str:
    """The Comment Analyzer's own type of the error."""
    (detail,) = error_of(answer)["details"]
    assert detail["@type"] == "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
    return detail["errorType"]
