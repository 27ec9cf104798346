"""What the keys of a client used, counted at every door and told to that client alone."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from moderation import usage
from moderation.enums import Scope
from moderation.models import ApiKey, ApiUsage
from moderation.usage import flush, today
from tests.moderation.api.conftest import Api

pytestmark = pytest.mark.django_db
USAGE = "/api/v1/usage"
TEXT = "The soup was warm and the rain was loud."


@pytest.fixture(autouse=True)
def nothing_counted_before():
    usage.tally.take()


def counted(api, **query) -> dict[str, int]:
    """The sum of what has been counted so far."""
    flush()
    found = api.get(USAGE, **query).json()["total"]
    usage.tally.take()  # the question itself
    return {name: found[name] for name in usage.COUNTED}


def test_a_submission_counts_once_however_often_it_is_sent(api):
    for _ in range(2):
        api.post("/api/v1/content", {"external_id": "post-1", "text": TEXT})
    assert counted(api) == {"requests": 2, "refused": 0, "rate_limited": 0, "items": 1, "texts": 1, "images": 0}


def test_every_item_of_a_bulk_call_counts(api):
    items = [{"external_id": f"post-{n}", "text": TEXT} for n in range(5)] + [{"external_id": "post-9", "text": ""}]
    api.post("/api/v1/content/bulk", {"items": items})
    assert counted(api) == {"requests": 1, "refused": 0, "rate_limited": 0, "items": 5, "texts": 5, "images": 0}


def test_every_line_of_a_stream_counts(api):
    lines = b"\n".join(b'{"external_id": "post-%d", "text": "The soup was warm."}' % n for n in range(7))
    answer = api.client.post("/api/v1/content/bulk", lines, content_type="application/x-ndjson", headers=api.headers)
    assert answer.status_code == 202
    assert counted(api)["items"] == 7


def test_what_is_refused_counts_as_refused_without_work(api, platform):
    api.post("/api/v1/content", {"external_id": "post-1"})
    api.get("/api/v1/content/nothing")
    reader = Api(ApiKey.issue(client=platform, scopes=[Scope.CONTENT_READ]))
    reader.post("/api/v1/content", {"external_id": "post-1", "text": TEXT})
    assert counted(api) == {"requests": 3, "refused": 3, "rate_limited": 0, "items": 0, "texts": 0, "images": 0}


def test_what_the_limit_refuses_is_counted_exactly(api, platform):
    limited = Api(ApiKey.issue(client=platform, scopes=[Scope.CONTENT_READ], rate_limit_requests=3))
    statuses = [limited.get("/api/v1/content").status_code for _ in range(8)]
    assert statuses == [200] * 3 + [429] * 5
    found = counted(api)
    assert (found["requests"], found["refused"], found["rate_limited"]) == (8, 5, 5)


def test_a_request_without_a_valid_key_is_nobody_s(api):
    Api("re_00000000_nothing").get("/api/v1/content")
    Api("").get("/api/v1/content")
    assert counted(api)["requests"] == 0


def test_each_door_counts_for_itself(api):
    api.post("/v1/moderations", {"input": [TEXT, TEXT, TEXT]})
    body = {"comment": {"text": TEXT}, "requestedAttributes": {"TOXICITY": {}}}
    api.post("/v1alpha1/comments:analyze", body)
    flush()
    rows = {row["door"]: row for row in api.get(USAGE, group_by="door").json()["results"]}
    assert [(door, row["requests"], row["texts"]) for door, row in rows.items()] == [
        ("openai", 1, 3), ("perspective", 1, 1)
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_requests_at_the_same_time_are_counted_exactly(key, platform):
    keys = [key, ApiKey.issue(client=platform, scopes=[Scope.CONTENT_WRITE])]

    def send(n):
        try:
            Api(keys[n % 2]).post("/api/v1/content", {"external_id": f"post-{n}", "text": TEXT})
            if n % 10 == 0:
                flush()
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, range(120)))
    flush()
    rows = ApiUsage.objects.order_by("key").values_list("requests", "items", "texts")
    assert list(rows) == [(60, 60, 60)] * 2


def test_keys_are_told_by_what_may_be_shown(api, key, platform):
    ApiKey.objects.update(name="comments")
    api.get("/api/v1/content")
    flush()
    body = api.get(USAGE, group_by="key").json()
    assert [(row["key_id"], row["key_name"], row["requests"], row["day"]) for row in body["results"]] == [
        (ApiKey.prefix_of(key), "comments", 1, None)
    ]
    assert (body["from"], body["to"], body["group_by"]) == (str(today() - timedelta(days=6)), str(today()), "key")


def test_every_day_of_the_range_has_its_row(api):
    body = api.get(USAGE, **{"from": "2026-02-27", "to": "2026-03-02"}).json()
    assert [row["day"] for row in body["results"]] == ["2026-02-27", "2026-02-28", "2026-03-01", "2026-03-02"]


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ({"from": "yesterday"}, "from"),
        ({"from": "2026-02-30"}, "from"),
        ({"from": "20260301"}, "from"),
        ({"to": "2026-W10-1"}, "to"),
        ({"from": "0001-01-01"}, "from"),
        ({"to": "9999-12-31"}, "to"),
        ({"from": "2026-03-02", "to": "2026-03-01"}, "from"),
        ({"from": "2024-01-01", "to": "2026-01-01"}, "from"),
        ({"group_by": "mood"}, "group_by"),
        ({"first": "2026-03-02"}, "first"),
    ],
)
def test_a_range_that_is_none_is_refused(api, query, parameter):
    answer = api.get(USAGE, **query)
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, parameter)


def test_a_stranger_s_usage_is_not_told(api, stranger):
    other = Api(ApiKey.issue(client=stranger, scopes=list(Scope.values)))
    api.get("/api/v1/content")
    assert counted(other)["requests"] == 0


def test_the_scope_is_needed(platform):
    reader = Api(ApiKey.issue(client=platform, scopes=[Scope.KEYS_READ]))
    assert [reader.get(page).status_code for page in (USAGE, "/api/v1/stats")] == [403, 403]
