"""`manage.py webhooks_redeliver`."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from moderation.enums import EventStatus
from moderation.models import AuditEntry, WebhookEvent
from tests import factories


@pytest.fixture
def endpoint(platform):
    return factories.EndpointFactory(client=platform)


@pytest.fixture
def event(endpoint):
    """``event("msg_1", status)`` is one event of the endpoint."""

    def make(message_id, status=EventStatus.DEAD, **fields):
        return WebhookEvent.objects.create(
            message_id=message_id,
            endpoint=fields.pop("endpoint", endpoint),
            content=factories.ContentFactory(client=endpoint.client),
            type="content.approved",
            payload={},
            status=status,
            refusals=11,
            **fields,
        )

    return make


def redelivered(*args):
    out = StringIO()
    call_command("webhooks_redeliver", *args, stdout=out)
    return out.getvalue(), sorted(WebhookEvent.objects.filter(status="pending").values_list("message_id", flat=True))


def test_dead_events_are_put_back(endpoint, event):
    event("msg_1"), event("msg_2"), event("msg_3", EventStatus.DELIVERED)
    out, pending = redelivered()
    assert out == f"endpoint {endpoint.pk}: 2 will be delivered again\ntotal: 2 will be delivered again\n"
    assert pending == ["msg_1", "msg_2"]


def test_event_has_its_whole_schedule_before_it(endpoint, event):
    one = event("msg_1", expires_at=timezone.now() - timedelta(days=1), finished_at=timezone.now())
    redelivered()
    one.refresh_from_db()
    assert (one.refusals, one.finished_at) == (0, None)
    assert one.expires_at > timezone.now() + timedelta(days=2)
    assert one.next_attempt_at <= timezone.now()


def test_named_event_is_put_back_whatever_its_status(event):
    event("msg_1", EventStatus.DELIVERED), event("msg_2")
    assert redelivered("--event", "msg_1")[1] == ["msg_1"]


def test_status_narrows_named_events(event):
    event("msg_1", EventStatus.DELIVERED)
    assert redelivered("--event", "msg_1", "--status", "dead")[1] == []


def test_endpoint_narrows(endpoint, event, platform):
    event("msg_1"), event("msg_2", endpoint=factories.EndpointFactory(client=platform))
    assert redelivered("--endpoint", str(endpoint.pk))[1] == ["msg_1"]


def test_since_narrows(event):
    event("msg_1", created_at=timezone.now() - timedelta(days=2)), event("msg_2")
    assert redelivered("--since", (timezone.now() - timedelta(days=1)).isoformat())[1] == ["msg_2"]


def test_dry_run_counts_and_changes_nothing(endpoint, event):
    event("msg_1")
    out, pending = redelivered("--dry-run")
    assert out == f"endpoint {endpoint.pk}: 1 would be delivered again\ntotal: 1 would be delivered again\n"
    assert pending == []
    assert not AuditEntry.objects.exists()


def test_event_on_its_way_is_left_alone(event):
    held = {"lease_token": "00000000-0000-0000-0000-000000000001"}
    event("msg_1", EventStatus.PENDING, **held, lease_expires_at=timezone.now() + timedelta(minutes=1))
    assert redelivered("--status", "pending")[0] == "total: 0 will be delivered again\n"


def test_held_endpoint_is_tried_at_once(endpoint, event):
    endpoint.retry_at = timezone.now() + timedelta(hours=1)
    endpoint.save()
    event("msg_1")
    redelivered()
    endpoint.refresh_from_db()
    assert endpoint.retry_at is None


def test_events_of_a_disabled_endpoint_are_said_to_wait(endpoint, event):
    endpoint.disabled_at = timezone.now()
    endpoint.save()
    event("msg_1")
    assert "(disabled: they wait until it is enabled)" in redelivered()[0]


def test_redelivery_is_audited(endpoint, event):
    event("msg_1"), event("msg_2")
    redelivered()
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.data) == ("webhook_events.redelivered", "system", {"events": 2})
    assert (entry.subject_type, entry.subject_id) == ("webhook_endpoint", str(endpoint.pk))


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--event", "msg_9"], "There is no event msg_9"),
        (["--endpoint", "999"], "There is no endpoint 999"),
        (["--since", "yesterday"], "'yesterday' is not a time"),
        (["--status", "lost"], "invalid choice: 'lost'"),
    ],
)
def test_bad_input_is_refused(event, args, words):
    event("msg_1")
    with pytest.raises(CommandError, match=words):
        redelivered(*args)
    assert not WebhookEvent.objects.filter(status=EventStatus.PENDING).exists()
