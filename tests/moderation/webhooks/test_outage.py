"""A receiver that is down: nothing is lost, nothing hammers it, and when it is up everything flows."""

from datetime import timedelta
from itertools import groupby

from django.utils import timezone

from moderation.enums import EventStatus
from moderation.models import WebhookDelivery, WebhookEvent
from moderation.webhooks.delivery import drain
from moderation.webhooks.endpoints import disable_endpoint
from moderation.webhooks.sweep import endpoints_with_due_events, expire_events, sweep


def in_order(told):
    """The versions of each content in the order in which they came."""
    ordered = sorted(told, key=lambda one: one[0])  # stable: keeps the order within a content
    return {key: [version for _, version in group] for key, group in groupby(ordered, key=lambda one: one[0])}


def test_down_then_up_every_event_arrives_in_order_per_content(endpoint, receiver, tell, later):
    receiver.down()
    for _ in range(3):
        for number in range(50):
            tell(f"post-{number}")
    for _ in range(4):
        drain(endpoint.pk)
        later()
    assert not receiver.requests
    receiver.up()
    drain(endpoint.pk)
    assert in_order(receiver.told) == {f"post-{number}": [1, 2, 3] for number in range(50)}
    assert not WebhookEvent.objects.exclude(status=EventStatus.DELIVERED).exists()


def test_dead_receiver_is_not_hammered_by_a_backlog(endpoint, receiver, tell, later):
    receiver.down()
    for number in range(200):
        tell(f"post-{number}")
    for _ in range(5):
        drain(endpoint.pk)
        drain(endpoint.pk)
    assert WebhookDelivery.objects.count() <= 8  # those that were on their way when the first one failed
    before = WebhookDelivery.objects.count()
    later()
    drain(endpoint.pk)
    assert WebhookDelivery.objects.count() == before + 1  # one event asks whether it is up again


def test_silence_costs_no_event_its_life_before_three_days(endpoint, receiver, tell, later):
    receiver.down()
    event = tell()
    for _ in range(12):
        WebhookEvent.objects.update(expires_at=timezone.now() + timedelta(days=1))
        drain(endpoint.pk)
        later()
    event.refresh_from_db()
    assert (event.status, event.attempts, event.refusals) == (EventStatus.PENDING, 12, 0)


def test_event_that_waited_too_long_for_a_silent_receiver_dies(endpoint, receiver, tell):
    receiver.down()
    event = tell()
    WebhookEvent.objects.update(expires_at=timezone.now())
    drain(endpoint.pk)
    event.refresh_from_db()
    assert (event.status, event.attempts) == (EventStatus.DEAD, 1)


def test_events_behind_a_held_endpoint_expire_together(endpoint, receiver, tell):
    receiver.down()
    for number in range(20):
        tell(f"post-{number}")
    drain(endpoint.pk)
    WebhookEvent.objects.update(expires_at=timezone.now())
    expire_events(timezone.now())
    assert set(WebhookEvent.objects.values_list("status", flat=True)) == {EventStatus.DEAD}


def test_events_of_a_disabled_endpoint_expire(endpoint, tell):
    tell()
    disable_endpoint(endpoint=endpoint, reason="moved", actor="user:alice")
    WebhookEvent.objects.update(expires_at=timezone.now())
    assert expire_events(timezone.now()) == 1


def test_event_late_by_our_own_fault_is_tried_before_it_dies(endpoint, receiver, tell):
    tell()
    WebhookEvent.objects.update(expires_at=timezone.now())
    assert expire_events(timezone.now()) == 0
    drain(endpoint.pk)
    assert WebhookEvent.objects.get().status == EventStatus.DELIVERED


def test_what_waited_for_the_receiver_goes_as_soon_as_another_event_got_through(endpoint, receiver, tell, later):
    receiver.down()
    tell("post-1")
    for _ in range(3):
        drain(endpoint.pk)
        later()
    drain(endpoint.pk)
    receiver.up()
    tell("post-2")
    endpoint.refresh_from_db()
    endpoint.retry_at = timezone.now()
    endpoint.save()
    drain(endpoint.pk)
    assert receiver.told == [("post-2", 1), ("post-1", 1)]


def test_sweep_sees_what_is_due_and_nothing_else(endpoint, receiver, tell):
    assert not endpoints_with_due_events(timezone.now())
    tell()
    assert list(endpoints_with_due_events(timezone.now())) == [endpoint]
    receiver.down()
    drain(endpoint.pk)
    assert not endpoints_with_due_events(timezone.now())


def test_sweep_leaves_a_disabled_endpoint_alone(endpoint, tell):
    tell()
    disable_endpoint(endpoint=endpoint, reason="moved", actor="user:alice")
    assert sweep() == 0
