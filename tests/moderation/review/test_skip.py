"""A skipped case goes to others first."""

import pytest

from moderation.review.claims import claim_next, skip_case
from moderation.review.stale import StaleDecision, StaleReason
from tests import factories

pytestmark = pytest.mark.django_db


def _skip_next(moderator):
    case = claim_next(moderator=moderator)
    skip_case(case_id=case.pk, moderator=moderator, lease_token=case.lease_token)
    return case


def test_skipped_case_is_free_for_others_at_once(alice, bob):
    factories.CaseFactory()
    case = _skip_next(alice)
    assert claim_next(moderator=bob) == case


def test_skipped_case_does_not_come_back_while_others_wait(alice):
    factories.CaseFactory(priority=90)
    mild = factories.CaseFactory(priority=10)
    _skip_next(alice)
    assert claim_next(moderator=alice) == mild


def test_skipped_cases_come_round_in_turn_when_nothing_else_is_left(alice):
    first, second = factories.CaseFactory(priority=90), factories.CaseFactory(priority=80)
    assert [_skip_next(alice) for _ in range(4)] == [first, second, first, second]


def test_a_single_skipped_case_comes_back(alice):
    factories.CaseFactory()
    case = _skip_next(alice)
    assert claim_next(moderator=alice) == case


def test_skip_under_an_old_token_is_refused_and_changes_nothing(alice):
    case = factories.CaseFactory()
    old = claim_next(moderator=alice).lease_token
    claim_next(moderator=alice)
    with pytest.raises(StaleDecision) as refusal:
        skip_case(case_id=case.pk, moderator=alice, lease_token=old)
    case.refresh_from_db()
    assert refusal.value.reason == StaleReason.CLAIM_LOST
    assert (case.claimed_by, case.skipped_by) == (alice, [])
