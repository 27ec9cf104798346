"""A share of what was decided is decided again: which, by whom, and what comes of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.audit import record_view
from moderation.enums import CaseSource, CaseStatus, ContentStatus, Outcome
from moderation.models import AuditEntry, Content, Decision, QualityReview, ReviewCase, WebhookEvent
from moderation.review.offers import KEPT_FOR, offer_case
from moderation.review.quality import sample_decisions
from moderation.review.resolve import resolve_case
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything_twice(general):
    """The queue, with a second review of every decision."""
    general.double_percent = 100
    general.save(update_fields=["double_percent"])
    return general


@pytest.fixture
def decided(everything_twice, alice):
    """A case that Alice has rejected."""
    content = factories.DecidedContentFactory(decision=Outcome.REJECT)
    decision = factories.ModeratorDecisionFactory(content=content, moderator=alice)
    opened_at = timezone.now() - timedelta(hours=5)
    return factories.ResolvedCaseFactory(
        content=content, decision=decision, priority=71, opened_at=opened_at, categories=["insult"]
    )


@pytest.fixture
def double(decided):
    """The second case that its decision was drawn for."""
    [case] = sample_decisions([decided.decision])
    return case


def _answer(case, person, outcome, **words):
    """What a person says of a case that was offered to them."""
    now = timezone.now()
    case.claimed_by, case.claimed_at, case.lease_expires_at = person, now, now + timedelta(seconds=30)
    case.lease_token = case.pk
    case.save()
    return resolve_case(
        case_id=case.pk,
        moderator=person,
        lease_token=case.lease_token,
        content_version=case.content_version,
        outcome=outcome,
        **words,
    )


def test_double_review_looks_as_the_first_case_did(double, decided):
    same = ("content_id", "content_version", "result_id", "queue_id", "level", "priority", "opened_at", "due_at")
    assert [getattr(double, name) for name in same] == [getattr(decided, name) for name in same]
    assert (double.source, double.status, double.categories) == (CaseSource.DOUBLE, CaseStatus.OPEN, ["insult"])


def test_decision_is_sampled_once(double, decided):
    assert sample_decisions([decided.decision]) == []
    assert ReviewCase.objects.measuring().count() == 1


def test_queue_without_a_share_is_not_sampled(general, alice):
    decision = factories.ModeratorDecisionFactory(moderator=alice)
    factories.ResolvedCaseFactory(content=decision.content, decision=decision, queue=general)
    assert sample_decisions([decision]) == []


def test_decision_of_the_policy_is_not_sampled(everything_twice):
    assert sample_decisions([factories.PolicyDecisionFactory()]) == []


def test_share_is_about_the_percentage_and_the_same_when_drawn_again(general, alice, settings):
    general.double_percent = 20
    general.save()
    decisions = [factories.ModeratorDecisionFactory(moderator=alice) for _ in range(150)]
    for decision in decisions:
        factories.ResolvedCaseFactory(content=decision.content, decision=decision, queue=general)
    drawn = {case.first_decision_id for case in sample_decisions(decisions)}
    assert 10 <= len(drawn) <= 55  # 30 expected; this far off once in a million
    ReviewCase.objects.measuring().delete()
    assert {case.first_decision_id for case in sample_decisions(decisions)} == drawn
    ReviewCase.objects.measuring().delete()
    settings.SECRET_KEY = "another key"  # noqa: S105 - of a test
    assert {case.first_decision_id for case in sample_decisions(decisions)} != drawn


def test_sampling_takes_a_constant_number_of_queries(everything_twice, alice, django_assert_num_queries):
    decisions = [factories.ModeratorDecisionFactory(moderator=alice) for _ in range(5)]
    for decision in decisions:
        factories.ResolvedCaseFactory(content=decision.content, decision=decision)
    with django_assert_num_queries(5):  # with the savepoint
        sample_decisions(decisions)


def test_other_person_is_offered_the_double_review(double, bob):
    offered = offer_case(moderator=bob, queue=None)
    assert offered == double
    assert offered.assigned_to == bob


def test_who_decided_first_is_not_offered_it(double, alice):
    assert offer_case(moderator=alice, queue=None) is None


def test_who_has_seen_the_first_decision_is_not_offered_it(double, bob):
    record_view(viewer=bob, content_id=double.content_id, page="content", request=None)
    assert offer_case(moderator=bob, queue=None) is None


def test_who_saw_the_content_before_it_was_decided_is_offered_it(double, bob):
    record_view(viewer=bob, content_id=double.content_id, page="desk", request=None)
    AuditEntry.objects.filter(action="content.viewed").update(created_at=timezone.now() - timedelta(days=1))
    assert offer_case(moderator=bob, queue=None) == double


def test_escalated_double_review_needs_the_right_for_it(double, bob, senior):
    ReviewCase.objects.filter(pk=double.pk).update(level=2)
    assert offer_case(moderator=bob, queue=None) is None
    assert offer_case(moderator=senior, queue=None) == double


def test_person_has_one_at_a_time(everything_twice, alice, bob):
    for _ in range(2):
        decision = factories.ModeratorDecisionFactory(moderator=alice)
        factories.ResolvedCaseFactory(content=decision.content, decision=decision)
    sample_decisions(Decision.objects.filter(moderator=alice))
    assert offer_case(moderator=bob, queue=None) is not None
    assert offer_case(moderator=bob, queue=None) is None


def test_one_that_was_kept_too_long_goes_to_another(double, bob, senior):
    offer_case(moderator=bob, queue=None)
    later = timezone.now() + KEPT_FOR + timedelta(seconds=1)
    assert offer_case(moderator=senior, queue=None) is None
    assert offer_case(moderator=senior, queue=None, now=later).assigned_to == senior


def test_nothing_is_asked_where_nothing_is_measured(general, bob, django_assert_num_queries):
    factories.CaseFactory()
    bob.has_perm("moderation.change_reviewcase")
    with django_assert_num_queries(1):
        assert offer_case(moderator=bob, queue=None) is None


def test_answer_is_a_review_and_no_decision(double, bob):
    offer_case(moderator=bob, queue=None)
    before = Decision.objects.count()
    double.refresh_from_db()
    done = _answer(double, bob, Outcome.APPROVE, reasoning="Only banter.", private_note="I know them both.")
    review = QualityReview.objects.get()
    assert done.decision is None
    assert (review.outcome, review.expected_outcome, review.agrees) == (Outcome.APPROVE, Outcome.REJECT, False)
    assert (review.reasoning, review.private_note) == ("Only banter.", "I know them both.")
    assert (review.moderator, review.kind, review.categories) == (bob, CaseSource.DOUBLE, ["insult"])
    assert Decision.objects.count() == before


def test_answer_leaves_the_content_and_its_platform_alone(double, bob):
    factories.EndpointFactory(client=double.client)
    _answer(double, bob, Outcome.APPROVE)
    content = Content.objects.get(pk=double.content_id)
    assert (content.status, content.decision) == (ContentStatus.DECIDED, Outcome.REJECT)
    assert not WebhookEvent.objects.exists()
    double.refresh_from_db()
    assert (double.status, double.decision) == (CaseStatus.RESOLVED, None)


def test_same_outcome_agrees_whatever_the_label(double, bob):
    _answer(double, bob, Outcome.REJECT, label="spam")
    assert QualityReview.objects.get().agrees


def test_answer_is_in_the_audit(double, bob):
    _answer(double, bob, Outcome.APPROVE)
    entry = AuditEntry.objects.get(action="quality_review.recorded")
    assert entry.actor == "user:bob"
    assert entry.data == {"content": str(double.content_id), "kind": "double", "outcome": "approve", "agrees": False}
