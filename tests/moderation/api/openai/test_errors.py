"""Whatever is wrong is answered in OpenAI's envelope, with its status and a code, and never repeats what was sent."""

import base64
import json

import pytest
from django.db import OperationalError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation import scoring
from moderation.api.openai import views
from moderation.enums import Scope
from moderation.models import ApiKey
from moderation.scoring import Busy
from tests.images import animation, huge_png, photo

pytestmark = pytest.mark.django_db
MILD = "The soup was warm and the rain was loud."
PATH = "/v1/moderations"


def error_of(response) -> dict:
    """The one member of the envelope; a request id goes with every error."""
    body = response.json()
    assert list(body) == ["error"]
    assert sorted(body["error"]) == ["code", "message", "param", "type"]
    assert response["x-request-id"]
    return body["error"]


def part(url: object) -> dict:
    return {"type": "image_url", "image_url": {"url": url}}


def data_url(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


@pytest.mark.parametrize(
    ("given", "param", "code"),
    [
        ("", "input", "empty_string"),
        (" \n\u200b", "input", "empty_string"),
        ("x\x00y", "input", "invalid_characters"),
        ("x" * 50_001, "input", "string_above_max_length"),
        ([], "input", "empty_array"),
        ([MILD, ""], "input[1]", "empty_string"),
        ([MILD, 5], "input[1]", "invalid_type"),
        ([1, 2, 3], "input[0]", "invalid_type"),
        ([[MILD]], "input[0]", "invalid_type"),
        ([MILD] * 129, "input", "array_above_max_length"),
        (None, "input", "invalid_type"),
        (5, "input", "invalid_type"),
        ({"text": MILD}, "input", "invalid_type"),
        ([{"type": "text"}], "input[0].text", "missing_required_parameter"),
        ([{"type": "text", "text": 5}], "input[0].text", "invalid_type"),
        ([{"type": "text", "text": MILD, "lang": "en"}], "input[0].lang", "unknown_parameter"),
        ([{"type": "text", "text": " "}], "input", "empty_string"),
        ([{"type": "text", "text": "x" * 30_000}] * 2, "input", "string_above_max_length"),
        ([{"type": "audio", "text": MILD}], "input[0]", "invalid_value"),
        ([{"text": MILD}], "input[0]", "missing_required_parameter"),
        ([{"type": "text", "text": MILD}, MILD], "input[1]", "invalid_type"),
        ([{"type": "image_url", "image_url": "x"}], "input[0].image_url", "invalid_type"),
        ([part("")], "input[0].image_url.url", "empty_string"),
        ([part("ftp://example.com/a.png")], "input[0].image_url.url", "unsafe_url"),
        ([part("http://169.254.169.254/latest")], "input[0].image_url.url", "unsafe_url"),
        ([part("data:image/png;base64,")], "input[0].image_url.url", "empty"),
        ([part("data:image/png;base64,%%%")], "input[0].image_url.url", "invalid_image_url"),
        ([part("data:image/png,abc")], "input[0].image_url.url", "invalid_image_url"),
        ([part(data_url(b"no picture at all"))], "input[0].image_url.url", "unknown_format"),
        ([part(data_url(b"<svg/>"))], "input[0].image_url.url", "vector_image"),
        ([part(data_url(photo()[:300]))], "input[0].image_url.url", "broken_image"),
        ([part(data_url(huge_png(20_000, 20_000)))], "input[0].image_url.url", "too_many_pixels"),
        ([part(data_url(animation(1001)))], "input[0].image_url.url", "too_many_frames"),
        ([part("https://example.com/a.png")] * 9, "input", "array_above_max_length"),
    ],
)
def test_an_input_that_cannot_be_used_is_refused_with_its_place(api, given, param, code):
    response = api.post(PATH, {"input": given})
    error = error_of(response)
    assert (response.status_code, error["type"]) == (400, "invalid_request_error")
    assert (error["param"], error["code"]) == (param, code)
    assert MILD not in error["message"]


def test_an_inner_address_is_refused_in_plain_words(api):
    message = error_of(api.post(PATH, {"input": [part("http://169.254.169.254/latest")]}))["message"]
    assert message == "Invalid 'input[0].image_url.url': 169.254.169.254 is not a public address. Use a public one."


def test_a_body_without_input_and_one_with_more_are_refused(api):
    error = error_of(api.post(PATH, {}))
    assert (error["param"], error["code"]) == ("input", "missing_required_parameter")
    error = error_of(api.post(PATH, {"input": MILD, "user": "u1"}))
    assert (error["param"], error["code"]) == ("user", "unknown_parameter")
    assert error_of(api.post(PATH, {"input": MILD, "model": 7}))["param"] == "model"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b'{"input": "\\ud800"}',
        b'{"input": "\xff"}',
        b'{"input": NaN}',
        b'{"input": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=["nothing", "cut off", "array", "string", "lone surrogate", "no UTF-8", "NaN", "deep"],
)
def test_a_body_that_is_no_json_object_is_refused(api, raw):
    response = api.post(PATH, raw)
    assert (response.status_code, error_of(response)["code"]) == (400, "invalid_json")


def test_deep_json_that_parses_is_refused_too(api):
    deep = b"[" * 900 + b"]" * 900
    assert error_of(api.post(PATH, b'{"input": ' + deep + b"}"))["param"] == "input[0]"


def test_without_a_key_or_with_a_wrong_one_it_is_401(api_of, db):
    response = api_of("").post(PATH, {"input": MILD})
    assert (response.status_code, error_of(response)["code"]) == (401, "missing_api_key")
    response = api_of("re_wrong").post(PATH, {"input": MILD})
    assert (response.status_code, error_of(response)["code"]) == (401, "invalid_api_key")
    assert response["WWW-Authenticate"] == 'Bearer realm="Review Engine"'


def test_a_key_without_the_scope_is_refused(api_of, platform):
    others = [scope for scope in Scope.values if scope != Scope.SCORE]
    response = api_of(ApiKey.issue(client=platform, scopes=others)).post(PATH, {"input": MILD})
    assert (response.status_code, error_of(response)["code"]) == (403, "missing_scope")


def test_the_scope_alone_is_enough(api_of, platform):
    scorer = api_of(ApiKey.issue(client=platform, scopes=[Scope.SCORE]))
    assert scorer.post(PATH, {"input": MILD}).status_code == 200
    assert scorer.get("/v1/models").status_code == 200


@pytest.mark.parametrize("path", ["/v1/", "/v1/chat/completions", "/v1/moderations/", "/v1/moderations/x"])
def test_what_is_not_there_is_404(api, path):
    response = api.post(path, {"input": MILD})
    assert (response.status_code, error_of(response)["code"]) == (404, "not_found")


@pytest.mark.parametrize("name", ["gpt-4o", "a/b", "x" * 2000, "%00"])
def test_a_model_that_is_not_there_is_404(api, name):
    response = api.get(f"/v1/models/{name}")
    error = error_of(response)
    assert (response.status_code, error["code"], error["param"]) == (404, "model_not_found", "model")


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_another_method_is_405(api, method):
    response = api.client.generic(method, PATH, headers=api.headers)
    assert (response.status_code, response["Allow"]) == (405, "POST")
    if method != "HEAD":
        assert error_of(response)["code"] == "method_not_supported"


def test_another_media_type_is_415(api):
    response = api.client.post(PATH, "input=x", content_type="application/x-www-form-urlencoded", headers=api.headers)
    assert (response.status_code, error_of(response)["code"]) == (415, "unsupported_media_type")


def test_a_body_of_ten_megabytes_is_413(api):
    response = api.post(PATH, json.dumps({"input": "x" * 10_000_000}))
    assert response.status_code in (400, 413)
    response = api.post(PATH, {"input": ["x" * 40_000] * 100})
    assert (response.status_code, error_of(response)["code"]) == (413, "body_too_large")


def test_only_an_image_makes_room_for_a_larger_body(api):
    noise = bytes(range(256)) * 8000
    large = photo() + noise  # what follows the picture does not concern a decoder
    response = api.post(PATH, {"input": [part(data_url(large))]})
    assert response.status_code == 200
    response = api.post(PATH, {"input": [part(data_url(photo() + noise * 8))]})
    assert (response.status_code, error_of(response)["code"]) == (413, "body_too_large")


def test_a_spent_limit_is_429_with_retry_after(api_of, platform):
    api = api_of(ApiKey.issue(client=platform, scopes=[Scope.SCORE], rate_limit_requests=1))
    assert api.post(PATH, {"input": MILD})["RateLimit"].startswith('"default";r=0')
    response = api.post(PATH, {"input": MILD})
    error = error_of(response)
    assert (response.status_code, error["type"], error["code"]) == (429, "requests", "rate_limit_exceeded")
    assert int(response["Retry-After"]) >= 1
    assert "RateLimit-Policy" in response


def test_too_much_at_once_is_503_with_retry_after(api, monkeypatch):
    def busy(*args, **kwargs):
        raise Busy

    monkeypatch.setattr(views, "score_texts", busy)
    response = api.post(PATH, {"input": MILD})
    error = error_of(response)
    assert (response.status_code, error["type"], error["code"]) == (503, "server_error", "temporary")
    assert response["Retry-After"] == "1"


def test_a_database_that_is_away_is_503(api, monkeypatch):
    def away():
        raise OperationalError

    monkeypatch.setattr(scoring, "recently_in_force", away)
    response = api.post(PATH, {"input": MILD})
    assert (response.status_code, error_of(response)["code"]) == (503, "unavailable")


def test_what_nobody_expected_is_500_without_its_words(api, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError(MILD)

    monkeypatch.setattr(views, "score_texts", broken)
    response = api.post(PATH, {"input": MILD})
    error = error_of(response)
    assert (response.status_code, error["type"], error["code"]) == (500, "server_error", "server_error")
    assert MILD not in response.content.decode()


NAMES = st.sampled_from(["type", "text", "image_url", "url", "input", "model", "x"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "text", "image_url", "url", "input", "model", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given=JSON)
def test_no_input_breaks_the_door(api, panel_that, given):
    from moderation.detectors.base import DetectionReport

    panel_that(lambda text: DetectionReport())
    response = api.post(PATH, {"input": given})
    assert response.status_code in (200, 400)
    if response.status_code == 400:
        error_of(response)
