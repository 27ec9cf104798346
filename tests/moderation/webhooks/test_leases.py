"""Claims: one drain an endpoint, a lease that a dead worker cannot keep, and a fence behind it."""

import threading
from collections import Counter

import pytest
from django.db import connection

from moderation.enums import EventStatus
from moderation.models import WebhookDelivery, WebhookEvent
from moderation.webhooks.answers import Answer
from moderation.webhooks.claims import claim_events
from moderation.webhooks.delivery import drain
from moderation.webhooks.records import Round, record_round
from moderation.webhooks.sweep import endpoints_with_due_events
from tests.moderation.webhooks.receivers import Reply


def test_only_the_oldest_event_of_a_content_is_claimed(endpoint, tell):
    first, other = tell("post-1"), tell("post-2")
    tell("post-1")
    assert [event.pk for event in claim_events(endpoint_id=endpoint.pk).events] == [first.pk, other.pk]


def test_second_claim_of_the_same_endpoint_gets_nothing(endpoint, tell):
    tell("post-1")
    assert claim_events(endpoint_id=endpoint.pk)
    tell("post-2")
    assert claim_events(endpoint_id=endpoint.pk) is None


def test_killed_worker_costs_a_delay_and_no_event(endpoint, receiver, tell, later):
    event = tell()
    claim_events(endpoint_id=endpoint.pk)  # and then the worker is gone
    assert drain(endpoint.pk) is False
    assert not receiver.requests
    later()
    assert list(endpoints_with_due_events(event.created_at + (event.expires_at - event.created_at))) == [endpoint]
    drain(endpoint.pk)
    assert receiver.told == [("post-1", 1)]


def test_worker_that_lost_its_lease_writes_nothing_but_the_attempt(endpoint, tell, later):
    event = tell()
    lost = claim_events(endpoint_id=endpoint.pk)
    later()
    assert claim_events(endpoint_id=endpoint.pk).token != lost.token
    record_round(round_=Round(lost, {event.pk: Answer(1.0, 200)}))
    event.refresh_from_db()
    assert (event.status, event.attempts) == (EventStatus.PENDING, 0)
    assert event.lease_token is not None
    assert WebhookDelivery.objects.count() == 1


def test_round_of_a_deleted_endpoint_is_forgotten(endpoint, tell):
    event = tell()
    claim = claim_events(endpoint_id=endpoint.pk)
    endpoint.delete()
    record_round(round_=Round(claim, {event.pk: Answer(1.0, 200)}))
    assert not WebhookDelivery.objects.exists()


def test_round_of_a_deleted_event_records_the_others(endpoint, tell):
    gone, kept = tell("post-1"), tell("post-2")
    claim = claim_events(endpoint_id=endpoint.pk)
    gone.delete()
    record_round(round_=Round(claim, {event.pk: Answer(1.0, 200) for event in claim.events}))
    kept.refresh_from_db()
    assert kept.status == EventStatus.DELIVERED


@pytest.mark.django_db(transaction=True)
def test_drains_at_once_never_send_an_event_twice_or_two_of_a_content_together(endpoint, receiver, tell):
    receiver.reply = lambda request: Reply(wait=0.005)
    for _ in range(3):
        for number in range(40):
            tell(f"post-{number}")

    def work():
        try:
            while WebhookEvent.objects.filter(status=EventStatus.PENDING).exists():
                drain(endpoint.pk, seconds=0.01)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert set(Counter(receiver.told).values()) == {1}
    assert len(receiver.told) == 120
    for number in range(40):
        assert [version for key, version in receiver.told if key == f"post-{number}"] == [1, 2, 3]
