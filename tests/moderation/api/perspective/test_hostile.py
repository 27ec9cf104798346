"""No input makes a 500: generated bodies, keys, addresses and sizes."""

import json
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.api.perspective.shapes import AnalyzeRequest, SuggestRequest
from tests.moderation.api.perspective.conftest import ANALYZE, SUGGEST, error_of, forget_limits

pytestmark = pytest.mark.django_db
quietly = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
anything = st.text(st.characters(codec=None, exclude_categories=())) | st.sampled_from(["\x00", "\ud800", "\u202e"])
scalars = st.none() | st.booleans() | st.integers() | st.floats() | anything
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(anything, inner, max_size=4))
fields = [*AnalyzeRequest.model_fields, *SuggestRequest.model_fields, "requestedAttributes", "attributeScores", "more"]
near = st.fixed_dictionaries(
    {},
    optional={
        "comment": st.fixed_dictionaries(
            {"text": anything}, optional={"type": st.sampled_from(["HTML", "PLAIN_TEXT"])}
        ),
        "requestedAttributes": st.dictionaries(st.sampled_from(["TOXICITY", "SPAM", "JOY"]), st.just({}), max_size=2),
        "attributeScores": st.just({"SPAM": {"summaryScore": {"value": 0.5}}}),
        "spanAnnotations": st.booleans(),
        "languages": st.lists(st.sampled_from(["en", "fr", "und", "hi-Latn", "x"]), max_size=3),
    },
)
bodies = near | st.dictionaries(st.sampled_from(fields), values, max_size=6) | values


@quietly
@given(body=bodies)
@pytest.mark.parametrize("path", [ANALYZE, SUGGEST])
def test_no_body_breaks_the_door(keyless, key, path, body):
    answer = keyless.post(f"{path}?key={key}", json.dumps(body))
    assert answer.status_code == 200 or error_of(answer)["code"] in (400, 413)


@quietly
@given(raw=st.binary(max_size=200))
def test_no_bytes_break_the_door(keyless, score_key, raw):
    assert error_of(keyless.post(f"{ANALYZE}?key={score_key}", raw))["status"] == "INVALID_ARGUMENT"


@quietly
@given(text=st.text(max_size=40))
def test_no_key_breaks_the_door(keyless, text):
    forget_limits()
    line = text.encode("ascii", "replace").decode().replace("\n", "").replace("\r", "")
    for headers in ({}, {"X-Goog-Api-Key": line}):
        answer = keyless.post(f"{ANALYZE}?{urlencode({'key': text})}", {}, **headers)
        assert error_of(answer)["code"] in (400, 403)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b'{"comment":{"text":"' + b"x" * 10_000_000 + b'"}}', 413),
        (b"[" * 100_000, 400),
        (b'{"comment":' * 500 + b"1" + b"}" * 500, 400),
        (b'{"comment":{"text":"\\ud800"},"requestedAttributes":{"TOXICITY":{}}}', 400),
        (b'{"comment":{"text":"\xff"}}', 400),
        (b'{"comment":{"text":"a"},"requestedAttributes":{"TOXICITY":{"scoreThreshold":1e999}}}', 400),
        (b'{"comment":{"text":"a"},"requestedAttributes":{"TOXICITY":{"scoreThreshold":"NaN"}}}', 400),
        (b'{"comment":{"text":"\\u0000 soup"},"requestedAttributes":{"TOXICITY":{}}}', 200),
        (b"", 400),
    ],
)
def test_hostile_bodies_are_answered(keyless, score_key, raw, status):
    assert keyless.post(f"{ANALYZE}?key={score_key}", raw).status_code == status


@pytest.mark.parametrize(
    "text", ["a. " * 6_000, "<b>" * 6_000, "&lt;" * 5_000, "💩" * 5_000, "́" * 9_000, "\n" * 20_000]
)
def test_hostile_texts_are_read_with_spans(analyze, text):
    for kind in ("PLAIN_TEXT", "HTML"):
        answer = analyze(text, "TOXICITY", kind=kind, spanAnnotations=True)
        assert answer.status_code in (200, 400)


def test_a_form_is_refused(keyless, score_key):
    answer = keyless.client.post(f"{ANALYZE}?key={score_key}", {"comment": "a"})
    assert (answer.status_code, error_of(answer)["status"]) == (415, "INVALID_ARGUMENT")


def test_a_browsers_plain_text_is_read(keyless, score_key):
    body = json.dumps({"comment": {"text": "The soup was warm."}, "requestedAttributes": {"TOXICITY": {}}})
    path = f"{ANALYZE}?key={score_key}"
    assert keyless.client.post(path, body, content_type="text/plain;charset=UTF-8").status_code == 200
