"""Two people differ, and a lead says who was right."""

import pytest
from django.core.exceptions import PermissionDenied

from moderation.enums import CaseSource, CaseStatus, DecisionSource, EventType, Outcome
from moderation.models import AuditEntry, Content, Decision, QualityReview, ReviewCase, WebhookEvent
from moderation.review.quality import record_review
from moderation.review.refusals import ActRefused
from moderation.review.settlement import disagreements, settle_review
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def review(alice, bob, general):
    """Alice rejected a content, and Bob would have approved it."""
    return factories.DisagreementFactory(first_decision__moderator=alice, moderator=bob)


def test_differing_review_waits_for_a_lead(review):
    assert list(disagreements()) == [review]


def test_where_the_second_was_right_the_lead_decides_anew(review, lead):
    factories.EndpointFactory(client=review.content.client)
    done = settle_review(review_id=review.pk, lead=lead, outcome=Outcome.APPROVE, note="Banter among friends.")
    decision = Decision.objects.in_effect().order_by("-created_at").first()
    assert done.decision == decision
    assert (decision.outcome, decision.source, decision.moderator) == (Outcome.APPROVE, DecisionSource.MODERATOR, lead)
    assert (decision.overrides, decision.reasoning) == (review.first_decision, "Banter among friends.")
    assert Content.objects.get(pk=review.content_id).decision == Outcome.APPROVE
    assert WebhookEvent.objects.get().type == EventType.DECISION_OVERRIDDEN


def test_where_the_first_was_right_the_decision_stands(review, lead):
    done = settle_review(review_id=review.pk, lead=lead, outcome=Outcome.REJECT, note="It names a person.")
    assert done.decision is None
    assert Decision.objects.filter(moderator=lead).count() == 0
    assert Content.objects.get(pk=review.content_id).decision == Outcome.REJECT


def test_settled_review_says_who_what_and_why(review, lead):
    settle_review(review_id=review.pk, lead=lead, outcome=Outcome.REJECT, note="It names a person.")
    review.refresh_from_db()
    assert (review.settled_by, review.settled_outcome) == (lead, Outcome.REJECT)
    assert review.settled_note == "It names a person."
    assert not disagreements().exists()
    entry = AuditEntry.objects.get(action="quality_review.settled")
    assert (entry.actor, entry.data) == ("user:lead", {"content": str(review.content_id), "outcome": "reject"})


def test_settling_twice_is_refused(review, lead):
    settle_review(review_id=review.pk, lead=lead, outcome=Outcome.REJECT)
    with pytest.raises(ActRefused, match="settled already"):
        settle_review(review_id=review.pk, lead=lead, outcome=Outcome.APPROVE)
    assert Content.objects.get(pk=review.content_id).decision == Outcome.REJECT


@pytest.mark.parametrize("name", ["first", "second"])
def test_neither_of_the_two_settles(review, lead, name):
    if name == "first":
        Decision.objects.filter(pk=review.first_decision_id).update(moderator=lead)
    else:
        QualityReview.objects.update(moderator=lead)
    with pytest.raises(PermissionDenied, match="one of the two"):
        settle_review(review_id=review.pk, lead=lead, outcome=Outcome.REJECT)


def test_moderator_does_not_settle(review, general):
    with pytest.raises(PermissionDenied):
        settle_review(review_id=review.pk, lead=factories.ModeratorFactory(), outcome=Outcome.REJECT)
    assert disagreements().exists()


def test_edited_content_keeps_its_own_decision(review, lead):
    Content.objects.filter(pk=review.content_id).update(version=2)
    done = settle_review(review_id=review.pk, lead=lead, outcome=Outcome.APPROVE)
    assert (done.decision, done.stands_apart) == (None, True)
    assert not disagreements().exists()


def test_open_case_of_a_report_ends_with_the_override(review, lead):
    reported = ReviewCase.objects.create(
        content=review.content,
        client=review.content.client,
        content_version=1,
        queue=review.queue,
        source=CaseSource.REPORT,
        due_at=review.case.due_at,
    )
    done = settle_review(review_id=review.pk, lead=lead, outcome=Outcome.APPROVE)
    reported.refresh_from_db()
    assert (reported.status, reported.decision) == (CaseStatus.RESOLVED, done.decision)


def test_agreeing_review_has_nothing_to_settle(review, lead):
    QualityReview.objects.update(agrees=True)
    with pytest.raises(ActRefused, match="nothing to settle"):
        settle_review(review_id=review.pk, lead=lead, outcome=Outcome.APPROVE)


def test_case_that_asks_for_a_decision_is_not_measured(general, bob):
    case = factories.CaseFactory()
    with pytest.raises(ValueError, match="asks for a decision"):
        record_review(case=case, content=case.content, moderator=bob, outcome=Outcome.APPROVE)
