"""What is erased is not repeated under an Idempotency-Key, nor kept for it."""

import pytest

from moderation.models import Content, IdempotencyRecord

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


@pytest.mark.parametrize("depth", [255, 900])
def test_metadata_of_any_depth_is_refused_and_spoils_no_other_item(api, depth):
    deep = b'{"external_id": "a", "text": "b", "metadata": {"a": ' + b"[" * depth + b"]" * depth + b"}}"
    assert api.post(PATH, deep).json()["errors"][0]["code"] == "too_deep"
    results = api.post(f"{PATH}/bulk", b'{"items": [' + deep + b', {"external_id": "c", "text": "d"}]}').json()[
        "results"
    ]
    assert (results[0]["error"]["status"], results[1]["status"]) == (422, "pending")
