"""GET /api/v1/content and /api/v1/content/{id}."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.models import Content
from moderation.pipeline import drain
from tests import factories

pytestmark = pytest.mark.django_db


def test_another_clients_content_is_as_good_as_absent(api, stranger):
    theirs = factories.ContentFactory(client=stranger)
    assert api.get(f"/api/v1/content/{theirs.pk}").status_code == 404
    assert api.delete(f"/api/v1/content/{theirs.pk}").status_code == 404
    assert api.get("/api/v1/content").json()["results"] == []


@pytest.mark.parametrize("spelt", [str.upper, lambda id: id.replace("-", ""), "{{{}}}".format, "urn:uuid:{}".format])
@pytest.mark.parametrize("path", ["/api/v1/content/", "/api/v1/authors/"])
def test_an_id_has_one_spelling(api, platform, spelt, path):
    author = factories.AuthorFactory(client=platform, public_id="019a0000-0000-7000-8000-00000000000a")
    content = factories.ContentFactory(client=platform, author=author, id="019a0000-0000-7000-8000-00000000000b")
    own = str(author.public_id if "authors" in path else content.pk)
    assert api.get(path + own).status_code == 200
    answer = api.get(path + spelt(own))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("content_id", ["019a0000-0000-7000-8000-000000000000", "7", "none", "a" * 500])
def test_an_unknown_id_is_not_found(api, content_id):
    answer = api.get(f"/api/v1/content/{content_id}")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


def test_the_list_is_walked_by_cursors(api, platform):
    rows = factories.ContentFactory.create_batch(5, client=platform)
    newest_first = [str(row.pk) for row in sorted(rows, key=lambda row: (row.created_at, row.pk), reverse=True)]
    first = api.get("/api/v1/content", limit=2).json()
    second = api.client.get(first["next"], headers=api.headers).json()
    third = api.client.get(second["next"], headers=api.headers).json()
    assert [r["id"] for page in (first, second, third) for r in page["results"]] == newest_first
    assert (first["previous"], third["next"]) == (None, None)
    assert api.client.get(third["previous"], headers=api.headers).json()["results"] == second["results"]


def test_the_list_is_filtered(api, platform):
    decided = factories.ContentFactory(client=platform, external_id="old", status="decided", decision="reject")
    Content.objects.filter(pk=decided.pk).update(created_at=timezone.now() - timedelta(days=2))
    factories.ContentFactory(client=platform, external_id="new")
    yesterday = (timezone.now() - timedelta(days=1)).isoformat()
    for parameters, found in [
        ({"external_id": "new"}, ["new"]),
        ({"status": "decided"}, ["old"]),
        ({"decision": "reject"}, ["old"]),
        ({"decision": "approve"}, []),
        ({"created_after": yesterday}, ["new"]),
        ({"created_before": yesterday}, ["old"]),
    ]:
        results = api.get("/api/v1/content", **parameters).json()["results"]
        assert [r["external_id"] for r in results] == found


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"cursor": "none"}, "invalid_cursor"),
        ({"cursor": ""}, "invalid_cursor"),
        ({"cursor": "\x00"}, "invalid_cursor"),
        ({"cursor": "bz1hYWE="}, "invalid_cursor"),
        ({"cursor": "cD1ub25l"}, "invalid_cursor"),
        ({"limit": "0"}, "invalid_parameter"),
        ({"limit": "-1"}, "invalid_parameter"),
        ({"limit": "many"}, "invalid_parameter"),
        ({"limit": "9" * 5000}, "invalid_parameter"),
        ({"created_after": "2026-11-21T08:00:00"}, "invalid_parameter"),
        ({"status": "gone"}, "invalid_parameter"),
        ({"created_after": "yesterday"}, "invalid_parameter"),
        ({"external_id": "a\x00"}, "invalid_parameter"),
        ({"externalid": "a"}, "invalid_parameter"),
    ],
)
def test_a_faulty_parameter_is_refused(api, parameters, code):
    answer = api.get("/api/v1/content", **parameters)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize(
    ("limit", "code"), [("0", "too_small"), ("-1", "too_small"), ("501", "too_large"), ("1.5", "invalid_format")]
)
def test_more_than_a_page_may_hold_is_refused(api, limit, code):
    fault = {"parameter": "limit", "code": code, "detail": "is a whole number from 1 to 500"}
    assert api.get("/api/v1/content", limit=limit).json()["errors"] == [fault]
    assert api.get("/api/v1/content", limit="500").status_code == 200
    assert api.get("/api/v1/content", limit="0" * 5000 + "7").status_code == 200


def test_a_page_needs_a_constant_number_of_queries(api, platform, django_assert_num_queries):
    factories.ContentFactory.create_batch(30, client=platform)
    drain()
    api.get("/api/v1/content")
    with django_assert_num_queries(3):
        assert len(api.get("/api/v1/content").json()["results"]) == 30


def test_an_item_of_an_earlier_version_shows_no_result_until_it_is_judged_again(api):
    sent = {"external_id": "post-1", "text": "The soup was warm.", "mode": "sync"}
    content_id = api.post("/api/v1/content", sent).json()["id"]
    api.post("/api/v1/content", {"external_id": "post-1", "text": "The soup was cold."})
    shown = api.get(f"/api/v1/content/{content_id}").json()
    assert (shown["version"], shown["status"], shown["decision"], shown["scores"]) == (2, "pending", None, {})


def test_erasing_keeps_the_decision_and_nothing_else(api):
    sent = {"external_id": "post-1", "text": "The soup was warm.", "author": "u1", "mode": "sync", "metadata": {"a": 1}}
    content_id = api.post("/api/v1/content", sent).json()["id"]
    assert api.delete(f"/api/v1/content/{content_id}").status_code == 204
    shown = api.get(f"/api/v1/content/{content_id}").json()
    assert (shown["text"], shown["author"], shown["metadata"]) == (None, None, {})
    assert (shown["decision"], shown["status"]) == ("approve", "decided")
    assert shown["erased_at"] is not None


def test_times_are_utc_in_iso_8601(api):
    content_id = api.post("/api/v1/content", {"external_id": "a", "text": "b"}).json()["id"]
    assert api.get(f"/api/v1/content/{content_id}").json()["created_at"].endswith("Z")


def test_the_identified_language_is_told_once_the_text_was_read(api):
    german = "Ich habe gestern einen Kuchen gebacken, aber der Ofen war viel zu heiß."
    content_id = api.post("/api/v1/content", {"external_id": "a", "text": german, "language": "en"}).json()["id"]
    assert api.get(f"/api/v1/content/{content_id}").json()["identified_language"] is None
    api.post("/api/v1/content", {"external_id": "b", "text": german * 2, "language": "en", "mode": "sync"})
    (shown,) = api.get("/api/v1/content", external_id="b").json()["results"]
    assert (shown["language"], shown["identified_language"]) == ("en", "de")


def test_near_duplicates_are_told_by_the_answer_and_the_detail_and_left_out_of_the_list(api):
    text = "Our street kitchen has {} bowls of onion soup left, come before noon"
    first = api.post("/api/v1/content", {"external_id": "a", "text": text.format(3), "mode": "sync"}).json()
    second = api.post("/api/v1/content", {"external_id": "b", "text": text.format(7), "mode": "sync"}).json()
    assert (first["near_duplicates"], second["near_duplicates"]) == (0, 1)
    assert api.get(f"/api/v1/content/{first['id']}").json()["near_duplicates"] == 1
    assert [row["near_duplicates"] for row in api.get("/api/v1/content").json()["results"]] == [None, None]


def test_near_duplicates_are_unknown_before_reading_and_after_erasing(api):
    content_id = api.post("/api/v1/content", {"external_id": "a", "text": "The soup was warm."}).json()["id"]
    assert api.get(f"/api/v1/content/{content_id}").json()["near_duplicates"] is None
    drain()
    assert api.get(f"/api/v1/content/{content_id}").json()["near_duplicates"] == 0
    api.delete(f"/api/v1/content/{content_id}")
    assert api.get(f"/api/v1/content/{content_id}").json()["near_duplicates"] is None
