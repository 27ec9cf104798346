"""POST /api/v1/content/bulk: one transaction, one answer an item."""

import pytest

from moderation.models import Content

pytestmark = pytest.mark.django_db


def items(count: int) -> list[dict]:
    return [{"external_id": f"post-{n}", "text": f"Soup number {n} was warm."} for n in range(count)]


def test_results_come_in_order(api):
    answer = api.post("/api/v1/content/bulk", {"items": items(50)})
    assert answer.status_code == 202
    results = answer.json()["results"]
    assert [r["external_id"] for r in results] == [f"post-{n}" for n in range(50)]
    assert {r["status"] for r in results} == {"pending"}
    assert Content.objects.count() == 50


def test_a_bad_item_does_not_spoil_the_good_ones(api):
    sent = items(3)
    sent[1]["text"] = ""
    results = api.post("/api/v1/content/bulk", {"items": [*sent, 7]}).json()["results"]
    assert [r.get("status") for r in results] == ["pending", None, "pending", None]
    assert results[1]["external_id"] == "post-1"
    assert results[1]["error"]["code"] == "validation_failed"
    assert results[1]["error"]["errors"][0]["pointer"] == "/items/1/text"
    assert Content.objects.count() == 2


def test_an_item_with_an_unknown_policy_is_named(api):
    results = api.post("/api/v1/content/bulk", {"items": [{**items(1)[0], "policy": "none"}]}).json()["results"]
    assert results[0]["error"]["errors"][0]["pointer"] == "/items/0/policy"


def test_what_is_there_already_is_answered_and_edits_make_versions(api):
    api.post("/api/v1/content/bulk", {"items": items(2)})
    again = items(3)
    again[1]["text"] = "Another soup."
    results = api.post("/api/v1/content/bulk", {"items": again}).json()["results"]
    assert [r["status"] for r in results] == ["pending"] * 3
    assert list(Content.objects.order_by("external_id").values_list("version", flat=True)) == [1, 2, 1]


def test_authors_are_made_once(api):
    sent = [{**item, "author": {"id": "u1", "name": "Anna"}} for item in items(3)]
    api.post("/api/v1/content/bulk", {"items": sent})
    assert list(Content.objects.values_list("author__display_name", flat=True)) == ["Anna"] * 3


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"items": items(1001)}, "too_many_items"),
        ({"items": [*items(2), items(1)[0]]}, "duplicate_external_id"),
        ({"items": []}, "validation_failed"),
        ({"items": "a"}, "validation_failed"),
        ({}, "validation_failed"),
        ({"items": items(1), "more": 1}, "validation_failed"),
    ],
)
def test_a_faulty_call_stores_nothing(api, body, code):
    answer = api.post("/api/v1/content/bulk", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert not Content.objects.exists()


def test_a_thousand_items_need_a_constant_number_of_queries(api, django_assert_num_queries):
    api.post("/api/v1/content/bulk", {"items": items(1)})
    # Savepoint, insert, release; nothing a row.
    with django_assert_num_queries(3):
        api.post("/api/v1/content/bulk", {"items": [{**i, "external_id": "x" + i["external_id"]} for i in items(1000)]})
