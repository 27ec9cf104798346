"""What a clean-up takes by age, and what it leaves alone however old it is."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from moderation.enums import ContentStatus, EventStatus, Outcome
from moderation.models import AuditEntry, Content, Exposure, WebhookDelivery, WebhookEvent
from moderation.retention import clean_up
from reviewengine import conf
from reviewengine.sections import EraseAfterDays, Retention
from tests import factories

pytestmark = pytest.mark.django_db

APPROVED, REJECTED = "content erased, decision approve", "content erased, decision reject"
DELIVERED, DEAD = "webhook events deleted, delivered", "webhook events deleted, dead"


@pytest.fixture
def keep(monkeypatch):
    """Puts other ages into the configuration."""

    def configure(approve: int = 30, reject: int = 90, **values: int) -> None:
        retention = Retention(erase_after_days=EraseAfterDays(approve=approve, reject=reject), **values)
        changed = conf.load().model_copy(update={"retention": retention})
        monkeypatch.setattr(conf, "load", lambda: changed)

    configure()
    return configure


def decided(outcome: str, days_ago: float) -> Content:
    moment = timezone.now() - timedelta(days=days_ago)
    return factories.ContentFactory(
        status=ContentStatus.DECIDED, decision=outcome, decided_at=moment, created_at=moment, updated_at=moment
    )


def finished(status: EventStatus, days_ago: float) -> WebhookEvent:
    event = WebhookEvent.objects.create(
        endpoint=factories.EndpointFactory(), content=factories.ContentFactory(), type="content.approved", payload={},
        message_id=f"msg_{status}_{days_ago}", status=status, finished_at=timezone.now() - timedelta(days=days_ago),
    )  # fmt: skip
    WebhookDelivery.objects.create(event=event, attempt=1, status_code=204, duration_ms=1.0)
    return event


def is_erased(content: Content) -> bool:
    content.refresh_from_db()
    return content.erased_at is not None


def test_each_decision_has_its_own_age(keep):
    rows = [decided("approve", 29), decided("approve", 31), decided("reject", 31), decided("reject", 91)]
    report = clean_up()
    assert [is_erased(row) for row in rows] == [False, True, False, True]
    assert (report.counts[APPROVED], report.counts[REJECTED]) == (1, 1)


def test_the_age_counts_from_the_decision_and_not_from_the_submission(keep):
    content = decided("approve", 10)
    Content.objects.update(created_at=timezone.now() - timedelta(days=400))
    clean_up()
    assert not is_erased(content)


def test_nought_keeps_for_ever(keep):
    keep(approve=0, reject=0, delivered_event_days=0, dead_event_days=0)
    content = decided("approve", 4000)
    finished(EventStatus.DELIVERED, 4000)
    assert set(clean_up().counts.values()) == {0}
    assert not is_erased(content)
    assert WebhookEvent.objects.count() == 1


@pytest.mark.parametrize(
    "state",
    [
        {"status": ContentStatus.PENDING},
        {
            "status": ContentStatus.PROCESSING,
            "lease_token": "0191e2f4-5f4e-7c8d-9a1b-2c3d4e5f6a7b",
            "lease_expires_at": timezone.now(),
        },
        {"status": ContentStatus.IN_REVIEW, "decision": Outcome.REVIEW},
    ],
    ids=lambda state: str(state["status"]),
)
def test_content_that_waits_is_never_touched(state, keep):
    content = factories.ContentFactory(created_at=timezone.now() - timedelta(days=4000), **state)
    clean_up()
    assert not is_erased(content)


def test_decided_content_with_an_open_case_is_left_alone(keep):
    content = decided("approve", 400)
    factories.CaseFactory(content=content, policy_decision=None)
    assert clean_up().counts[APPROVED] == 0
    assert not is_erased(content)


def test_finished_webhook_events_go_with_their_deliveries(keep):
    keep(delivered_event_days=7, dead_event_days=60)
    for status, days in [("delivered", 6), ("delivered", 8), ("dead", 59), ("dead", 61)]:
        finished(EventStatus(status), days)
    report = clean_up()
    assert (report.counts[DELIVERED], report.counts[DEAD]) == (1, 1)
    assert set(WebhookEvent.objects.values_list("message_id", flat=True)) == {"msg_delivered_6", "msg_dead_59"}
    assert WebhookDelivery.objects.count() == 2


def test_a_pending_event_is_never_deleted(keep):
    finished(EventStatus.PENDING, 4000)
    clean_up()
    assert WebhookEvent.objects.count() == 1


def test_a_dry_run_counts_and_changes_nothing(keep):
    content = decided("approve", 400)
    finished(EventStatus.DELIVERED, 400)
    report = clean_up(dry_run=True)
    assert (report.dry_run, report.counts[APPROVED], report.counts[DELIVERED]) == (True, 1, 1)
    assert not is_erased(content)
    assert WebhookEvent.objects.count() == 1


def test_a_second_run_finds_nothing_left(keep):
    decided("approve", 400)
    assert sum(clean_up().counts.values()) == 1
    assert sum(clean_up().counts.values()) == 0
    assert AuditEntry.objects.filter(action="content.erased", actor="system").count() == 1


def test_what_moderators_were_shown_is_kept_for_its_own_time(keep, alice):
    keep(exposure_days=30)
    for days in (29, 31):
        Exposure.objects.create(moderator=alice, started_at=timezone.now() - timedelta(days=days))
    assert clean_up().counts["exposures of moderators deleted"] == 1
    assert Exposure.objects.count() == 1


def test_many_rows_go_in_batches(keep):
    keep(batch_size=3)
    for _ in range(8):
        decided("approve", 400)
    assert clean_up().counts[APPROVED] == 8
    assert Content.objects.filter(erased_at=None).count() == 0


def test_now_is_the_moment_that_ages_are_counted_from(keep):
    content = decided("approve", 1)
    clean_up(now=timezone.now() + timedelta(days=30))
    assert is_erased(content)


def test_an_age_given_by_hand_stands_in_for_the_configured_one(keep):
    content = decided("reject", 3)
    finished(EventStatus.DELIVERED, 4000)
    report = clean_up(older_than_days=2)
    assert report.counts == {APPROVED: 0, REJECTED: 1}
    assert is_erased(content)
    assert WebhookEvent.objects.count() == 1


def test_the_search_for_old_content_uses_its_index(keep):
    """A table of which nearly everything is erased already must not be read through every night."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(
            "EXPLAIN SELECT id FROM content WHERE status = 'decided' AND erased_at IS NULL AND decision = 'approve' "
            "AND decided_at < now() ORDER BY decided_at LIMIT 500"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "content_to_erase" in plan
