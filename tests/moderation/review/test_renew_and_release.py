"""A claim lives while its page shows signs of life, and can be given back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from moderation.models import AuditEntry
from moderation.review.claims import claim_next
from moderation.review.leases import release_case, release_claims, renew_claim
from moderation.review.stale import StaleDecision, StaleReason
from tests import factories

pytestmark = pytest.mark.django_db
LEASE = timedelta(seconds=30)


def test_renewed_claim_lives_on(alice, bob, noon):
    case = _claimed(alice, noon)
    later = noon + timedelta(seconds=20)
    ends_at = renew_claim(case_id=case.pk, moderator=alice, lease_token=case.lease_token, now=later)
    assert ends_at == later + LEASE
    assert claim_next(moderator=bob, now=ends_at - timedelta(seconds=1)) is None


def _claimed(moderator, now):
    factories.CaseFactory()
    return claim_next(moderator=moderator, now=now)


def test_claim_that_ran_out_is_renewed_while_the_case_is_free(alice, noon):
    case = _claimed(alice, noon)
    ends_at = renew_claim(case_id=case.pk, moderator=alice, lease_token=case.lease_token, now=noon + timedelta(hours=1))
    assert ends_at == noon + timedelta(hours=1) + LEASE


def test_lost_claim_is_not_renewed(alice, bob, noon):
    case = _claimed(alice, noon)
    taken = claim_next(moderator=bob, now=noon + timedelta(minutes=5))
    with pytest.raises(StaleDecision, match="bob holds it now") as refusal:
        renew_claim(case_id=case.pk, moderator=alice, lease_token=case.lease_token)
    taken.refresh_from_db()
    assert refusal.value.reason == StaleReason.CLAIM_LOST
    assert taken.lease_expires_at == noon + timedelta(minutes=5) + LEASE


def test_older_tab_of_the_same_person_cannot_renew(alice, noon):
    first = _claimed(alice, noon)
    claim_next(moderator=alice, now=noon)
    with pytest.raises(StaleDecision, match="another tab"):
        renew_claim(case_id=first.pk, moderator=alice, lease_token=first.lease_token)


def test_released_case_is_free_at_once(alice, bob):
    case = _claimed(alice, None)
    assert release_case(case_id=case.pk, moderator=alice, lease_token=case.lease_token) is True
    assert claim_next(moderator=bob) == case


def test_late_release_of_a_closed_tab_leaves_the_newer_claim_alone(alice):
    first = _claimed(alice, None)
    second = claim_next(moderator=alice)
    assert release_case(case_id=first.pk, moderator=alice, lease_token=first.lease_token) is False
    second.refresh_from_db()
    assert second.claimed_by == alice


def test_token_of_another_person_releases_nothing(alice, bob):
    case = _claimed(alice, None)
    assert release_case(case_id=case.pk, moderator=bob, lease_token=case.lease_token) is False


def test_lead_frees_what_others_hold_and_the_audit_says_so(alice, lead):
    case = _claimed(alice, None)
    idle = factories.CaseFactory()
    assert release_claims(case_ids=[case.pk, idle.pk], lead=lead) == 1
    case.refresh_from_db()
    entry = AuditEntry.objects.get(action="case.released")
    assert (case.claimed_by, case.lease_token) == (None, None)
    assert (entry.actor, entry.subject_id) == ("user:lead", str(case.pk))
    assert entry.data == {"content": str(case.content_id), "held_by": alice.pk}


def test_moderator_frees_nobody_elses_claim(alice, bob):
    case = _claimed(alice, None)
    with pytest.raises(PermissionDenied):
        release_claims(case_ids=[case.pk], lead=bob)
    case.refresh_from_db()
    assert case.claimed_by == alice
