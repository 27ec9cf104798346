"""A decision that can be undone: recorded at once, without effect until its time is over, then with all of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from moderation.audit import seal_entries, verify_chain
from moderation.enums import (
    CaseStatus,
    ContentStatus,
    DecisionSource,
    EventType,
    HoldStatus,
    Outcome,
    ReportStatus,
)
from moderation.models import AuditEntry, Content, Decision, DecisionHold, Report, WebhookEvent
from moderation.retention import erase_contents
from moderation.review.claims import claim_next
from moderation.review.holds import HoldEnded, release_due_holds, withdraw
from moderation.review.override import override_decision
from moderation.review.queue import cancel_cases
from moderation.review.reports import report_content
from moderation.review.resolve import Resolution, resolve_case
from tests import factories

pytestmark = pytest.mark.django_db
LATER = timedelta(minutes=1)


def decide(case, moderator, outcome=Outcome.REJECT, **more) -> Resolution:
    return resolve_case(
        case_id=case.pk,
        moderator=moderator,
        lease_token=case.lease_token,
        content_version=case.content_version,
        outcome=outcome,
        **more,
    )


def release() -> int:
    return release_due_holds(now=timezone.now() + LATER)


@pytest.fixture(autouse=True)
def _ten_seconds(review_options):
    review_options(undo_seconds=10)


@pytest.fixture
def case(alice):
    """A case that Alice holds; its platform listens."""
    content = factories.CaseFactory().content
    factories.EndpointFactory(client=content.client)
    return claim_next(moderator=alice)


def test_held_decision_is_a_fact_and_changes_nothing_else(case, alice):
    resolution = decide(case, alice, label="spam")
    case.refresh_from_db()
    content = Content.objects.get()
    assert (case.status, case.decision, case.claimed_by) == (CaseStatus.DECIDED, resolution.decision, alice)
    assert (content.status, content.decision) == (ContentStatus.IN_REVIEW, Outcome.REVIEW)
    assert not WebhookEvent.objects.exists()
    assert resolution.decision not in Decision.objects.in_effect()
    assert AuditEntry.objects.get(subject_id=str(resolution.decision.pk)).data["held"] == "undo"


def test_released_decision_has_all_its_effects(case, alice):
    factories.ReportFactory(content=case.content, status=ReportStatus.OPEN)
    decision = decide(case, alice).decision
    assert (release_due_holds(), release(), release()) == (0, 1, 0)
    case.refresh_from_db()
    content = Content.objects.get()
    assert (content.status, content.decision) == (ContentStatus.DECIDED, Outcome.REJECT)
    assert (case.status, case.decision) == (CaseStatus.RESOLVED, decision)
    assert Report.objects.get().status == ReportStatus.UPHELD
    assert WebhookEvent.objects.get().type == EventType.CONTENT_REJECTED
    assert decision in Decision.objects.in_effect()
    assert AuditEntry.objects.filter(action="decision.released", actor="system").count() == 1


def test_withdrawn_decision_never_counts_and_its_case_is_theirs_again(case, alice):
    decision = decide(case, alice).decision
    again = withdraw(decision=decision, person=alice)
    assert (again.status, again.decision, again.claimed_by) == (CaseStatus.OPEN, None, alice)
    assert again.lease_token != case.lease_token
    assert release() == 0
    assert decision not in Decision.objects.in_effect()
    decide(again, alice, Outcome.APPROVE)
    release()
    assert Content.objects.get().decision == Outcome.APPROVE
    assert [event.type for event in WebhookEvent.objects.all()] == [EventType.CONTENT_APPROVED]


def test_decision_that_follows_a_withdrawn_one_overrides_what_counted(case, alice):
    withdraw(decision=decide(case, alice).decision, person=alice)
    case.refresh_from_db()
    assert decide(case, alice, Outcome.APPROVE).decision.overrides.source == DecisionSource.POLICY


def test_undo_after_the_release_is_refused_and_changes_nothing(case, alice):
    decision = decide(case, alice).decision
    release()
    with pytest.raises(HoldEnded, match="counts already") as refusal:
        withdraw(decision=decision, person=alice)
    assert refusal.value.status == HoldStatus.RELEASED
    assert Content.objects.get().decision == Outcome.REJECT


def test_nobody_undoes_the_decision_of_another(case, alice, lead):
    with pytest.raises(PermissionDenied):
        withdraw(decision=decide(case, alice).decision, person=lead)
    assert DecisionHold.objects.get().status == HoldStatus.HELD


def test_who_lost_the_queue_meanwhile_undoes_and_frees_the_case(case, alice, lead):
    decision = decide(case, alice).decision
    case.queue.groups.set(lead.groups.all())
    again = withdraw(decision=decision, person=alice)
    assert (again.status, again.claimed_by) == (CaseStatus.OPEN, None)


def test_edit_during_the_hold_makes_it_lapse(case, alice):
    decision = decide(case, alice).decision
    Content.objects.update(version=2, status=ContentStatus.PENDING, decision=None)
    cancel_cases(content_ids=[case.content_id])
    case.refresh_from_db()
    assert release() == 0
    assert (DecisionHold.objects.get().status, case.status) == (HoldStatus.LAPSED, CaseStatus.CANCELLED)
    assert Content.objects.get().status == ContentStatus.PENDING
    with pytest.raises(HoldEnded, match="edited"):
        withdraw(decision=decision, person=alice)


def test_erasing_during_the_hold_makes_it_lapse(case, alice):
    decide(case, alice)
    erase_contents(contents=[case.content], actor="key:re_1", reason="asked")
    release()
    assert DecisionHold.objects.get().status == HoldStatus.LAPSED
    assert Decision.objects.in_effect().order_by("-created_at").first().rule == "erased"


def test_platforms_decision_during_the_hold_makes_it_lapse(case, alice):
    decide(case, alice)
    content = Content.objects.select_for_update().get()
    decision = override_decision(content=content, outcome=Outcome.APPROVE, reasoning="Fine.", actor="key:re_1")
    case.refresh_from_db()
    release()
    assert (case.status, case.decision) == (CaseStatus.RESOLVED, decision)
    assert decision.overrides.source == DecisionSource.POLICY
    assert Content.objects.get().decision == Outcome.APPROVE


def test_report_during_the_hold_waits_for_the_decision(case, alice):
    decision = decide(case, alice).decision
    content = Content.objects.select_for_update().get()
    report_content(content=content, reporter="r1", reason="insult", comment="", actor="key:re_1")
    assert Report.objects.get().case == case
    release()
    assert Report.objects.get().status == ReportStatus.UPHELD
    assert Decision.objects.in_effect().order_by("-created_at").first() == decision


def test_record_stays_whole_through_undo_and_release(case, alice):
    withdraw(decision=decide(case, alice, label="spam", reasoning="Spam").decision, person=alice)
    case.refresh_from_db()
    decide(case, alice, Outcome.APPROVE)
    release()
    seal_entries()
    faults = {breach.fault for breach in verify_chain()}
    assert faults == {"the decision has no audit entry"}  # the policy's own, which the factory put there
    Decision.objects.filter(label="spam").update(label="hate")
    assert "the decision was changed after it was recorded" in {breach.fault for breach in verify_chain()}


def test_release_costs_no_more_queries_for_more_decisions(alice, django_assert_max_num_queries):
    for _ in range(12):
        factories.CaseFactory()
        decide(claim_next(moderator=alice), alice, Outcome.APPROVE)
    with django_assert_max_num_queries(24):
        assert release() == 12
