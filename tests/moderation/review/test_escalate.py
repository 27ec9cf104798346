"""A case is passed up with a note, and comes down again with one; who may not decide it there cannot have it."""

import pytest
from django.core.exceptions import PermissionDenied

from moderation.enums import CaseStatus, Outcome
from moderation.models import AuditEntry
from moderation.review.claims import claim_case, claim_next
from moderation.review.escalate import escalate_case, send_back
from moderation.review.refusals import ActRefused
from moderation.review.stale import StaleDecision
from tests import factories
from tests.moderation.review.test_holds import decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice):
    """A case that Alice holds."""
    factories.CaseFactory()
    return claim_next(moderator=alice)


def escalate(case, moderator, note="Is this a threat?"):
    return escalate_case(case_id=case.pk, moderator=moderator, lease_token=case.lease_token, note=note)


def test_escalated_case_is_free_for_seniors_alone(case, alice, bob, senior):
    escalate(case, alice)
    assert claim_next(moderator=bob) is None
    assert claim_next(moderator=alice) is None
    with pytest.raises((PermissionDenied, StaleDecision)):
        claim_case(case_id=case.pk, moderator=alice)
    taken = claim_next(moderator=senior)
    assert (taken, taken.level, taken.escalated_by) == (case, 2, alice)
    assert taken.escalation_note == "Is this a threat?"
    assert decide(taken, senior, Outcome.REJECT).case.status == CaseStatus.RESOLVED


def test_escalation_is_audited_without_the_words(case, alice):
    escalate(case, alice)
    entry = AuditEntry.objects.get(action="case.escalated")
    assert (entry.actor, entry.subject_id) == ("user:alice", str(case.pk))
    assert "threat" not in str(entry.data)


def test_senior_sends_back_with_a_note(case, alice, bob, senior):
    escalate(case, alice)
    taken = claim_next(moderator=senior)
    send_back(case_id=taken.pk, senior=senior, lease_token=taken.lease_token, note="No, a quotation.")
    again = claim_next(moderator=bob)
    assert (again, again.level, again.escalation_note) == (case, 1, "No, a quotation.")


@pytest.mark.parametrize("note", ["", "  \n", "a" * 1001])
def test_note_is_asked_for(case, alice, note):
    with pytest.raises(ActRefused):
        escalate(case, alice, note)
    case.refresh_from_db()
    assert (case.level, case.claimed_by) == (1, alice)


def test_lost_claim_escalates_nothing(case, alice, bob):
    with pytest.raises(StaleDecision):
        escalate(case, bob)
    case.refresh_from_db()
    assert case.level == 1


def test_escalated_case_is_not_escalated_again(case, alice, senior):
    escalate(case, alice)
    taken = claim_next(moderator=senior)
    with pytest.raises(ActRefused, match="already"):
        escalate(taken, senior)


def test_who_escalated_and_has_become_senior_may_decide(case, alice, senior):
    escalate(case, alice)
    alice.groups.add(*senior.groups.all())
    alice = type(alice).objects.get(pk=alice.pk)
    assert claim_next(moderator=alice) == case
