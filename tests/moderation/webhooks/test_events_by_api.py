"""What was told, told again, and tested, as the platform asks for it by API."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone
from django_redis import get_redis_connection

from moderation.api import webhook_events
from moderation.enums import EventStatus, Scope
from moderation.models import ApiKey, AuditEntry, WebhookEvent
from moderation.models.ids import new_id
from moderation.webhooks.delivery import drain
from tests import factories
from tests.moderation.api.conftest import Api
from tests.moderation.webhooks.receivers import Reply

pytestmark = pytest.mark.django_db


def of(endpoint, act: str) -> str:
    return f"/api/v1/webhook-endpoints/{endpoint.public_id}/{act}"


def page_of(event_id: str, act: str = "") -> str:
    return f"/api/v1/webhook-events/{event_id}{act}"


def test_a_test_event_is_signed_delivered_and_can_be_looked_up(api, endpoint, receiver):
    answer = api.post(of(endpoint, "test"), "")
    drain(endpoint.pk)
    message, event_id = receiver.requests[0], answer.json()["id"]
    assert (answer.status_code, answer["Location"], message.id) == (202, page_of(event_id), event_id)
    assert message.verified(endpoint.secret)["data"] == {"endpoint_id": endpoint.public_id}
    shown = api.get(answer["Location"]).json()
    assert (shown["type"], shown["status"], shown["content_id"]) == ("endpoint.test", "delivered", None)
    assert [row["status_code"] for row in shown["deliveries"]] == [200]


def test_a_test_is_sent_whatever_the_endpoint_chose_to_hear(api, endpoint, receiver):
    api.patch(of(endpoint, "")[:-1], {"event_types": ["content.rejected"]})
    api.post(of(endpoint, "test"), "")
    drain(endpoint.pk)
    assert [request.verified(endpoint.secret)["type"] for request in receiver.requests] == ["endpoint.test"]


def test_tests_neither_wait_for_an_event_nor_keep_one_waiting(api, endpoint, receiver, tell):
    receiver.reply = lambda request: Reply(500 if b"post-1" in request.body else 200)
    tell("post-1")
    tell("post-1")
    api.post(of(endpoint, "test"), "")
    api.post(of(endpoint, "test"), "")
    drain(endpoint.pk)
    assert sorted(b"endpoint.test" in request.body for request in receiver.requests) == [False, True, True]


@pytest.mark.django_db(transaction=True)
def test_a_test_wakes_delivery_at_once_also_where_it_is_held_back(api, endpoint):
    redis = get_redis_connection("default")
    redis.flushdb()
    endpoint.retry_at = timezone.now() + timedelta(hours=1)
    endpoint.save()
    api.post(of(endpoint, "test"), "")
    endpoint.refresh_from_db()
    assert (redis.llen("webhooks"), endpoint.retry_at) == (1, None)


def test_events_are_listed_newest_first_and_narrowed(api, endpoint, receiver, tell):
    first, second = tell("post-1"), tell("post-2")
    drain(endpoint.pk)
    api.post(of(endpoint, "test"), "")

    def listed(**query):
        return [row["id"] for row in api.get(of(endpoint, "events"), **query).json()["results"]]

    assert len(listed()) == 3
    assert listed()[1:] == [second.message_id, first.message_id]
    assert listed(status="delivered", type="content.approved") == [second.message_id, first.message_id]
    assert listed(content_id=str(first.content_id)) == [first.message_id]
    assert listed(content_id="no-id") == listed(status="dead") == []


def test_pages_of_events_hold_every_event_once(api, endpoint, tell):
    told = [tell(f"post-{n}").message_id for n in range(5)]
    found, page = [], api.get(of(endpoint, "events"), limit=2).json()
    while page["next"]:
        found += page["results"]
        page = api.get(page["next"]).json()
    assert [row["id"] for row in found + page["results"]] == told[::-1]


@pytest.mark.parametrize("query", [{"status": "lost"}, {"type": "content.seen"}, {"colour": "red"}, {"cursor": "?"}])
def test_a_filter_that_is_none_is_refused(api, endpoint, query):
    assert api.get(of(endpoint, "events"), **query).status_code == 400


def test_one_event_is_sent_again_under_its_own_id(api, endpoint, receiver, tell):
    event = tell()
    drain(endpoint.pk)
    answer = api.post(page_of(event.message_id, "/redeliver"), "")
    drain(endpoint.pk)
    assert (answer.status_code, answer.json()) == (202, {"redelivered": 1})
    assert [request.id for request in receiver.requests] == [event.message_id] * 2


def test_an_event_that_is_being_sent_is_left_alone(api, endpoint, tell):
    event = tell()
    WebhookEvent.objects.update(lease_token=new_id(), lease_expires_at=timezone.now() + timedelta(hours=1))
    assert api.post(page_of(event.message_id, "/redeliver"), "").json()["code"] == "conflict"


def test_a_range_of_dead_events_is_sent_again(api, key, endpoint, tell):
    events = [tell(f"post-{n}") for n in range(4)]
    for hours, event in enumerate(events):
        WebhookEvent.objects.filter(pk=event.pk).update(
            status=EventStatus.DEAD, created_at=event.created_at - timedelta(hours=hours)
        )
    since = (events[0].created_at - timedelta(hours=2, minutes=5)).isoformat()
    until = (events[0].created_at - timedelta(minutes=5)).isoformat()
    answer = api.post(of(endpoint, "redeliver"), {"since": since, "until": until})
    assert (answer.status_code, answer.json()) == (202, {"redelivered": 2})
    pending = WebhookEvent.objects.filter(status=EventStatus.PENDING).order_by("id")
    assert list(pending) == events[1:3]
    assert AuditEntry.objects.get().actor == f"key:{ApiKey.prefix_of(key)}"


def test_without_a_body_every_dead_event_of_this_endpoint_is_sent_again(api, endpoint, platform, tell):
    factories.EndpointFactory(client=platform)
    tell()
    WebhookEvent.objects.update(status=EventStatus.DEAD)
    assert api.client.generic("POST", of(endpoint, "redeliver"), headers=api.headers).json() == {"redelivered": 1}


def test_a_range_that_is_too_large_is_refused_whole(api, endpoint, tell, monkeypatch):
    monkeypatch.setattr(webhook_events, "MAX_REDELIVERED", 1)
    tell("post-1"), tell("post-2")
    WebhookEvent.objects.update(status=EventStatus.DEAD)
    assert api.post(of(endpoint, "redeliver"), {}).json()["code"] == "too_many_items"
    assert not WebhookEvent.objects.exclude(status=EventStatus.DEAD).exists()


@pytest.mark.parametrize("body", [{"since": "yesterday"}, {"since": 3}, {"status": "lost"}, {"all": True}, [], "{"])
def test_a_range_that_is_none_is_refused(api, endpoint, body):
    assert api.post(of(endpoint, "redeliver"), body).status_code in (400, 422)


def test_another_client_s_event_is_absent(platform, stranger, endpoint, tell):
    event = tell()
    other = Api(ApiKey.issue(client=stranger, scopes=list(Scope.values)))
    assert other.get(page_of(event.message_id)).status_code == 404
    assert other.post(page_of(event.message_id, "/redeliver"), "").status_code == 404
    assert other.get(of(endpoint, "events")).status_code == 404


def test_what_a_name_led_to_inside_our_network_is_not_told(api, endpoint, tell):
    event = tell()
    event.deliveries.create(
        attempt=1, duration_ms=1.0, error="db.example is at 10.4.3.2, which is not a public address. Use another."
    )
    error = api.get(page_of(event.message_id)).json()["deliveries"][0]["error"]
    assert error == "db.example has an address that is not a public address. Use another."


def test_only_a_test_is_about_no_content(endpoint):
    with pytest.raises(IntegrityError, match="webhook_event_about_a_content"):
        WebhookEvent.objects.create(endpoint=endpoint, message_id="msg_1", type="content.approved", payload={})
