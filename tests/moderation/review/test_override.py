"""The platform decides through the API: what follows, and when it is refused."""

import uuid

import pytest
from django.utils import timezone

from moderation.audit import seal_entries, verify_chain
from moderation.enums import CaseStatus, ContentStatus, DecisionSource, EventType, Outcome
from moderation.models import AuditEntry, Content, Decision, Report, WebhookEvent
from moderation.review.claims import claim_next
from moderation.review.override import override_decision
from moderation.review.refusals import ActRefused
from moderation.review.resolve import resolve_case
from moderation.review.stale import StaleDecision, StaleReason
from tests import factories

pytestmark = pytest.mark.django_db


def override(content: Content, outcome: Outcome = Outcome.REJECT, **more) -> Decision:
    content = Content.objects.select_for_update().get(pk=content.pk)
    return override_decision(content=content, outcome=outcome, reasoning="It is a quotation.", actor="key:re_1", **more)


@pytest.fixture
def approved() -> Content:
    content = factories.DecidedContentFactory()
    result = factories.ResultFactory(content=content, outcome=Outcome.APPROVE, rule="default")
    factories.PolicyDecisionFactory(content=content, result=result)
    return content


def test_it_overrides_the_newest_decision(approved):
    first, second = override(approved), override(approved, Outcome.APPROVE)
    approved.refresh_from_db()
    assert (second.source, second.outcome, second.reasoning) == (DecisionSource.API, "approve", "It is a quotation.")
    assert (second.overrides, first.overrides.source) == (first, DecisionSource.POLICY)
    assert (second.result, second.rule) == (approved.results.get(), "default")
    assert (approved.status, approved.decision) == (ContentStatus.DECIDED, Outcome.APPROVE)


def test_it_is_audited_and_the_chain_holds(approved):
    decision = override(approved)
    entry = AuditEntry.objects.get(subject_id=str(decision.pk))
    assert (entry.action, entry.actor, entry.data["source"]) == ("decision.recorded", "key:re_1", "api")
    seal_entries()
    # The policy's decision is the factory's, which keeps no audit.
    assert [breach.subject for breach in verify_chain()] == [f"decision:{decision.overrides_id}"]


@pytest.mark.parametrize(
    ("outcome", "event"),
    [(Outcome.REJECT, EventType.DECISION_OVERRIDDEN), (Outcome.APPROVE, EventType.CONTENT_APPROVED)],
)
def test_the_platform_is_told(approved, outcome, event):
    factories.EndpointFactory(client=approved.client)
    override(approved, outcome)
    assert WebhookEvent.objects.get().type == event


def test_an_open_case_is_closed_and_whoever_holds_it_is_told_so(alice):
    content = factories.CaseFactory().content
    case = claim_next(moderator=alice)
    decision = override(content)
    case.refresh_from_db()
    assert (case.status, case.decision, case.claimed_by) == (CaseStatus.RESOLVED, decision, alice)
    with pytest.raises(StaleDecision) as refusal:
        resolve_case(
            case_id=case.pk,
            moderator=alice,
            lease_token=case.lease_token,
            content_version=1,
            outcome=Outcome.APPROVE,
        )
    assert refusal.value.reason == StaleReason.DECIDED
    assert str(refusal.value).startswith("The platform rejected this case at ")
    assert Decision.objects.filter(source=DecisionSource.MODERATOR).count() == 0


def test_open_reports_are_answered(approved):
    factories.ReportFactory(content=approved)
    override(approved)
    assert Report.objects.get().status == "upheld"


@pytest.mark.parametrize("status", [ContentStatus.PENDING, ContentStatus.PROCESSING])
def test_content_that_is_being_moderated_is_left_to_it(status):
    lease = {"lease_token": uuid.uuid4(), "lease_expires_at": timezone.now()} if status == "processing" else {}
    content = factories.ContentFactory(status=status, **lease)
    with pytest.raises(ActRefused, match="is being moderated") as refusal:
        override(content)
    assert refusal.value.wait
    assert not Decision.objects.exists()


def test_erased_content_stays_as_it_is(approved):
    Content.objects.update(erased_at=timezone.now(), text="")
    with pytest.raises(ActRefused, match="was erased"):
        override(approved)
    assert Decision.objects.count() == 1


def test_a_decision_that_was_not_meant_is_not_overridden(approved):
    newest = Decision.objects.get()
    assert override(approved, expected_id=newest.pk).overrides == newest
    with pytest.raises(ActRefused, match="The newest decision is another one") as refusal:
        override(approved, Outcome.APPROVE, expected_id=newest.pk)
    assert refusal.value.wait is False
    assert Decision.objects.count() == 2


def test_it_is_final(approved):
    with pytest.raises(ValueError, match="does neither"):
        override(approved, Outcome.REVIEW)


def test_content_without_a_result_can_be_decided():
    content = factories.InReviewContentFactory()
    decision = override(content)
    assert (decision.rule, decision.result, decision.overrides) == ("", None, None)
