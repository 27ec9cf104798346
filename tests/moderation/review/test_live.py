"""What a lead sees of queues and people."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.models import AuditEntry, ReviewCase
from moderation.review.claims import claim_case
from moderation.review.live import cases_in_hand, live_queues, people_at_work
from moderation.review.return_to_queue import return_to_queue
from tests import factories


@pytest.fixture
def queue(db):
    return factories.QueueFactory(slug="spam", name="Spam")


def test_a_queue_is_counted(queue, lead, alice):
    now = timezone.now()
    old = now - timedelta(hours=3)
    factories.CaseFactory(queue=queue, opened_at=old, due_at=now - timedelta(minutes=1))
    held = factories.CaseFactory(queue=queue, due_at=now + timedelta(hours=1))
    claim_case(case_id=held.pk, moderator=alice)
    factories.ResolvedCaseFactory(queue=queue, decision__moderator=alice)
    (found,) = [one for one in live_queues(lead=lead, now=timezone.now()) if one.load.queue == queue]
    load = found.load
    assert (load.open, load.waiting, load.held, load.overdue, load.oldest_at) == (2, 1, 1, 1, old)
    assert (found.due_soon, found.opened, found.decided) == (1, 2, 1)


def test_people_are_told_by_what_they_hold_and_decided(queue, lead, alice, bob):
    claim_case(case_id=factories.CaseFactory(queue=queue).pk, moderator=alice)
    factories.ResolvedCaseFactory(queue=queue, decision__moderator=alice)
    people = {one.person.username: one for one in people_at_work(now=timezone.now())}
    assert (people["alice"].online, people["alice"].held, people["alice"].decided_last_hour) == (True, 1, 1)
    assert (people["bob"].online, people["bob"].is_here) == (False, False)


def test_who_may_not_decide_is_no_moderator(queue, auditor, alice):
    assert [one.person.username for one in people_at_work(now=timezone.now())] == ["alice"]


def test_cases_go_back_to_their_queue(queue, lead, alice):
    held, free = factories.CaseFactory(queue=queue), factories.CaseFactory(queue=queue)
    claim_case(case_id=held.pk, moderator=alice)
    assert [row.person for row in cases_in_hand(lead=lead, now=timezone.now(), most=10)] == [alice]
    assert return_to_queue(case_ids=[held.pk, free.pk], lead=lead) == 1
    assert ReviewCase.objects.get(pk=held.pk).claimed_by is None
    assert AuditEntry.objects.filter(action="case.returned", actor="user:lead", subject_id=str(held.pk)).exists()


def test_the_number_of_queries_does_not_grow(queue, lead, alice):
    counts = []
    for number in (1, 1, 6):  # the first reads the rights of the lead too
        cases = [factories.CaseFactory(queue=queue).pk for _ in range(number)]
        until = timezone.now() + timedelta(days=1)
        ReviewCase.objects.filter(pk__in=cases).update(assigned_to=alice, assigned_until=until)
        with CaptureQueriesContext(connection) as queries:
            live_queues(lead=lead, now=timezone.now())
            people_at_work(now=timezone.now())
            shown = cases_in_hand(lead=lead, now=timezone.now(), most=10)
            assert all((row.case.content.external_id, row.case.queue.name) for row in shown)
        counts.append(len(queries))
    assert (len(shown), counts[1]) == (8, counts[2])
