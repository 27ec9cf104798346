"""Step 6, a person decides: one transaction checks the claim, records the decision and closes the case.

Where the decision is held (moderation.review.holds), the case is ``decided`` and closes when it comes into effect.
"""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from moderation.audit import user_actor
from moderation.decisions import DecisionDraft, HoldDraft, record_decision
from moderation.enums import FINAL_OUTCOMES, CaseStatus, DecisionSource, Outcome
from moderation.models import Content, Decision, DecisionHold, ReviewCase
from moderation.review.access import require_level, require_queue
from moderation.review.holds import hold_for
from moderation.review.quality import record_review, sample_decisions
from moderation.review.reports import close_reports
from moderation.review.stale import find_fault

_READ_ELSEWHERE = [f"result__{name}" for name in ("reasons", "scores", "evidence", "matches", "failures", "detectors")]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a person said of a case. One that measures people has no ``decision``; one that counts has no ``hold``."""

    case: ReviewCase
    outcome: Outcome
    decision: Decision | None
    hold: DecisionHold | None


@transaction.atomic
def resolve_case(
    *,
    case_id: UUID,
    moderator: User,
    lease_token: UUID,
    content_version: int,
    outcome: Outcome,
    reasoning: str = "",
    private_note: str = "",
    label: str = "",
    via: str = "",
) -> Resolution:
    """Decides a case that the moderator holds. ``content_version`` is the version that he saw.

    ``reasoning`` (up to 1,000 characters) may be shown to the author, ``private_note`` (up to 2,000) never. A claim
    that has run out still counts while nobody else took the case: the token says so. ``label`` is that of the
    RejectionReason. ``via`` names the key through which the moderator acts, for the audit; empty: he sits at the desk.
    Raises ReviewCase.DoesNotExist, PermissionDenied, ValueError for an outcome that is not final, or StaleDecision
    when the claim is lost, the case is closed or the content changed; then nothing is stored.
    """
    if outcome not in FINAL_OUTCOMES:
        raise ValueError(f"A person approves or rejects; '{outcome}' is neither.")
    case = ReviewCase.objects.only("content_id", "queue_id").get(pk=case_id)
    require_queue(moderator=moderator, queue_id=case.queue_id)
    content = Content.objects.select_for_update(of=("self",)).select_related("author").get(pk=case.content_id)
    case = _lock(case_id)
    if fault := find_fault(
        case=case, content=content, moderator=moderator, lease_token=lease_token, content_version=content_version
    ):
        raise fault
    require_level(moderator=moderator, level=case.level)
    if case.is_quality:
        return _answer_quality(case, content, moderator, outcome, label, reasoning, private_note)
    return decide_locked(
        case=case,
        content=content,
        moderator=moderator,
        outcome=outcome,
        label=label,
        reasoning=reasoning,
        private_note=private_note,
        via=via,
    )


def decide_locked(
    *,
    case: ReviewCase,
    content: Content,
    moderator: User,
    outcome: Outcome,
    label: str = "",
    reasoning: str = "",
    private_note: str = "",
    via: str = "",
    seen_by_two: bool = False,
) -> Resolution:
    """Records what a moderator says of an open case of theirs; the caller holds the locks of content and case.

    ``seen_by_two``: a second person need not be waited for.
    """
    now = timezone.now()
    held = hold_for(case=case, content=content, outcome=outcome, now=now, seen_by_two=seen_by_two)
    draft = draft_of(
        case=case,
        content=content,
        moderator=moderator,
        outcome=outcome,
        label=label,
        reasoning=reasoning,
        private_note=private_note,
        via=via,
        hold=held,
    )
    decision = record_decision(draft=draft)
    if held is None:
        close_case(content=content, case=case, decision=decision)
        sample_decisions([decision])
        return Resolution(case=case, outcome=outcome, decision=decision, hold=None)
    case.status, case.decision = CaseStatus.DECIDED, decision
    case.save(update_fields=["status", "decision"])
    return Resolution(case=case, outcome=outcome, decision=decision, hold=decision.hold)


def draft_of(
    *,
    case: ReviewCase,
    content: Content,
    moderator: User,
    outcome: Outcome,
    label: str = "",
    reasoning: str = "",
    private_note: str = "",
    via: str = "",
    hold: HoldDraft | None = None,
) -> DecisionDraft:
    """A person's decision about to be recorded, by the result that the case came with."""
    return DecisionDraft(
        content=content,
        outcome=outcome,
        source=DecisionSource.MODERATOR,
        actor=user_actor(moderator),
        rule=case.result.rule if case.result else "",
        label=label,
        reasoning=reasoning,
        private_note=private_note,
        moderator=moderator,
        result=case.result,
        via=via,
        hold=hold,
    )


def _answer_quality(
    case: ReviewCase,
    content: Content,
    moderator: User,
    outcome: Outcome,
    label: str,
    reasoning: str,
    private_note: str,
) -> Resolution:
    """What is said here measures the person and decides nothing."""
    record_review(
        case=case,
        content=content,
        moderator=moderator,
        outcome=outcome,
        label=label,
        reasoning=reasoning,
        private_note=private_note,
    )
    case.status, case.resolved_at = CaseStatus.RESOLVED, timezone.now()
    case.save(update_fields=["status", "resolved_at"])
    return Resolution(case=case, outcome=outcome, decision=None, hold=None)


def _lock(case_id: UUID) -> ReviewCase:
    # Of its result the rule and the language are named; what a refusal tells of others is read when there is one.
    cases = ReviewCase.objects.select_related("result").defer(*_READ_ELSEWHERE)
    return cases.select_for_update(of=("self",)).get(pk=case_id)


def close_case(*, content: Content, case: ReviewCase | None, decision: Decision) -> None:
    """What follows a decision that settles a content: its open case is resolved, and what users reported is answered.

    The caller holds both locks. The claim stays on the closed case: it tells who had it, and from when to when.
    """
    if case is not None:
        case.status, case.decision, case.resolved_at = CaseStatus.RESOLVED, decision, timezone.now()
        case.save(update_fields=["status", "decision", "resolved_at"])
    close_reports(content=content, outcome=Outcome(decision.outcome))
