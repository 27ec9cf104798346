"""Step 5: the only writer of Decision. Decision, content state, audit entry and outbox commit together.

A held decision is recorded and changes nothing else until moderation.review.holds brings it into effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from moderation.audit import decision_entries
from moderation.enums import FINAL_OUTCOMES, ContentStatus, DecisionSource, EventType, HoldKind, Outcome
from moderation.metrics import count_decisions
from moderation.models import AuditEntry, Content, Decision, DecisionHold, ModerationResult, ReviewCase
from moderation.webhooks.outbox import News, publish

STATUS_AFTER = {
    Outcome.APPROVE: ContentStatus.DECIDED,
    Outcome.REJECT: ContentStatus.DECIDED,
    Outcome.REVIEW: ContentStatus.IN_REVIEW,
}
EVENT_AFTER = {
    Outcome.APPROVE: EventType.CONTENT_APPROVED,
    Outcome.REJECT: EventType.CONTENT_REJECTED,
    Outcome.REVIEW: EventType.REVIEW_OPENED,
}


@dataclass(frozen=True, slots=True)
class HoldDraft:
    """That a decision shall not count yet. Without ``release_at`` a second person ends it; ``reason`` is for people."""

    case: ReviewCase
    kind: HoldKind
    release_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """A decision about to be recorded.

    ``content`` is a row whose lock the caller holds. ``actor`` is written as in AuditEntry: ``user:alice``,
    ``policy:default@3``, ``key:re_1a2b3c4d`` or ``system``. ``via``, in the same form, is the door through which the
    actor came, where it has a name of its own. ``label`` is that of the RejectionReason, if one was chosen.
    """

    content: Content
    outcome: Outcome
    source: DecisionSource
    actor: str
    rule: str = ""
    reasoning: str = ""
    private_note: str = ""
    moderator: User | None = None
    result: ModerationResult | None = None
    via: str = ""
    label: str = ""
    hold: HoldDraft | None = None


@transaction.atomic(savepoint=False)
def record_decisions(*, drafts: Sequence[DecisionDraft]) -> list[Decision]:
    """Records decisions, and of those that are not held all that follows, in a constant number of queries.

    A decision of anyone but the policy overrides the newest one in effect of the same content version, if there is one.
    """
    earlier = _newest_decisions([draft.content for draft in drafts if draft.source != DecisionSource.POLICY])
    decisions = [_decision(draft, earlier.get(draft.content.pk)) for draft in drafts]
    Decision.objects.bulk_create(decisions)
    holds = [_hold(decision, draft.hold) for draft, decision in zip(drafts, decisions, strict=True) if draft.hold]
    if holds:
        DecisionHold.objects.bulk_create(holds)
    held = {hold.decision_id: hold.kind for hold in holds}
    actors = [(draft.actor, draft.via) for draft in drafts]
    AuditEntry.objects.bulk_create(decision_entries(decisions, actors, held))
    bring_into_effect(decisions=[decision for decision in decisions if decision.pk not in held])
    return decisions


@transaction.atomic(savepoint=False)
def bring_into_effect(*, decisions: Sequence[Decision]) -> None:
    """Settles the contents of recorded decisions and tells their platforms, in a constant number of queries.

    The caller holds the contents' row locks; ``content``, ``result`` and ``overrides`` of each decision are read.
    """
    if not decisions:
        return
    _settle_contents(decisions)
    publish(news=[_news(decision) for decision in decisions])
    transaction.on_commit(partial(count_decisions, [(decision.outcome, decision.source) for decision in decisions]))


def record_decision(*, draft: DecisionDraft) -> Decision:
    """Records one decision."""
    return record_decisions(drafts=[draft])[0]


def _newest_decisions(contents: Sequence[Content]) -> dict[UUID, Decision]:
    if not contents:
        return {}
    versions = {content.pk: content.version for content in contents}
    rows = Decision.objects.in_effect().filter(content__in=contents).order_by("content", "-created_at", "-id")
    return {d.content_id: d for d in rows.distinct("content") if d.content_version == versions[d.content_id]}


def _decision(draft: DecisionDraft, earlier: Decision | None) -> Decision:
    return Decision(
        content=draft.content,
        content_version=draft.content.version,
        outcome=draft.outcome,
        source=draft.source,
        rule=draft.rule,
        label=draft.label,
        reasoning=draft.reasoning,
        private_note=draft.private_note,
        moderator=draft.moderator,
        result=draft.result,
        overrides=earlier,
    )


def _hold(decision: Decision, draft: HoldDraft) -> DecisionHold:
    return DecisionHold(
        decision=decision,
        case=draft.case,
        kind=draft.kind,
        reason=draft.reason,
        release_at=draft.release_at,
        created_at=decision.created_at,
    )


def _settle_contents(decisions: Sequence[Decision]) -> None:
    """Brings each content's state in line with its newest decision, and ends its lease."""
    now = timezone.now()
    for outcome in Outcome:
        ids = [decision.content_id for decision in decisions if decision.outcome == outcome]
        if ids:
            Content.objects.filter(pk__in=ids).update(
                status=STATUS_AFTER[outcome],
                decision=outcome,
                decided_at=now if outcome in FINAL_OUTCOMES else None,
                lease_token=None,
                lease_expires_at=None,
                updated_at=now,
            )


def _news(decision: Decision) -> News:
    """A final outcome that turns into the other is an override; one that is confirmed is told as what it is."""
    earlier = decision.overrides.outcome if decision.overrides else None
    overridden = earlier in FINAL_OUTCOMES and earlier != decision.outcome
    event = EventType.DECISION_OVERRIDDEN if overridden else EVENT_AFTER[Outcome(decision.outcome)]
    return News(type=event, content=decision.content, decision=decision, result=decision.result)
