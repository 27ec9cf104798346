"""GET /api/v1/content?order=updated: what changed, for a platform that missed its webhooks; and unchanged answers."""

import base64
import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.models import ApiKey, Content
from moderation.pipeline import drain
from tests import factories

pytestmark = pytest.mark.django_db
CONTENT = "/api/v1/content"
ID = "019a0000-0000-7000-8000-000000000000"
START = timezone.now() - timedelta(days=1)


@pytest.fixture
def rows(platform) -> list[Content]:
    """Six contents; three of them changed in the same moment."""
    made = factories.ContentFactory.create_batch(6, client=platform)
    for row, minute in zip(made, (5, 1, 3, 3, 3, 2), strict=True):
        changed(row, START + timedelta(minutes=minute))
    return sorted(made, key=lambda row: (row.updated_at, row.pk))


def changed(row: Content, when) -> None:
    row.updated_at = when
    row.save(update_fields=["updated_at"])


def follow(api, address: str) -> dict:
    return api.client.get(address, headers=api.headers).json()


def ids(page: dict) -> list[str]:
    return [one["id"] for one in page["results"]]


def test_the_oldest_change_comes_first_page_after_page(api, rows):
    first = api.get(CONTENT, order="updated", limit=2).json()
    second = follow(api, first["next"])
    third = follow(api, second["next"])
    assert [one for page in (first, second, third) for one in ids(page)] == [str(row.pk) for row in rows]
    assert (first["previous"], third["next"]) == (None, None)
    assert ids(follow(api, third["previous"])) == ids(second)


def test_what_changes_while_it_is_read_comes_again_at_the_end_and_nothing_is_passed_over(api, rows):
    first = api.get(CONTENT, order="updated", limit=2).json()
    changed(rows[0], timezone.now())  # read already
    changed(rows[2], timezone.now())  # the next in the order
    rest = ids(follow(api, first["next"].replace("limit=2", "limit=500")))
    assert rest == [str(rows[n].pk) for n in (3, 4, 5, 0, 2)]


def test_changes_are_narrowed_by_time(api, rows):
    since, until = (START + timedelta(minutes=minute) for minute in (2, 5))
    found = api.get(CONTENT, order="updated", updated_after=since.isoformat(), updated_before=until.isoformat()).json()
    assert ids(found) == [str(row.pk) for row in rows[1:5]]
    newest_first = api.get(CONTENT, updated_after=until.isoformat()).json()
    assert ids(newest_first) == [str(rows[5].pk)]


def test_another_clients_changes_are_not_told(api, stranger):
    factories.ContentFactory(client=stranger)
    assert api.get(CONTENT, order="updated").json()["results"] == []


def test_a_cursor_of_the_one_order_is_none_of_the_other(api, rows):
    for order, other in (("updated", "created"), ("created", "updated")):
        address = api.get(CONTENT, order=order, limit=2).json()["next"]
        answer = api.client.get(address.replace(f"order={order}", f"order={other}"), headers=api.headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    "place",
    [
        [],
        ["f"],
        ["x", "2026-11-21T08:00:00Z", ID],
        ["f", "2026-11-21T08:00:00Z"],
        ["f", "2026-11-21T08:00:00Z", "a"],
        ["f", "2026-11-21T08:00:00Z", -7],
        ["f", "2026-11-21T08:00:00Z", 10**40],
        ["f", "2026-11-21T08:00:00", ID],
        ["f", "2026-11-21", ID],
        ["f", "2026-13-45T00:00:00Z", ID],
        ["b", "\x00", ID],
        ["b", 7, ID],
        ["b", None, ID],
        ["b", ["2026-11-21T08:00:00Z"], ID],
    ],
)
def test_a_forged_cursor_is_refused(api, place):
    cursor = base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")
    answer = api.get(CONTENT, order="updated", cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize(
    "parameters", [{"order": "oldest"}, {"updated_after": "2026-11-21T08:00:00"}, {"updated": "1"}]
)
def test_a_faulty_parameter_is_refused(api, parameters):
    answer = api.get(CONTENT, **parameters)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")


def test_a_later_page_begins_in_the_index(api, platform):
    other = factories.ApiClientFactory()
    Content.objects.bulk_create(
        factories.ContentFactory.build(client=platform if n % 3 else other, external_id=f"post-{n}")
        for n in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE content")
    address = api.get(CONTENT, order="updated", limit=20).json()["next"]
    with CaptureQueriesContext(connection) as queries:
        follow(api, address)
    (page,) = [query["sql"] for query in queries if 'ORDER BY "content"."updated_at"' in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + page)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "content_client_changed" in plan
    assert "Sort" not in plan


def test_every_visible_change_moves_the_time_of_change(api):
    sent = {"external_id": "post-1", "text": "The soup was warm."}
    content_id = api.post(CONTENT, sent).json()["id"]
    path = f"{CONTENT}/{content_id}"
    times = [api.get(path).json()["updated_at"]]
    for act in (
        drain,
        lambda: api.post(
            "/api/v1/decisions", {"content_id": content_id, "outcome": "reject", "reasoning": "Off topic"}
        ),
        lambda: api.post(CONTENT, {**sent, "text": "The soup was cold."}),
        lambda: api.delete(path),
    ):
        act()
        times.append(api.get(path).json()["updated_at"])
    assert (times, len(set(times))) == (sorted(times), 5)


def test_what_is_not_seen_does_not_move_it(api):
    sent = {"external_id": "post-1", "text": "The soup was warm.", "mode": "sync"}
    first = api.post(CONTENT, sent).json()
    api.post(CONTENT, sent)
    assert Content.objects.get(pk=first["id"]).updated_at.isoformat() == first["updated_at"].replace("Z", "+00:00")


def test_a_content_that_has_not_changed_is_not_sent_again(api):
    sent = {"external_id": "post-1", "text": "The soup was warm.", "mode": "sync"}
    path = f"{CONTENT}/{api.post(CONTENT, sent).json()['id']}"
    tag = api.get(path)["ETag"]
    again = api.client.get(path, headers={**api.headers, "If-None-Match": tag})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", tag)
    api.post(CONTENT, {**sent, "text": "The soup was cold."})
    changed = api.client.get(path, headers={**api.headers, "If-None-Match": tag})
    assert (changed.status_code, changed.json()["text"]) == (200, "The soup was cold.")
    assert changed["ETag"] != tag


def test_the_etag_speaks_for_the_whole_answer(api):
    """Near-duplicates and the author's name are told without the content itself having changed."""
    text = "Our street kitchen has {} bowls of onion soup left, come before noon"
    author = {"external_id": "u1", "display_name": "Anna"}
    sent = {"external_id": "a", "text": text.format(3), "author": author, "mode": "sync"}
    path = f"{CONTENT}/{api.post(CONTENT, sent).json()['id']}"
    tags = {api.get(path)["ETag"], api.get(path)["ETag"]}
    api.post(CONTENT, {"external_id": "b", "text": text.format(7), "mode": "sync"})
    tags.add(api.get(path)["ETag"])
    api.post(CONTENT, {"external_id": "c", "text": "Rain.", "author": {**author, "display_name": "Anna B."}})
    tags.add(api.get(path)["ETag"])
    assert len(tags) == 3


def test_a_key_that_may_not_read_sees_neither(api_of, platform):
    writer = api_of(ApiKey.issue(client=platform, scopes=["content:write"]))
    for path in (f"{CONTENT}?order=updated", f"{CONTENT}/{ID}"):
        assert (answer := writer.client.get(path, headers=writer.headers)).status_code == 403
        assert answer.json()["code"] == "missing_scope"
