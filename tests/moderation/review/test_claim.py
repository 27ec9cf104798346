"""Which case a moderator is given next."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from moderation.models import ReviewCase
from moderation.review.claims import claim_case, claim_next
from moderation.review.stale import StaleDecision, StaleReason
from tests import factories

pytestmark = pytest.mark.django_db
LEASE = timedelta(seconds=30)


def test_highest_priority_comes_first_and_of_those_the_oldest(alice, bob, lead, noon):
    young = factories.CaseFactory(priority=90, opened_at=noon)
    old = factories.CaseFactory(priority=90, opened_at=noon - timedelta(hours=1))
    mild = factories.CaseFactory(priority=10, opened_at=noon - timedelta(days=1))
    assert [claim_next(moderator=person, now=noon) for person in (alice, bob, lead)] == [old, young, mild]


def test_most_urgent_queue_is_served_first(alice, general, spam_queue, noon):
    factories.CaseFactory(queue=general, priority=20, opened_at=noon)
    urgent = factories.CaseFactory(queue=spam_queue, priority=70, opened_at=noon)
    case = claim_next(moderator=alice, now=noon)
    assert (case, case.queue) == (urgent, spam_queue)


def test_claim_writes_who_when_and_until(alice, noon):
    factories.CaseFactory()
    case = claim_next(moderator=alice, now=noon)
    case.refresh_from_db()
    assert (case.claimed_by, case.claimed_at) == (alice, noon)
    assert case.lease_expires_at == noon + LEASE
    assert case.lease_token is not None


def test_two_moderators_never_hold_the_same_case(alice, bob):
    factories.CaseFactory()
    assert claim_next(moderator=alice) is not None
    assert claim_next(moderator=bob) is None


def test_own_claim_comes_back_first_under_a_new_token(alice, noon):
    factories.CaseFactory(priority=10)
    first = claim_next(moderator=alice, now=noon)
    factories.CaseFactory(priority=90)
    again = claim_next(moderator=alice, now=noon + timedelta(seconds=20))
    assert again == first
    assert again.lease_token != first.lease_token
    assert again.lease_expires_at == noon + timedelta(seconds=20) + LEASE


def test_expired_claim_returns_to_the_queue(alice, bob, noon):
    case = factories.CaseFactory()
    claim_next(moderator=alice, now=noon)
    assert claim_next(moderator=bob, now=noon + LEASE - timedelta(seconds=1)) is None
    assert claim_next(moderator=bob, now=noon + LEASE) == case


def test_asked_queue_only(alice, general, spam_queue):
    factories.CaseFactory(queue=general, priority=99)
    spam = factories.CaseFactory(queue=spam_queue, priority=1)
    assert claim_next(moderator=alice, queue=spam_queue) == spam


def test_empty_queue_gives_nothing(alice, general):
    assert claim_next(moderator=alice) is None


def test_closed_cases_are_not_given(alice):
    factories.ResolvedCaseFactory()
    assert claim_next(moderator=alice) is None


def test_queue_of_another_group_is_closed_to_a_moderator(alice, general):
    closed = factories.QueueFactory(slug="minors", name="Minors", group_names=["lead"])
    case = factories.CaseFactory(queue=closed, priority=99)
    assert claim_next(moderator=alice) is None
    with pytest.raises(PermissionDenied):
        claim_case(case_id=case.pk, moderator=alice)


def test_queue_of_an_own_group_is_open(lead):
    closed = factories.QueueFactory(slug="minors", name="Minors", group_names=["lead"])
    case = factories.CaseFactory(queue=closed)
    assert claim_next(moderator=lead) == case


@pytest.mark.parametrize("person", ["charlie", "auditor"])
def test_without_the_right_nothing_is_claimed(request, person):
    factories.CaseFactory()
    with pytest.raises(PermissionDenied):
        claim_next(moderator=request.getfixturevalue(person))
    assert ReviewCase.objects.filter(claimed_by=None).count() == 1


def test_named_case_is_claimed(alice):
    factories.CaseFactory(priority=90)
    wanted = factories.CaseFactory(priority=1)
    assert claim_case(case_id=wanted.pk, moderator=alice).claimed_by == alice


def test_named_case_of_another_is_refused_until_its_lease_ends(alice, bob, noon):
    case = factories.CaseFactory()
    claim_case(case_id=case.pk, moderator=alice, now=noon)
    with pytest.raises(StaleDecision, match="alice holds this case") as refusal:
        claim_case(case_id=case.pk, moderator=bob, now=noon)
    assert refusal.value.reason == StaleReason.CLAIMED
    assert claim_case(case_id=case.pk, moderator=bob, now=noon + LEASE).claimed_by == bob


def test_named_case_that_is_decided_is_refused(alice):
    case = factories.ResolvedCaseFactory(decision__moderator__username="bob")
    with pytest.raises(StaleDecision, match="bob approved this case") as refusal:
        claim_case(case_id=case.pk, moderator=alice)
    assert refusal.value.reason == StaleReason.DECIDED


@pytest.mark.parametrize("count", [1, 40])
def test_queries_do_not_grow_with_the_queue(django_assert_num_queries, alice, spam_queue, count):
    factories.CaseFactory.create_batch(count)
    factories.CaseFactory.create_batch(count, queue=spam_queue)
    # Savepoint, rights (2), own row with own settings, own cases, the queues with their heads, the case, the claim,
    # release.
    with django_assert_num_queries(9):
        claim_next(moderator=alice)
