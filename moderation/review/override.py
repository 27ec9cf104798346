"""Step 6, the platform decides: a decision through the API overrides what stands, and closes an open case."""

from uuid import UUID

from django.db import transaction

from moderation.decisions import DecisionDraft, record_decision
from moderation.enums import (
    FINAL_OUTCOMES,
    QUALITY_SOURCES,
    UNRESOLVED_STATUSES,
    UNSETTLED_STATUSES,
    CaseStatus,
    DecisionSource,
    Outcome,
)
from moderation.models import Content, Decision, ModerationResult, ReviewCase
from moderation.review.lapse import lapse
from moderation.review.refusals import ActRefused
from moderation.review.resolve import close_case


@transaction.atomic
def override_decision(
    *, content: Content, outcome: Outcome, reasoning: str, actor: str, expected_id: UUID | None = None
) -> Decision:
    """Decides a content whose row lock the caller holds, whoever decided before and whoever holds its case.

    ``reasoning`` (1 to 1,000 characters) may be shown to the author. ``expected_id`` is the decision that the caller
    means to override. Raises ValueError for an outcome that is not final, and ActRefused for content that was erased,
    that is being moderated, or whose newest decision is another; then nothing is stored.
    """
    if outcome not in FINAL_OUTCOMES:
        raise ValueError(f"A decision approves or rejects; '{outcome}' does neither.")
    _require_decidable(content, expected_id)
    cases = ReviewCase.objects.select_for_update(of=("self",)).select_related("result")
    unresolved = cases.filter(content=content, status__in=UNRESOLVED_STATUSES)
    case = unresolved.exclude(source__in=QUALITY_SOURCES).first()
    if case is not None and case.status == CaseStatus.DECIDED:
        lapse(content_ids=[content.pk])
    results = ModerationResult.objects.filter(content=content, content_version=content.version)
    result = results.order_by("-created_at", "-id").first()
    decision = record_decision(
        draft=DecisionDraft(
            content=content,
            outcome=outcome,
            source=DecisionSource.API,
            actor=actor,
            rule=result.rule if result else "",
            reasoning=reasoning,
            result=result,
        )
    )
    close_case(content=content, case=case, decision=decision)
    return decision


def _require_decidable(content: Content, expected_id: UUID | None) -> None:
    if content.erased_at is not None:
        raise ActRefused("The content was erased: what was decided of it stays as it is.")
    if content.status in UNSETTLED_STATUSES:
        raise ActRefused("The content is being moderated: its decision comes in a moment.", wait=True)
    if expected_id is None:
        return
    decisions = Decision.objects.in_effect().filter(content=content, content_version=content.version)
    newest = decisions.order_by("-created_at", "-id").values_list("pk", flat=True).first()
    if newest != expected_id:
        raise ActRefused(f"The newest decision is another one: {newest}. Read it, and decide anew.")
