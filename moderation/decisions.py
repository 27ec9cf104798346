"""Step 5: the only writer of Decision. Decision, content state, audit entry and outbox commit together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from moderation.audit import decision_entries
from moderation.enums import FINAL_OUTCOMES, ContentStatus, DecisionSource, EventType, Outcome
from moderation.metrics import count_decisions
from moderation.models import AuditEntry, Content, Decision, ModerationResult
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
class DecisionDraft:
    """A decision about to be recorded.

    ``content`` is a row whose lock the caller holds. ``actor`` is written as in AuditEntry: ``user:alice``,
    ``policy:default@3``, ``key:re_1a2b3c4d`` or ``system``. ``via``, in the same form, is the door through which the
    actor came, where it has a name of its own.
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


@transaction.atomic
def record_decisions(*, drafts: Sequence[DecisionDraft]) -> list[Decision]:
    """Records decisions with everything that follows from them, in a constant number of queries.

    A decision of anyone but the policy overrides the newest one of the same content version, if there is one.
    """
    earlier = _newest_decisions([draft.content for draft in drafts if draft.source != DecisionSource.POLICY])
    decisions = [_decision(draft, earlier.get(draft.content.pk)) for draft in drafts]
    Decision.objects.bulk_create(decisions)
    actors = [(draft.actor, draft.via) for draft in drafts]
    AuditEntry.objects.bulk_create(decision_entries(decisions, actors))
    _settle_contents(decisions)
    publish(news=[_news(draft, decision) for draft, decision in zip(drafts, decisions, strict=True)])
    transaction.on_commit(partial(count_decisions, [(decision.outcome, decision.source) for decision in decisions]))
    return decisions


def record_decision(*, draft: DecisionDraft) -> Decision:
    """Records one decision."""
    return record_decisions(drafts=[draft])[0]


def _newest_decisions(contents: Sequence[Content]) -> dict[UUID, Decision]:
    if not contents:
        return {}
    versions = {content.pk: content.version for content in contents}
    rows = Decision.objects.filter(content__in=contents).order_by("content", "-created_at", "-id")
    return {d.content_id: d for d in rows.distinct("content") if d.content_version == versions[d.content_id]}


def _decision(draft: DecisionDraft, earlier: Decision | None) -> Decision:
    return Decision(
        content=draft.content,
        content_version=draft.content.version,
        outcome=draft.outcome,
        source=draft.source,
        rule=draft.rule,
        reasoning=draft.reasoning,
        private_note=draft.private_note,
        moderator=draft.moderator,
        result=draft.result,
        overrides=earlier,
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


def _news(draft: DecisionDraft, decision: Decision) -> News:
    """A final outcome that turns into the other is an override; one that is confirmed is told as what it is."""
    earlier = decision.overrides.outcome if decision.overrides else None
    overridden = earlier in FINAL_OUTCOMES and earlier != decision.outcome
    event = EventType.DECISION_OVERRIDDEN if overridden else EVENT_AFTER[draft.outcome]
    return News(type=event, content=draft.content, decision=decision, result=draft.result)
