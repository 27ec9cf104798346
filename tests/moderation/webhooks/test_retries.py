"""What a refusal costs, and what the receiver may ask for."""

from datetime import UTC, datetime, timedelta

import pytest

from moderation.enums import EventStatus
from moderation.models import AuditEntry, WebhookDelivery, WebhookEvent
from moderation.webhooks.delivery import drain
from moderation.webhooks.endpoints import enable_endpoint
from moderation.webhooks.schedule import delay_after_refusal, delay_after_silence, read_retry_after
from tests.moderation.webhooks.receivers import Reply

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_refused_event_is_tried_again_and_arrives(endpoint, receiver, tell, later):
    receiver.replies = [Reply(500)]
    event = tell()
    drain(endpoint.pk)
    event.refresh_from_db()
    assert (event.status, event.attempts, event.refusals) == (EventStatus.PENDING, 1, 1)
    later()
    drain(endpoint.pk)
    event.refresh_from_db()
    assert (event.status, event.attempts, event.refusals) == (EventStatus.DELIVERED, 2, 1)


def test_refused_event_is_not_tried_before_its_time(endpoint, receiver, tell):
    receiver.replies = [Reply(500)]
    tell()
    drain(endpoint.pk)
    drain(endpoint.pk)
    assert len(receiver.requests) == 1


def test_event_dies_after_the_last_step(endpoint, receiver, tell, later, configure):
    configure(retry_seconds=[5, 30, 300])
    receiver.reply = lambda request: Reply(400)
    event = tell()
    for _ in range(6):
        drain(endpoint.pk)
        later()
    event.refresh_from_db()
    assert len(receiver.requests) == 4  # at once, then after each of the three steps
    assert (event.status, event.refusals) == (EventStatus.DEAD, 4)
    assert event.finished_at is not None


def test_dead_event_lets_the_next_of_its_content_through(endpoint, receiver, tell, later, configure):
    configure(retry_seconds=[5, 30, 300])
    receiver.replies = [Reply(400)] * 4
    tell("post-1")
    tell("post-1")
    for _ in range(5):
        drain(endpoint.pk)
        later()
    assert receiver.told == [("post-1", 1)] * 4 + [("post-1", 2)]


def test_refusal_of_one_content_does_not_hold_another(endpoint, receiver, tell):
    receiver.reply = lambda request: Reply(400 if request.data["external_id"] == "post-1" else 200)
    for external_id in ("post-1", "post-2", "post-3"):
        tell(external_id)
    drain(endpoint.pk)
    assert WebhookEvent.objects.filter(status=EventStatus.DELIVERED).count() == 2
    endpoint.refresh_from_db()
    assert (endpoint.failures_in_a_row, endpoint.retry_at) == (0, None)


def test_refusals_in_a_row_hold_the_endpoint(endpoint, receiver, tell):
    receiver.reply = lambda request: Reply(500)
    for number in range(100):
        tell(f"post-{number}")
    drain(endpoint.pk)
    endpoint.refresh_from_db()
    assert endpoint.failures_in_a_row == 5
    assert endpoint.retry_at is not None
    assert len(receiver.requests) == 32 + 4  # a full round, then one by one


def test_gone_disables_the_endpoint_and_holds_its_events(endpoint, receiver, tell):
    receiver.reply = lambda request: Reply(410)
    event = tell()
    drain(endpoint.pk)
    endpoint.refresh_from_db()
    event.refresh_from_db()
    assert endpoint.disabled_at is not None
    assert endpoint.disabled_reason == "The receiver answered 410 Gone."
    assert (event.status, event.attempts) == (EventStatus.PENDING, 1)
    assert WebhookDelivery.objects.get().status_code == 410
    entry = AuditEntry.objects.get(action="webhook_endpoint.disabled")
    assert (entry.actor, entry.subject_id) == ("system", str(endpoint.pk))


def test_disabled_endpoint_is_left_alone_and_flows_when_enabled(endpoint, receiver, tell):
    receiver.replies = [Reply(410)]
    tell()
    drain(endpoint.pk)
    drain(endpoint.pk)
    assert len(receiver.requests) == 1
    enable_endpoint(endpoint=endpoint, actor="user:alice")
    drain(endpoint.pk)
    assert WebhookEvent.objects.get().status == EventStatus.DELIVERED


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_retry_after_is_honoured(endpoint, receiver, tell, seconds_from_now, status):
    receiver.replies = [Reply(status, headers={"retry-after": "120"})]
    event = tell()
    drain(endpoint.pk)
    endpoint.refresh_from_db()
    event.refresh_from_db()
    assert round(seconds_from_now(endpoint.retry_at), -1) == 120
    assert round(seconds_from_now(event.next_attempt_at), -1) == 120
    assert (event.status, event.refusals) == (EventStatus.PENDING, 0)


def test_retry_after_of_a_plain_refusal_means_nothing(endpoint, receiver, tell):
    receiver.replies = [Reply(400, headers={"retry-after": "3000"})]
    tell()
    drain(endpoint.pk)
    endpoint.refresh_from_db()
    assert endpoint.retry_at is None


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120), ("0", 1), ("999999999999999999999", 3600), ("Sat, 21 Nov 2026 12:02:00 GMT", 120),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 1), ("", None), (None, None), ("soon", None), ("-5", None), ("1.5", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_and_bounded(value, seconds):
    assert read_retry_after(value, now=NOW) == seconds


def test_schedule_is_the_configured_one_with_a_tenth_of_jitter(configure):
    configure(retry_seconds=[100, 1000])
    delays = [delay_after_refusal(1) for _ in range(200)]
    assert all(timedelta(seconds=90) <= delay <= timedelta(seconds=110) for delay in delays)
    assert len(set(delays)) > 100
    assert delay_after_refusal(2) >= timedelta(seconds=900)
    assert delay_after_refusal(3) is None


def test_silent_receiver_is_tried_at_least_every_five_minutes(configure):
    configure(retry_seconds=[5, 10_000])
    assert delay_after_silence(1) <= timedelta(seconds=5.5)
    assert timedelta(seconds=270) <= delay_after_silence(2) <= timedelta(seconds=330)
    assert timedelta(seconds=270) <= delay_after_silence(900) <= timedelta(seconds=330)
