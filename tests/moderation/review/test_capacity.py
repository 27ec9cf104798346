"""A moderator has three cases at once, claimed or on hold, and no more."""

from datetime import timedelta

import pytest

from moderation.review.assignments import hold_case
from moderation.review.capacity import TooManyHeld, held_by
from moderation.review.claims import claim_case, claim_next
from moderation.review.leases import release_case
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def three(alice, noon) -> list:
    """Three cases that Alice has claimed in three tabs."""
    return [claim_case(case_id=case.pk, moderator=alice, now=noon) for case in factories.CaseFactory.create_batch(3)]


def _hold(case, moderator, now):
    facts = {"case_id": case.pk, "moderator": moderator, "lease_token": case.lease_token, "now": now}
    return hold_case(**facts, until=now + HOUR, reason="Ask Jan")


def test_fourth_case_is_refused_and_the_three_are_named(alice, three, noon):
    fourth = factories.CaseFactory(priority=99)
    with pytest.raises(TooManyHeld, match="At most 3 cases") as refusal:
        claim_case(case_id=fourth.pk, moderator=alice, now=noon)
    fourth.refresh_from_db()
    assert (set(refusal.value.cases), fourth.claimed_by) == (set(three), None)


def test_own_case_can_be_opened_again(alice, three, noon):
    assert claim_case(case_id=three[1].pk, moderator=alice, now=noon) == three[1]


def test_cases_on_hold_count(alice, three, noon):
    for case in three:
        _hold(case, alice, noon)
    factories.CaseFactory()
    with pytest.raises(TooManyHeld) as refusal:
        claim_next(moderator=alice, now=noon)
    assert set(refusal.value.cases) == set(three)


def test_hold_keeps_its_place_and_needs_no_other(alice, three, noon):
    assert _hold(three[0], alice, noon).on_hold_until == noon + HOUR


def test_case_that_was_lost_in_time_is_not_held_beyond_three(alice, three, noon):
    late = noon + timedelta(minutes=5)
    for case in factories.CaseFactory.create_batch(3):
        claim_case(case_id=case.pk, moderator=alice, now=late)
    with pytest.raises(TooManyHeld):
        _hold(three[0], alice, late)


def test_released_case_makes_room(alice, three, noon):
    release_case(case_id=three[0].pk, moderator=alice, lease_token=three[0].lease_token)
    fourth = factories.CaseFactory()
    assert claim_case(case_id=fourth.pk, moderator=alice, now=noon) == fourth


def test_claims_that_ran_out_do_not_count(alice, three, noon):
    later = noon + timedelta(seconds=30)
    assert not held_by(moderator=alice, now=later).exists()
    assert claim_next(moderator=alice, now=later) is not None


def test_others_have_their_own_three(bob, three, noon):
    factories.CaseFactory()
    assert claim_next(moderator=bob, now=noon) is not None
