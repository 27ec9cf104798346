"""The numbers themselves, counted by hand, and what they cost."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from dashboard.queries import (
    Period,
    QueueWaiting,
    decided_by_hour,
    overdue_cases,
    received_by_hour,
    unprocessed,
    waiting_by_queue_and_age,
)
from moderation.enums import ContentStatus, DecisionSource, Outcome
from tests import factories
from tests.dashboard.conftest import NOW, ago

pytestmark = pytest.mark.django_db


def test_the_last_day_is_the_running_hour_and_the_23_before_it(period):
    assert period == Period(datetime(2026, 5, 3, 14, tzinfo=UTC), NOW)
    assert len(period.hours()) == 24
    assert period.hours()[-1] == datetime(2026, 5, 4, 13, tzinfo=UTC)


def test_contents_count_in_the_hour_they_came(receive, period, django_assert_num_queries):
    for minutes in (0.5, 20, 31, 60 * 23, 60 * 24):
        receive(ago(minutes=minutes))
    with django_assert_num_queries(1):
        by_hour = received_by_hour(period)
    assert {f"{hour:%d %H}": number for hour, number in by_hour.items() if number} == {
        "03 14": 1,
        "04 12": 1,
        "04 13": 2,
    }
    assert len(by_hour) == 24


def test_decisions_count_by_source_and_outcome(decide, period, django_assert_num_queries):
    decide(ago(hours=1), Outcome.APPROVE)
    decide(ago(hours=2), Outcome.APPROVE)
    decide(ago(hours=2), Outcome.REVIEW)
    decide(ago(hours=3), Outcome.REJECT, DecisionSource.MODERATOR)
    decide(ago(hours=30), Outcome.REJECT)
    with django_assert_num_queries(1):
        by_hour = decided_by_hour(period)
    assert {f"{hour:%d %H}": dict(numbers) for hour, numbers in by_hour.items() if numbers} == {
        "04 12": {("policy", "approve"): 1},
        "04 11": {("policy", "approve"): 1, ("policy", "review"): 1},
        "04 10": {("moderator", "reject"): 1},
    }


def test_open_cases_count_by_queue_and_age(db, django_assert_num_queries):
    general, urgent = factories.QueueFactory(), factories.QueueFactory(slug="urgent", name="Urgent")
    factories.QueueFactory(slug="empty", name="Empty")
    for hours in (-0.01, 0.5, 1, 5, 24, 100):
        factories.CaseFactory(queue=general, opened_at=ago(hours=hours))
    factories.CaseFactory(queue=urgent, opened_at=ago(hours=4))
    factories.CaseFactory(queue=urgent, opened_at=ago(hours=4), status="cancelled")
    lease = {"claimed_by": factories.ModeratorFactory(), "claimed_at": NOW, "lease_token": uuid4()}
    factories.CaseFactory(queue=urgent, opened_at=ago(hours=5), **lease, lease_expires_at=NOW + timedelta(minutes=1))
    with django_assert_num_queries(3):
        queues = waiting_by_queue_and_age(NOW)
    assert queues == [
        QueueWaiting("Empty", (0, 0, 0, 0)),
        QueueWaiting("General", (2, 1, 1, 2)),
        QueueWaiting("Urgent", (0, 0, 1, 0)),
    ]


def test_overdue_cases_are_the_open_ones_past_their_due_time(db):
    factories.CaseFactory(due_at=ago(minutes=1))
    factories.CaseFactory(due_at=NOW + timedelta(minutes=1))
    factories.CaseFactory(due_at=ago(minutes=1), status="cancelled")
    assert overdue_cases(NOW) == 1


def test_what_waits_for_a_worker_and_what_is_in_its_hands_is_unprocessed(receive, django_assert_num_queries):
    receive(ago(minutes=5))
    lease = {"lease_token": uuid4(), "lease_expires_at": NOW}
    receive(ago(minutes=9), status=ContentStatus.PROCESSING, **lease)
    receive(ago(hours=2), status=ContentStatus.DECIDED, decision=Outcome.APPROVE)
    with django_assert_num_queries(2):
        waiting = unprocessed()
    assert (waiting.count, waiting.oldest_at) == (2, ago(minutes=9))


def test_an_empty_database_gives_zeros(period, db):
    assert set(received_by_hour(period).values()) == {0}
    assert not any(decided_by_hour(period).values())
    assert waiting_by_queue_and_age(NOW) == []
    assert unprocessed().oldest_at is None
