"""Bad input: a 4xx problem with a stable code, and nothing stored."""

import json

import pytest
from django.test import Client

from moderation.models import ApiKey, Author, Content

pytestmark = pytest.mark.django_db
SOUP = {"external_id": "post-1", "text": "The soup was warm."}
DEEP = b'{"external_id": "a", "text": "b", "metadata": {"a": ' + b"[" * 10_000 + b"]" * 10_000 + b"}}"


def assert_problem(answer, status, code):
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"/api/problems/{code}"
    assert {"title", "detail", "instance"} <= set(problem)
    assert not Content.objects.exists()
    assert not Author.objects.exists()
    return problem


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"external_id": "a"}, "/text", "missing"),
        ({"text": "a"}, "/external_id", "missing"),
        ({**SOUP, "text": ""}, "/text", "empty"),
        ({**SOUP, "text": " \n\t"}, "/text", "empty"),
        ({**SOUP, "text": "a" * 50_001}, "/text", "too_long"),
        ({**SOUP, "text": "a\x00b"}, "/text", "invalid_characters"),
        ({**SOUP, "external_id": "a\x00b"}, "/external_id", "invalid_characters"),
        ({**SOUP, "external_id": "a\u202eb"}, "/external_id", "invalid_characters"),
        ({**SOUP, "author": "a\u2067b"}, "/author", "invalid_characters"),
        ({**SOUP, "author": {"external_id": "\u200ea"}}, "/author/external_id", "invalid_characters"),
        ({**SOUP, "context": {"conversation_id": "a\u2069"}}, "/context/conversation_id", "invalid_characters"),
        ({**SOUP, "context": {"parent_external_id": "\u200f"}}, "/context/parent_external_id", "invalid_characters"),
        ({**SOUP, "metadata": {"a": ["b\x00"]}}, "/metadata", "invalid_characters"),
        ({**SOUP, "metadata": {"a\x00": 1}}, "/metadata", "invalid_characters"),
        ({**SOUP, "text": 7}, "/text", "wrong_type"),
        ({**SOUP, "text": None}, "/text", "wrong_type"),
        ({**SOUP, "text": ["a"]}, "/text", "wrong_type"),
        ({**SOUP, "external_id": 7}, "/external_id", "wrong_type"),
        ({**SOUP, "external_id": "a" * 256}, "/external_id", "too_long"),
        ({**SOUP, "context": []}, "/context", "wrong_type"),
        ({**SOUP, "context": {"urll": ""}}, "/context/urll", "unknown_field"),
        ({**SOUP, "metadata": "a"}, "/metadata", "wrong_type"),
        ({**SOUP, "metadata": {"a": "b" * 20_000}}, "/metadata", "too_long"),
        ({**SOUP, "metadata": {"a": [[[[[[[1]]]]]]]}}, "/metadata", "too_deep"),
        ({**SOUP, "metadata": {"a": 1e25}}, "/metadata", "too_large"),
        ({**SOUP, "metadata": {"a": -(10**25)}}, "/metadata", "too_large"),
        ({**SOUP, "text": "\u200b\u200d \ufeff"}, "/text", "empty"),
        ({**SOUP, "external_id": " \n"}, "/external_id", "empty"),
        ({**SOUP, "extra": 1}, "/extra", "unknown_field"),
        ({**SOUP, "language": "not a language"}, "/language", "invalid_format"),
        ({**SOUP, "mode": "later"}, "/mode", "unknown_value"),
        ({**SOUP, "policy": "none-such"}, "/policy", "unknown_value"),
        ({**SOUP, "author": {"display_name": "Anna"}}, "/author/external_id", "missing"),
    ],
)
def test_a_faulty_field_is_named(api, body, pointer, code):
    problem = assert_problem(api.post("/api/v1/content", body), 422, "validation_failed")
    assert (pointer, code) in [(error["pointer"], error["code"]) for error in problem["errors"]]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"\xff\xfe", b'"text"', b"[]", b"null", b'{"external_id": "a", "text": "\\ud800"}', DEEP],
    ids=["empty", "cut", "not-utf8", "string", "list", "null", "lone-surrogate", "deep"],
)
def test_a_body_that_is_no_json_object_is_refused(api, raw):
    assert_problem(api.post("/api/v1/content", raw), 400, "invalid_json")


@pytest.mark.parametrize("path", ["/api/v1/content", "/api/v1/content/bulk"])
def test_ten_megabytes_are_refused(api, path):
    body = json.dumps({**SOUP, "text": "a" * 10_000_000})
    assert_problem(api.post(path, body), 413, "body_too_large")


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_a_body_that_says_it_is_something_else_is_refused(api, content_type):
    answer = api.client.post("/api/v1/content", json.dumps(SOUP), content_type=content_type, headers=api.headers)
    assert_problem(answer, 415, "unsupported_media_type")


@pytest.mark.parametrize("path", ["/api/v1/content", "/api/v1/content/bulk"])
@pytest.mark.parametrize(("key", "code"), [("", "not_authenticated"), ("re_0_wrong", "invalid_key")])
def test_a_key_is_needed(api_of, path, key, code):
    answer = api_of(key).post(path, SOUP)
    assert_problem(answer, 401, code)
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("scope", "method"), [("content:read", "post"), ("content:write", "get")])
def test_a_key_opens_only_its_scopes(api_of, platform, scope, method):
    api = api_of(ApiKey.issue(client=platform, scopes=[scope]))
    arguments = (SOUP,) if method == "post" else ()
    assert_problem(getattr(api, method)("/api/v1/content", *arguments), 403, "missing_scope")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused_as_problems(api, method):
    answer = getattr(api.client, method)("/api/v1/content", headers=api.headers)
    assert_problem(answer, 405, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer["Allow"].split(", "))


def test_a_refusal_says_what_is_left_of_the_limit(api):
    assert "RateLimit" in api.post("/api/v1/content", {})


def test_an_unknown_path_is_a_problem_too(api):
    assert_problem(api.get("/api/v1/contents"), 404, "not_found")


def test_an_unknown_path_is_a_problem_to_whoever_posts(key):
    # A client without cookies has no token against forged requests, and needs none.
    answer = Client(enforce_csrf_checks=True).post("/api/v1/contents", {}, headers={"Authorization": f"Bearer {key}"})
    assert_problem(answer, 404, "not_found")


def test_every_problem_has_its_page(api):
    answer = api.get("/api/problems/validation_failed")
    assert (answer.status_code, answer.json()["status"]) == (200, 422)


def test_a_parameter_that_stands_twice_is_refused(api):
    answer = api.client.get("/api/v1/content?status=pending&status=decided", headers=api.headers)
    assert_problem(answer, 400, "invalid_parameter")
    assert answer.json()["errors"] == [{"parameter": "status", "code": "duplicate", "detail": "stands twice"}]
