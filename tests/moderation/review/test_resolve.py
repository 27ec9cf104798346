"""A person decides: everything that follows from it, and every reason for which it is refused."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils import timezone

from moderation.enums import CaseStatus, ContentStatus, DecisionSource, EventType, Outcome
from moderation.models import AuditEntry, Content, Decision, WebhookEvent
from moderation.review.claims import claim_next
from moderation.review.leases import release_claims
from moderation.review.queue import cancel_cases
from moderation.review.resolve import resolve_case
from moderation.review.stale import StaleDecision, StaleReason
from tests import factories

pytestmark = pytest.mark.django_db


def _decide(case, moderator, **changes):
    facts = {
        "case_id": case.pk,
        "moderator": moderator,
        "lease_token": case.lease_token,
        "content_version": case.content_version,
        "outcome": Outcome.REJECT,
    }
    return resolve_case(**facts | changes).decision


def _assert_refused(reason, *args, **changes):
    with pytest.raises(StaleDecision) as refusal:
        _decide(*args, **changes)
    assert refusal.value.reason == reason
    assert not Decision.objects.filter(source=DecisionSource.MODERATOR, outcome=Outcome.REJECT).exists()
    return refusal.value


@pytest.fixture
def case(alice):
    """A case that Alice holds."""
    factories.CaseFactory()
    return claim_next(moderator=alice)


def test_decision_says_who_what_and_why(case, alice):
    decision = _decide(case, alice, reasoning="An insult.", private_note="Third time this week.")
    assert (decision.outcome, decision.source, decision.moderator) == (Outcome.REJECT, DecisionSource.MODERATOR, alice)
    assert (decision.reasoning, decision.private_note) == ("An insult.", "Third time this week.")
    assert (decision.rule, decision.result_id, decision.content_version) == ("review-toxicity", case.result_id, 1)


def test_content_is_decided_and_the_case_closed_with_its_claim(case, alice):
    decision = _decide(case, alice)
    case.refresh_from_db()
    content = Content.objects.get()
    assert (content.status, content.decision) == (ContentStatus.DECIDED, Outcome.REJECT)
    assert (case.status, case.decision, case.claimed_by) == (CaseStatus.RESOLVED, decision, alice)
    assert case.claimed_at <= case.resolved_at


def test_decision_overrides_what_the_policy_said_and_is_audited(case, alice):
    decision = _decide(case, alice)
    entry = AuditEntry.objects.get(subject_id=str(decision.pk))
    assert decision.overrides.source == DecisionSource.POLICY
    assert (entry.action, entry.actor) == ("decision.recorded", "user:alice")


def test_platform_is_told(case, alice):
    factories.EndpointFactory(client=case.content.client)
    _decide(case, alice, outcome=Outcome.APPROVE)
    assert WebhookEvent.objects.get().type == EventType.CONTENT_APPROVED


def test_case_without_result_can_be_decided(alice):
    factories.CaseFactory(result=None, policy_decision__result=None)
    decision = _decide(claim_next(moderator=alice), alice)
    assert (decision.rule, decision.result) == ("", None)


def test_claim_that_ran_out_still_counts_while_nobody_took_the_case(case, alice):
    case.lease_expires_at = timezone.now() - timedelta(hours=1)
    case.save(update_fields=["lease_expires_at"])
    assert _decide(case, alice).outcome == Outcome.REJECT


def test_claim_that_another_took_over_is_refused(case, alice, bob):
    claim_next(moderator=bob, now=timezone.now() + timedelta(hours=1))
    refusal = _assert_refused(StaleReason.CLAIM_LOST, case, alice)
    assert str(refusal) == "Your claim on this case has ended, and bob holds it now."


def test_claim_that_a_lead_released_is_refused(case, alice, lead):
    release_claims(case_ids=[case.pk], lead=lead)
    refusal = _assert_refused(StaleReason.CLAIM_LOST, case, alice)
    assert str(refusal) == "Your claim on this case has ended, and nobody holds it now."


def test_older_tab_of_the_same_person_is_refused(case, alice):
    claim_next(moderator=alice)
    assert "another tab" in str(_assert_refused(StaleReason.CLAIM_LOST, case, alice))


def test_another_persons_token_decides_nothing(case, bob):
    _assert_refused(StaleReason.CLAIM_LOST, case, bob)


def test_made_up_token_decides_nothing(case, alice):
    _assert_refused(StaleReason.CLAIM_LOST, case, alice, lease_token=uuid.uuid4())


def test_case_that_another_decided_is_refused(case, alice, bob):
    taken = claim_next(moderator=bob, now=timezone.now() + timedelta(hours=1))
    _decide(taken, bob, outcome=Outcome.APPROVE)
    refusal = _assert_refused(StaleReason.DECIDED, case, alice)
    assert str(refusal).startswith("bob approved this case at ")
    assert refusal.own is False


def test_second_click_is_known_as_ones_own(case, alice):
    _decide(case, alice, outcome=Outcome.APPROVE)
    refusal = _assert_refused(StaleReason.DECIDED, case, alice)
    assert str(refusal).startswith("You have already approved this case at ")
    assert refusal.own is True


def test_edited_content_is_refused(case, alice):
    Content.objects.update(version=2, status=ContentStatus.PENDING, decision=None)
    cancel_cases(content_ids=[case.content_id])
    refusal = _assert_refused(StaleReason.EDITED, case, alice)
    assert str(refusal) == "The content was edited after you opened it: you saw version 1, it is now at version 2."


def test_version_that_was_not_seen_is_refused(case, alice):
    _assert_refused(StaleReason.EDITED, case, alice, content_version=2)


def test_erased_content_is_refused(case, alice):
    Content.objects.update(erased_at=timezone.now(), text="")
    cancel_cases(content_ids=[case.content_id])
    _assert_refused(StaleReason.ERASED, case, alice)


def test_refusal_leaves_every_row_as_it_was(case, alice, bob):
    tables: list[type[models.Model]] = [Content, type(case), Decision, AuditEntry, WebhookEvent]
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    _assert_refused(StaleReason.CLAIM_LOST, case, bob)
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_person_cannot_decide_for_review(case, alice):
    with pytest.raises(ValueError, match="neither"):
        _decide(case, alice, outcome=Outcome.REVIEW)


def test_moderator_who_lost_the_queue_meanwhile_is_refused(case, alice, lead):
    case.queue.groups.set(lead.groups.all())
    with pytest.raises(PermissionDenied):
        _decide(case, alice)
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("person", ["charlie", "auditor"])
def test_without_the_right_nothing_is_decided(request, case, person):
    with pytest.raises(PermissionDenied):
        _decide(case, request.getfixturevalue(person))
    assert Decision.objects.count() == 1
