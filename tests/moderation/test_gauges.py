"""What waits, as /metrics tells it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from moderation import gauges
from moderation.enums import CaseStatus, EventStatus
from moderation.models import ApiKey, AuditEntry, WebhookEvent
from tests import factories

pytestmark = pytest.mark.django_db


def read(collector) -> dict[tuple[str, ...], float]:
    return {(sample.name, *sample.labels.values()): sample.value for metric in collector() for sample in metric.samples}


def test_nothing_waits_in_an_empty_database():
    assert read(gauges.content) == {
        ("reviewengine_content_waiting", "pending"): 0,
        ("reviewengine_content_waiting", "processing"): 0,
        ("reviewengine_oldest_waiting_seconds",): 0,
    }


def test_content_that_waits_is_counted_by_status_with_the_age_of_the_oldest():
    factories.ContentFactory(updated_at=timezone.now() - timedelta(minutes=10))
    factories.ContentFactory()
    factories.ContentFactory(
        status="processing", lease_token="0191e2f4-5f4e-7c8d-9a1b-2c3d4e5f6a7b", lease_expires_at=timezone.now()
    )
    factories.InReviewContentFactory()
    found = read(gauges.content)
    assert found[("reviewengine_content_waiting", "pending")] == 2
    assert found[("reviewengine_content_waiting", "processing")] == 1
    assert 600 <= found[("reviewengine_oldest_waiting_seconds",)] < 700


def test_open_and_overdue_cases_are_counted_by_queue():
    urgent = factories.QueueFactory(slug="urgent", name="Urgent")
    factories.QueueFactory(slug="empty", name="Empty")
    factories.CaseFactory(queue=urgent)
    factories.CaseFactory(queue=urgent, due_at=timezone.now() - timedelta(minutes=1))
    factories.CaseFactory(queue=urgent, status=CaseStatus.CANCELLED)
    found = read(gauges.review)
    assert found[("reviewengine_review_cases_open", "urgent")] == 2
    assert found[("reviewengine_review_cases_overdue", "urgent")] == 1
    assert found[("reviewengine_review_cases_open", "empty")] == 0


def test_webhook_events_that_were_not_delivered_are_counted():
    endpoint = factories.EndpointFactory(disabled_at=timezone.now())
    for number, status in enumerate(["pending", "pending", "dead", "delivered"]):
        WebhookEvent.objects.create(
            endpoint=endpoint, content=factories.ContentFactory(), type="content.approved", payload={},
            message_id=f"msg_{number}", status=EventStatus(status),
        )  # fmt: skip
    assert read(gauges.webhooks) == {
        ("reviewengine_webhook_events", "pending"): 2,
        ("reviewengine_webhook_events", "dead"): 1,
        ("reviewengine_webhook_endpoints_disabled",): 1,
    }


def test_audit_entries_outside_the_chain_are_counted():
    AuditEntry.objects.create(action="a", actor="system", subject_type="t", subject_id="1")
    assert read(gauges.audit) == {("reviewengine_audit_entries_unsealed",): 1}


def test_the_queues_are_told_of_their_rows():
    factories.ContentFactory()
    WebhookEvent.objects.create(
        endpoint=factories.EndpointFactory(), content=factories.InReviewContentFactory(), type="content.approved",
        payload={}, message_id="later", next_attempt_at=timezone.now() + timedelta(hours=1),
    )  # fmt: skip
    assert (gauges._contents_waiting(), gauges._events_due()) == (1, 0)


@pytest.mark.parametrize(
    ("where", "indexes"),
    [
        ("SELECT count(*), min(updated_at) FROM content WHERE status = 'pending'", ["content_waiting"]),
        ("SELECT count(*) FROM content WHERE status = 'processing'", ["content_leased"]),
        ("SELECT count(*) FROM moderation_webhookevent WHERE status = 'dead'", ["webhook_event_dead"]),
        # Either holds those alone; which one is taken hangs on how many dead rows other tests have left.
        (
            "SELECT count(*) FROM moderation_auditentry WHERE sequence IS NULL",
            ["audit_entry_unsealed", "moderation_auditentry_sequence_key"],
        ),
    ],
)
def test_no_question_reads_a_whole_table(where, indexes):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {where}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert any(index in plan for index in indexes), plan


def test_keys_that_end_soon_are_counted(platform):
    now = timezone.now()
    for days in (-1, 13, 15):
        ApiKey.issue(client=platform, scopes=["score"], expires_at=now + timedelta(days=days))
    ApiKey.issue(client=platform, scopes=["score"])
    assert read(gauges.keys) == {("reviewengine_api_keys_expiring",): 1}
