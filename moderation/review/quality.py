"""Step 6, how well people decide: a share of what was decided is decided again, by somebody who does not know of it.

Such a case looks like any other and decides nothing: what a person says of it becomes a QualityReview. Which decisions
are taken is chance to the people at the desk; the secret key and the stored rows draw the same again.
"""

from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import transaction

from moderation.audit import record_audit, user_actor
from moderation.enums import CaseSource, DecisionSource, Outcome, SubjectType
from moderation.models import AuditEntry, Content, Decision, QualityReview, ReviewCase
from moderation.models.ids import new_id
from moderation.review.lots import lot
from moderation.review.offers import offer_case

__all__ = ["offer_case", "record_review", "sample_decisions"]

OPENED = "double_review.opened"
ANSWERED = "quality_review.recorded"


@transaction.atomic
def sample_decisions(decisions: Sequence[Decision]) -> list[ReviewCase]:
    """Opens a double review of each of these decisions that is drawn, by its queue's share; answers the new cases.

    To be called where moderators' decisions take effect, in that transaction: what was sampled before, and what nobody
    decided at the desk, is left alone. Three queries at most.
    """
    by_people = [decision.pk for decision in decisions if decision.source == DecisionSource.MODERATOR]
    if not by_people:
        return []
    decided = ReviewCase.objects.ordinary().filter(decision__in=by_people, decision__second_case=None)
    rows = decided.filter(queue__double_percent__gt=0).select_related("queue")
    drawn = [case for case in rows if lot("double", case.decision_id) < case.queue.double_percent]
    cases = ReviewCase.objects.bulk_create(_again(case) for case in drawn)
    AuditEntry.objects.bulk_create(_opened(case) for case in cases)
    return cases


def _again(case: ReviewCase) -> ReviewCase:
    """The case once more, as it waited before: its age, its priority and its time are the first one's."""
    return ReviewCase(
        id=new_id(at=case.opened_at),
        content_id=case.content_id,
        client_id=case.client_id,
        content_version=case.content_version,
        result_id=case.result_id,
        queue=case.queue,
        level=case.level,
        source=CaseSource.DOUBLE,
        categories=case.categories,
        priority=case.priority,
        priority_terms=case.priority_terms,
        opened_at=case.opened_at,
        due_at=case.due_at,
        first_decision_id=case.decision_id,
    )


def _opened(case: ReviewCase) -> AuditEntry:
    data = {"content": str(case.content_id), "decision": str(case.first_decision_id)}
    return AuditEntry(action=OPENED, actor="system", subject_type=SubjectType.CASE, subject_id=str(case.pk), data=data)


@transaction.atomic
def record_review(
    *,
    case: ReviewCase,
    content: Content,
    moderator: User,
    outcome: Outcome,
    label: str = "",
    reasoning: str = "",
    private_note: str = "",
) -> QualityReview:
    """Writes what a moderator said of a double review or a golden case, and whether it is what was expected.

    No decision, no news for the platform. The caller holds the locks of content and case, and closes the case. Raises
    ValueError for a case that decides about its content.
    """
    expected = case.golden or case.first_decision
    if expected is None:
        raise ValueError("This case asks for a decision: nothing is known to measure it by.")
    review = QualityReview.objects.create(
        case=case,
        kind=case.source,
        content=content,
        moderator=moderator,
        queue_id=case.queue_id,
        categories=case.categories,
        outcome=outcome,
        label=label,
        reasoning=reasoning,
        private_note=private_note,
        first_decision=case.first_decision,
        golden=case.golden,
        expected_outcome=expected.outcome,
        expected_label=expected.label,
        agrees=_agrees(case, outcome, label, expected.outcome, expected.label),
    )
    record_audit(
        action=ANSWERED,
        actor=user_actor(moderator),
        subject_type=SubjectType.QUALITY_REVIEW,
        subject_id=review.pk,
        data={"content": str(content.pk), "kind": review.kind, "outcome": outcome, "agrees": review.agrees},
    )
    return review


def _agrees(case: ReviewCase, outcome: str, label: str, expected: str, expected_label: str) -> bool:
    """Two people agree where they come to the same outcome; a golden case may ask for its label too."""
    if outcome != expected:
        return False
    return case.golden is None or not expected_label or label == expected_label
