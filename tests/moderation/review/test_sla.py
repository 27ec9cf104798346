"""What waits, for how long, and what is late."""

from datetime import timedelta

import pytest

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
    assert load == QueueLoad(queue=general, open=2, waiting=1, overdue=1, oldest_at=oldest)


def test_claim_that_ran_out_waits_again(alice, general, noon):
    factories.CaseFactory(queue=general)
    claim_next(moderator=alice, now=noon)
    (load,) = queue_loads(moderator=alice, now=noon + timedelta(minutes=2))
    assert load.waiting == 1


def test_empty_queue_is_shown_too(alice, general):
    assert queue_loads(moderator=alice) == [QueueLoad(queue=general, open=0, waiting=0, overdue=0, oldest_at=None)]


def test_queues_of_other_groups_are_not_shown(alice, lead, general):
    closed = factories.QueueFactory(slug="minors", name="Minors", group_names=["lead"])
    assert [load.queue for load in queue_loads(moderator=alice)] == [general]
    assert [load.queue for load in queue_loads(moderator=lead)] == [general, closed]


@pytest.mark.parametrize("count", [1, 20])
def test_two_queries_however_many_queues_and_cases(django_assert_num_queries, alice, count):
    for n in range(count):
        factories.CaseFactory.create_batch(2, queue=factories.QueueFactory(slug=f"queue-{n}"))
    with django_assert_num_queries(2):
        assert len(queue_loads(moderator=alice)) == count
