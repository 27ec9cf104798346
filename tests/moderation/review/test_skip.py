"""A skipped case goes to others, and does not come back to whoever skipped it before they ask."""

import pytest

from moderation.models import AuditEntry
from moderation.review.claims import claim_next
from moderation.review.leases import look_again, skip_case
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


def test_skipped_case_does_not_come_back_by_itself(alice):
    factories.CaseFactory()
    _skip_next(alice)
    assert claim_next(moderator=alice) is None


def test_skipped_cases_come_back_in_order_when_asked_for(alice, bob):
    first, second = factories.CaseFactory(priority=90), factories.CaseFactory(priority=80)
    seen = [_skip_next(alice), _skip_next(alice)]
    _skip_next(bob)
    assert look_again(moderator=alice) == 2
    assert [*seen, _skip_next(alice), _skip_next(alice)] == [first, second, first, second]
    assert claim_next(moderator=bob) == second


def test_only_what_is_free_is_looked_at_again(alice, bob, general, spam_queue):
    for queue in (general, spam_queue):
        factories.CaseFactory.create_batch(2, queue=queue)
    for _ in range(4):
        _skip_next(alice)
    taken = claim_next(moderator=bob, queue=general)
    assert look_again(moderator=alice, queue=general) == 1
    assert claim_next(moderator=alice) not in (None, taken)
    taken.refresh_from_db()
    assert taken.skipped_by == [alice.pk]


def test_skip_is_in_the_audit(alice):
    factories.CaseFactory()
    case = _skip_next(alice)
    entry = AuditEntry.objects.get(action="case.skipped")
    assert (entry.actor, entry.subject_id) == ("user:alice", str(case.pk))


def test_skip_under_an_old_token_is_refused_and_changes_nothing(alice):
    case = factories.CaseFactory()
    old = claim_next(moderator=alice).lease_token
    claim_next(moderator=alice)
    with pytest.raises(StaleDecision) as refusal:
        skip_case(case_id=case.pk, moderator=alice, lease_token=old)
    case.refresh_from_db()
    assert refusal.value.reason == StaleReason.CLAIM_LOST
    assert (case.claimed_by, case.skipped_by) == (alice, [])
