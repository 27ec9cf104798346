"""Two people at one case at the same moment, with real threads and real transactions: one act counts, never two."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from moderation.enums import CaseStatus, DecisionSource, Outcome
from moderation.models import Decision, ReviewCase
from moderation.review.assignments import hand_over, hold_case, reassign, take_back_assignment
from moderation.review.capacity import TooManyHeld
from moderation.review.claims import claim_case, claim_next
from moderation.review.leases import look_again, skip_case
from moderation.review.resolve import resolve_case
from moderation.review.stale import StaleDecision
from tests import factories

ROUNDS = 15
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("groups")]


def _at_once(*acts) -> list[bool]:
    """Whether each act counted, done at the same moment in a thread each."""
    start = threading.Barrier(len(acts))

    def run(act):
        try:
            start.wait()
            return bool(act())
        except (StaleDecision, TooManyHeld):
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def _claimed(person):
    factories.CaseFactory()
    return claim_next(moderator=person)


def _under(case, person):
    return {"case_id": case.pk, "moderator": person, "lease_token": case.lease_token}


def _decide(case, person):
    return resolve_case(**_under(case, person), content_version=1, outcome=Outcome.APPROVE)


def _hold(case, person):
    return hold_case(**_under(case, person), until=timezone.now() + timedelta(hours=1), reason="Later")


def _skip(case, person):
    skip_case(**_under(case, person))
    return True


def test_of_decide_hold_skip_and_pass_on_one_counts(alice, bob):
    for _ in range(ROUNDS):
        case = _claimed(alice)
        counted = _at_once(
            lambda case=case: _decide(case, alice),
            lambda case=case: _hold(case, alice),
            lambda case=case: _skip(case, alice),
            lambda case=case: hand_over(**_under(case, alice), to=bob, note=""),
        )
        case.refresh_from_db()
        assert counted.count(True) == 1
        assert (case.status == CaseStatus.RESOLVED) == counted[0]
        assert (case.on_hold_until is not None) == counted[1]
        assert (case.skipped_by == [alice.pk]) == counted[2]
        assert (case.assigned_to == bob) == counted[3]
        ReviewCase.objects.all().delete()


def test_case_that_is_reassigned_while_it_is_decided_is_one_or_the_other(alice, bob, lead):
    for _ in range(ROUNDS):
        case = _claimed(alice)
        decided, moved = _at_once(
            lambda case=case: _decide(case, alice),
            lambda case=case: reassign(case_ids=[case.pk], lead=lead, to=bob, note=""),
        )
        case.refresh_from_db()
        assert (case.status == CaseStatus.RESOLVED) == decided
        assert Decision.objects.filter(content=case.content_id, source=DecisionSource.MODERATOR).count() == decided
        assert decided != moved
        ReviewCase.objects.filter(pk=case.pk).update(status=CaseStatus.CANCELLED)


def test_five_tabs_that_open_five_cases_get_three(alice):
    for _ in range(ROUNDS):
        cases = factories.CaseFactory.create_batch(5)
        opened = _at_once(*(lambda case=case: claim_case(case_id=case.pk, moderator=alice) for case in cases))
        assert opened.count(True) == 3
        assert ReviewCase.objects.filter(claimed_by=alice, status=CaseStatus.OPEN).count() == 3
        ReviewCase.objects.update(status=CaseStatus.CANCELLED)


def test_case_that_is_given_back_while_its_person_opens_it_is_held_by_one_at_most(alice, bob):
    for _ in range(ROUNDS):
        case = _claimed(alice)
        hand_over(**_under(case, alice), to=bob, note="")
        _at_once(
            lambda case=case: take_back_assignment(case_id=case.pk, moderator=bob),
            lambda: claim_next(moderator=bob),
            lambda: claim_next(moderator=alice),
            lambda: look_again(moderator=alice) or True,
        )
        case.refresh_from_db()
        assert case.assigned_to in (None, bob)
        assert (case.claimed_by is None) == (case.lease_token is None)
        ReviewCase.objects.filter(pk=case.pk).update(status=CaseStatus.CANCELLED)
