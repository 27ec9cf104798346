"""What is erased is not repeated under an Idempotency-Key, nor kept for it."""

import pytest

from moderation.models import Content, IdempotencyRecord, TermList
from tests import factories

pytestmark = pytest.mark.django_db
PATH = "/api/v1/content"
KEY = {"Idempotency-Key": "k1"}
ITEM = {"external_id": "c1", "text": "Write to anna@example.com", "author": "u1", "metadata": {"who": "Anna"}}


def kept() -> bytes:
    return b"".join(bytes(body) for body in IdempotencyRecord.objects.values_list("body", flat=True))


def test_no_copy_of_an_erased_content_is_left(api):
    first = api.post(PATH, {**ITEM, "mode": "sync"}, **KEY)
    assert (first.status_code, first.json()["metadata"]) == (200, {"who": "Anna"})
    api.delete(f"{PATH}/{first.json()['id']}")
    again = api.post(PATH, {**ITEM, "mode": "sync"}, **KEY).json()
    assert (again["metadata"], again["author"], again["masked_text"]) == ({}, None, None)
    assert (b"Anna" in kept(), Content.objects.get().text) == (False, "")


def test_a_report_is_read_again(api):
    api.post(PATH, ITEM)
    told = {"external_id": "c1", "reporter": "reporter-7", "reason": "insult", "comment": "Rude."}
    first = api.post("/api/v1/reports", told, **KEY)
    again = api.post("/api/v1/reports", told, **KEY)
    assert (first.status_code, again["Idempotency-Replayed"], again.json()) == (201, "true", first.json())
    assert b"reporter-7" not in kept()


def test_other_words_about_the_wait_are_another_request(api):
    api.post(PATH, ITEM, **KEY)
    assert api.post(PATH, ITEM, **KEY, Prefer="wait=1").json()["code"] == "idempotency_key_reused"


def test_what_differs_beside_the_same_text_is_named(api):
    api.post(PATH, ITEM)
    again = api.post(PATH, {**ITEM, "author": "u2", "language": "en"}).json()
    assert (again["not_taken"], again["version"]) == (["author", "language"], 1)


def test_what_differs_is_named_in_a_bulk_call_too(api):
    api.post(PATH, ITEM)
    items = {"items": [{**ITEM, "language": "en"}, {"external_id": "c2", "text": "The soup was warm."}]}
    results = api.post(f"{PATH}/bulk", items).json()["results"]
    assert [result.get("not_taken") for result in results] == [["language"], None]


@pytest.mark.parametrize("header", ["If-Match", "Content-Encoding", "Content-Type"])
def test_each_header_that_tells_what_is_asked_makes_another_request(api, platform, header):
    told = {"If-Match": '"1"', "Content-Encoding": "identity", "Content-Type": ""}
    author = factories.AuthorFactory(client=platform)
    path, body = f"/api/v1/authors/{author.public_id}/suspend", b'{"duration_seconds": 60, "reason": "spam"}'
    plain = {"Content-Type": "application/json", **api.headers, **KEY}
    first = api.client.generic("POST", path, body, headers=plain)
    again = api.client.generic("POST", path, body, headers=plain)
    other = api.client.generic("POST", path, body, headers={**plain, header: told[header]})
    assert (first.status_code, again.json()["code"]) == (200, "answer_not_kept")
    assert other.json()["code"] == "idempotency_key_reused"


def test_acts_on_persons_keep_no_answer(api, platform, alice):
    author, case = factories.AuthorFactory(client=platform), factories.CaseFactory(content__client=platform)
    people, cases = f"/api/v1/authors/{author.public_id}", "/api/v1/review/cases"
    acts = [
        (api.patch, people, {"display_name": "Robin"}),
        (api.post, f"{people}/suspend", {"duration_seconds": 60, "reason": "spam"}),
        (api.post, f"{people}/reinstate", {}),
        (api.post, f"{cases}/claim", {"moderator": "alice"}),
        (api.post, f"{cases}/{case.pk}/claim", {"moderator": "alice"}),
    ]
    for send, path, body in acts:
        first, again = send(path, body, **KEY), send(path, body, **KEY)
        assert (first.status_code, again.json()["code"]) == (200, "answer_not_kept"), path
    assert (kept(), IdempotencyRecord.objects.count()) == (b"", len(acts))


def test_what_changes_nothing_is_answered_anew_and_kept_nowhere(api):
    TermList.objects.create(name="rude", category="spam", terms=["borscht"])
    source = {"source": "version: 1"}
    for path, body in [
        ("/api/v1/policies/validate", source),
        ("/api/v1/policies/evaluate", {"text": "The soup was warm."}),
        ("/api/v1/term-lists/rude/test", {"text": "The soup was warm."}),
    ]:
        first, again = api.post(path, body, **KEY), api.post(path, body, **KEY)
        assert (first.status_code, again.status_code, "Idempotency-Replayed" in again) == (200, 200, False), path
    assert not IdempotencyRecord.objects.exists()


@pytest.mark.parametrize("depth", [255, 900])
def test_metadata_of_any_depth_is_refused_and_spoils_no_other_item(api, depth):
    deep = b'{"external_id": "a", "text": "b", "metadata": {"a": ' + b"[" * depth + b"]" * depth + b"}}"
    assert api.post(PATH, deep).json()["errors"][0]["code"] == "too_deep"
    results = api.post(f"{PATH}/bulk", b'{"items": [' + deep + b', {"external_id": "c", "text": "d"}]}').json()[
        "results"
    ]
    assert (results[0]["error"]["status"], results[1]["status"]) == (422, "pending")
