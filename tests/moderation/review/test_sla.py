"""What waits, for how long, and what is late."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from moderation.models import ModeratorSettings, ReviewCase
from moderation.review.available import free_for
from moderation.review.claims import claim_next
from moderation.review.sla import QueueLoad, queue_loads
from tests import factories

pytestmark = pytest.mark.django_db


def test_load_counts_open_waiting_and_overdue_cases(alice, bob, general, noon):
    oldest = noon - timedelta(hours=3)
    factories.CaseFactory(queue=general, opened_at=oldest, due_at=noon - timedelta(minutes=1))
    factories.CaseFactory(queue=general, opened_at=noon, due_at=noon)
    factories.ResolvedCaseFactory(queue=general)
    claim_next(moderator=bob, now=noon)
    (load,) = queue_loads(moderator=alice, now=noon)
    assert load == QueueLoad(queue=general, open=2, waiting=1, overdue=1, oldest_at=oldest, free=1)


def test_claim_that_ran_out_waits_again(alice, general, noon):
    factories.CaseFactory(queue=general)
    claim_next(moderator=alice, now=noon)
    (load,) = queue_loads(moderator=alice, now=noon + timedelta(minutes=2))
    assert load.waiting == 1


def test_empty_queue_is_shown_too(alice, general):
    assert queue_loads(moderator=alice) == [
        QueueLoad(queue=general, open=0, waiting=0, overdue=0, oldest_at=None, free=0)
    ]


def test_queues_of_other_groups_are_not_shown(alice, lead, general):
    closed = factories.QueueFactory(slug="minors", name="Minors", group_names=["lead"])
    assert [load.queue for load in queue_loads(moderator=alice)] == [general]
    assert [load.queue for load in queue_loads(moderator=lead)] == [general, closed]


@pytest.mark.parametrize("count", [1, 20])
def test_a_constant_number_of_queries_however_many_queues_and_cases(django_assert_num_queries, alice, count):
    for n in range(count):
        factories.CaseFactory.create_batch(2, queue=factories.QueueFactory(slug=f"queue-{n}"))
    alice.has_perm("moderation.decide_escalated")  # read once for the page
    # The queues, the person's own settings, all cases, those set apart, what measures the person.
    with django_assert_num_queries(5):
        assert len(queue_loads(moderator=alice)) == count


@pytest.fixture
def every_state(alice, bob, general, noon):
    """Cases in every state in which one may or may not be free for alice."""
    later, earlier = noon + timedelta(hours=1), noon - timedelta(hours=1)
    claim = {"claimed_at": noon, "lease_token": uuid4()}
    for state in (
        {},
        {"categories": ["insult"]},
        {"level": 2},
        {"skipped_by": [alice.pk]},
        {"skipped_by": [bob.pk]},
        {"skipped_by": [bob.pk], "level": 2},
        {"claimed_by": bob, "lease_expires_at": later, **claim},
        {"claimed_by": bob, "lease_expires_at": earlier, **claim},
        {"claimed_by": alice, "lease_expires_at": later, **claim},
        {"assigned_to": bob, "assigned_until": later},
        {"assigned_to": bob, "assigned_until": earlier, "categories": ["insult"]},
        {"assigned_to": bob, "assigned_until": earlier},
        {"assigned_to": alice, "assigned_until": later},
        {"assigned_to": alice, "assigned_until": later, "on_hold_until": later},
        {"source": "golden", "assigned_to": alice, "assigned_until": later},
        {"source": "double", "assigned_to": bob, "assigned_until": later},
    ):
        factories.CaseFactory(queue=general, **state)


@pytest.mark.parametrize("opted_out", [[], ["insult"]])
def test_free_is_what_the_moderator_may_be_given(every_state, alice, general, noon, opted_out):
    ModeratorSettings.objects.create(moderator=alice, opted_out=opted_out)
    (load,) = queue_loads(moderator=alice, now=noon)
    free = ReviewCase.objects.filter(free_for(moderator=alice, now=noon))
    assert load.free == free.count()
    assert 0 < load.free < load.open
    assert load.open == ReviewCase.objects.exclude(source="double").count()  # their own golden case is as any other
    assert (load.held, load.escalated, load.on_hold) == (2, 2, 1)


@pytest.mark.django_db(transaction=True)
def test_all_that_waits_is_counted_from_one_index(general, alice, noon):
    factories.CaseFactory.create_batch(200, queue=general, escalation_note="A long word. " * 70)
    with connection.cursor() as cursor:
        # So that the planner sees a table that has grown, whatever other tests have left in it.
        for clear in ("REINDEX TABLE", "VACUUM ANALYZE"):
            cursor.execute(f"{clear} moderation_reviewcase")
    with CaptureQueriesContext(connection) as queries:
        queue_loads(moderator=alice, now=noon)
    plans = [_plan(query["sql"]) for query in queries if '"open"' in query["sql"] or '"held"' in query["sql"]]
    assert "Index Only Scan using review_case_due" in plans[0]
    assert "review_case_set_apart" in plans[1]


def _plan(sql: str) -> str:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute("EXPLAIN " + sql)
        return "\n".join(line for (line,) in cursor.fetchall())
