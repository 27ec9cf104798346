"""What a lead sees of queues and people."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from moderation.enums import HoldKind, HoldStatus
from moderation.models import AuditEntry, DecisionHold, ReviewCase
from moderation.review.breaks import note_work, start_break
from moderation.review.claims import claim_case
from moderation.review.live import answered_by, cases_in_hand, live_queues, people_at_work
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
    people = {one.person.username: one for one in people_at_work(lead=lead, now=timezone.now())}
    assert (people["alice"].online, people["alice"].held, people["alice"].decided_last_hour) == (True, 1, 1)
    assert (people["bob"].online, people["bob"].is_here) == (False, False)


def test_who_may_not_decide_is_no_moderator(queue, auditor, alice):
    assert [one.person.username for one in people_at_work(lead=auditor, now=timezone.now())] == ["alice"]


def alone(found):
    (one,) = found
    return one


@pytest.mark.parametrize("ended", [HoldStatus.WITHDRAWN, HoldStatus.LAPSED])
def test_what_was_undone_or_overtaken_is_no_work_done(queue, lead, alice, ended):
    stands, undone = (factories.ResolvedCaseFactory(queue=queue, decision__moderator=alice) for _ in range(2))
    waits = factories.ResolvedCaseFactory(queue=queue, decision__moderator=alice)
    hold(waits, kind=HoldKind.SECOND_PERSON)
    hold(undone, kind=HoldKind.SECOND_PERSON, status=ended, ended_at=timezone.now(), ended_by=alice)
    person, of_queue = numbers(lead, alice, queue)
    assert (person.decided_today, person.decided_last_hour, of_queue.decided) == (2, 2, 2)
    assert answered_by(alice, since=timezone.now() - timedelta(hours=1)) == 2
    assert stands.decision.pk not in DecisionHold.objects.values_list("pk", flat=True)


def hold(case, **row):
    DecisionHold.objects.create(decision=case.decision, case=case, **row)


def numbers(lead, person, queue):
    """The person and the queue as the lead sees them now."""
    now = timezone.now()
    people = [one for one in people_at_work(lead=lead, now=now) if one.person == person]
    return alone(people), alone(one for one in live_queues(lead=lead, now=now) if one.load.queue == queue)


def test_people_and_queues_are_counted_alike(queue, lead, alice):
    minors = factories.QueueFactory(slug="minors", name="Minors", group_names=["admin"])
    factories.ResolvedCaseFactory(queue=queue, decision__moderator=alice)
    factories.ResolvedCaseFactory(queue=minors, decision__moderator=alice)
    factories.ModeratorDecisionFactory(moderator=alice)  # of no case
    person, of_queue = numbers(lead, alice, queue)
    assert (person.decided_last_hour, of_queue.decided) == (1, 1)


def test_who_decided_today_and_may_not_any_more_is_still_counted(queue, lead, alice):
    factories.ResolvedCaseFactory(queue=queue, decision__moderator=alice)
    alice.groups.clear()
    person, of_queue = numbers(lead, alice, queue)
    assert (person.decided_last_hour, of_queue.decided, person.is_here) == (1, 1, True)


def test_cases_that_measure_people_are_in_no_figure(queue, lead, alice):
    now = timezone.now()
    rows = {"queue": queue, "assigned_to": alice, "assigned_until": now + timedelta(hours=1)}
    case = factories.DoubleCaseFactory(**rows, opened_at=now, due_at=now + timedelta(hours=1))
    before = alone(one for one in live_queues(lead=lead, now=now) if one.load.queue == queue)
    person, of_queue = numbers(lead, alice, queue)
    assert (person.assigned, person.held, of_queue.opened, of_queue.due_soon) == (0, 0, 0, 0)
    claim_case(case_id=case.pk, moderator=alice)
    person, of_queue = numbers(lead, alice, queue)
    assert (person.held, person.online, of_queue.opened, of_queue.load) == (0, True, 0, before.load)


def test_a_person_s_own_figure_moves_with_every_answer(alice):
    since = timezone.now() - timedelta(hours=1)
    factories.GoldenAnswerFactory(moderator=alice)
    assert answered_by(alice, since=since) == 1


def test_a_break_looks_like_any_other_silence(lead, alice, bob, queue):
    begun = timezone.now()
    for person in (alice, bob):
        note_work(moderator=person, now=begun)
    start_break(moderator=alice, now=begun)
    for after in (timedelta(minutes=1), timedelta(minutes=6)):
        people = {one.person: one for one in people_at_work(lead=lead, now=begun + after)}
        assert (people[alice].online, people[alice].seen_at) == (people[bob].online, people[bob].seen_at)
        assert people[alice].online == (after < timedelta(minutes=5))


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
            people_at_work(lead=lead, now=timezone.now())
            shown = cases_in_hand(lead=lead, now=timezone.now(), most=10)
            assert all((row.case.content.external_id, row.case.queue.name) for row in shown)
        counts.append(len(queries))
    assert (len(shown), counts[1]) == (8, counts[2])
