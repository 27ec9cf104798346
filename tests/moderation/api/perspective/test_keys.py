"""Keys come where Google's clients put them, and never reach a log."""

import logging

import pytest

from moderation.api.authentication import forget_keys
from moderation.models import ApiKey
from reviewengine.logs import ContextFilter
from tests.moderation.api.perspective.conftest import ANALYZE, error_of

pytestmark = pytest.mark.django_db
BODY = {"comment": {"text": "The soup was warm."}, "requestedAttributes": {"TOXICITY": {}}}


def test_a_key_is_found_in_the_address_a_header_or_a_token(keyless, score_key):
    assert keyless.post(f"{ANALYZE}?key={score_key}&alt=json&prettyPrint=false", BODY).status_code == 200
    assert keyless.post(ANALYZE, BODY, **{"X-Goog-Api-Key": score_key}).status_code == 200
    assert keyless.post(ANALYZE, BODY, Authorization=f"Bearer {score_key}").status_code == 200


def test_a_call_without_a_key_is_refused_as_google_does(keyless):
    answer = keyless.post(ANALYZE, BODY)
    assert (answer.status_code, error_of(answer)["status"]) == (403, "PERMISSION_DENIED")
    assert "X-Goog-Api-Key" in error_of(answer)["message"]


@pytest.mark.parametrize("where", ["address", "header"])
def test_a_wrong_key_is_answered_400_as_google_does(keyless, where):
    wrong = {"address": (f"{ANALYZE}?key=wrong", {}), "header": (ANALYZE, {"X-Goog-Api-Key": "wrong"})}
    path, headers = wrong[where]
    answer = keyless.post(path, BODY, **headers)
    assert (answer.status_code, error_of(answer)["status"]) == (400, "INVALID_ARGUMENT")
    assert error_of(answer)["message"] == "API key not valid. Please pass a valid API key."
    assert error_of(answer)["details"][0]["reason"] == "API_KEY_INVALID"


def test_a_wrong_token_is_answered_401(keyless):
    answer = keyless.post(ANALYZE, BODY, Authorization="Bearer wrong")
    assert (answer.status_code, error_of(answer)["status"]) == (401, "UNAUTHENTICATED")


def test_a_revoked_key_is_a_wrong_one(keyless, score_key):
    ApiKey.objects.update(revoked_at="2026-01-01T00:00:00Z")
    forget_keys()
    assert error_of(keyless.post(f"{ANALYZE}?key={score_key}", BODY))["details"][0]["reason"] == "API_KEY_INVALID"


def test_the_limit_of_a_key_is_told_as_google_and_as_we_do(keyless, platform):
    key = ApiKey.issue(client=platform, scopes=["score"], rate_limit_requests=1)
    passed, refused = (keyless.post(f"{ANALYZE}?key={key}", BODY) for _ in range(2))
    assert '"default";r=0' in passed["RateLimit"]
    assert (refused.status_code, error_of(refused)["status"]) == (429, "RESOURCE_EXHAUSTED")
    info, retry = error_of(refused)["details"]
    assert info["reason"] == "RATE_LIMIT_EXCEEDED"
    assert retry["retryDelay"] == f"{refused['Retry-After']}s"
    assert '"default";r=0' in refused["RateLimit"]


def test_browsers_of_other_sites_are_let_nowhere(keyless, score_key):
    answer = keyless.post(f"{ANALYZE}?key={score_key}", BODY, Origin="https://example.org")
    preflight = keyless.client.options(ANALYZE, headers={"Origin": "https://example.org"})
    assert (answer.status_code, preflight.status_code) == (200, 405)
    assert not [
        name for one in (answer, preflight) for name in one.headers if name.lower().startswith("access-control")
    ]


@pytest.mark.parametrize("body", [BODY, b"{", {"comment": 5}])
def test_the_key_is_in_no_log_line(keyless, score_key, caplog, monkeypatch, body):
    monkeypatch.setattr("moderation.api.perspective.scores.read_texts", lambda *_: 1 / 0)
    with caplog.at_level(logging.DEBUG):
        keyless.post(f"{ANALYZE}?key={score_key}", body)
        keyless.client.get("/v1alpha1/nothing", {"key": score_key})
    assert "/v1alpha1/comments:analyze" in caplog.text
    assert score_key not in caplog.text


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("POST /a?b=1&key=AIza%20x&c=2 HTTP/1.1", "POST /a?b=1&key=(withheld)&c=2 HTTP/1.1"),
        ("X-Goog-Api-Key re_0123abcd_" + "a-b_" * 10, "X-Goog-Api-Key re_0123abcd_(withheld)"),
        ("/keys?monkey=1", "/keys?monkey=1"),
    ],
)
def test_a_key_that_the_web_server_would_log_is_withheld(written, left):
    """gunicorn writes the whole address of a request that it cannot serve."""
    record = logging.LogRecord("gunicorn.error", logging.ERROR, "", 0, "Error handling request %s", (written,), None)
    ContextFilter(quote_errors=False).filter(record)
    assert record.getMessage() == f"Error handling request {left}"
