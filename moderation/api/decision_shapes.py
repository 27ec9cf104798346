"""How decisions look in answers, and what is sent to override one."""

from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import Field

from moderation.api.content_shapes import EvidenceOut, MatchOut, PolicyOut, ReasonOut, Scores, Whole
from moderation.api.references import ContentFacts, ContentReference
from moderation.api.words import Words
from moderation.enums import DecisionSource, Outcome
from moderation.models import Decision, ModerationResult


class DecisionOut(Whole):
    """What was decided of one content version, by what, and why. It is never changed; an override is a new one."""

    id: UUID
    content_id: UUID
    external_id: str
    content_version: int
    outcome: Outcome
    source: DecisionSource
    rule: str = Field(description="The policy's rule that decided, or sent it to the person who did")
    label: str = Field(description="The reason that was chosen, as a short name; empty where there was none")
    reasoning: str = Field(description="Why, in words that may be shown to the author")
    overrides: UUID | None = Field(description="The decision that this one replaces")
    created_at: datetime

    @classmethod
    def facts(cls, decision: Decision) -> dict[str, Any]:
        """The members of the answer."""
        return {
            "id": decision.pk,
            "content_id": decision.content_id,
            "external_id": decision.content.external_id,
            "content_version": decision.content_version,
            "outcome": decision.outcome,
            "source": decision.source,
            "rule": decision.rule,
            "label": decision.label,
            "reasoning": decision.reasoning,
            "overrides": decision.overrides_id,
            "created_at": decision.created_at,
        }

    @classmethod
    def of(cls, decision: Decision) -> Self:
        return cls(**cls.facts(decision))


class ResultOut(Whole):
    """One pass of detectors and policy over the content: what the decision rests on."""

    id: UUID
    rule: str
    outcome: Outcome
    reasons: list[ReasonOut]
    scores: Scores
    evidence: list[EvidenceOut]
    matches: list[MatchOut]
    not_covered: list[str]
    failures: dict[str, str]
    identified_language: str
    detectors: dict[str, str]
    policy: PolicyOut | None
    created_at: datetime

    @classmethod
    def of(cls, result: ModerationResult) -> Self:
        version = result.policy_version
        return cls(
            id=result.pk,
            rule=result.rule,
            outcome=Outcome(result.outcome),
            reasons=result.reasons,
            scores=result.scores,
            evidence=result.evidence,
            matches=result.matches,
            not_covered=result.not_covered,
            failures=result.failures,
            identified_language=result.language,
            detectors=result.detectors,
            policy=PolicyOut(name=version.policy.slug, version=version.number) if version else None,
            created_at=result.created_at,
        )


class DecisionDetailOut(DecisionOut):
    """A decision with all that it replaced, and what it rests on."""

    overridden: list[DecisionOut] = Field(description="What it overrides, and what that did, newest first")
    overridden_by: UUID | None = Field(description="The decision that replaced this one")
    result: ResultOut | None = Field(description="Null where no detector had read the content")


class DecisionPage(Whole):
    """A page of decisions; follow ``next`` and ``previous`` as they are."""

    results: list[DecisionOut]
    next: str | None
    previous: str | None


class DecisionQuery(ContentFacts):
    """What the list is narrowed by."""

    outcome: Outcome | None = None
    source: DecisionSource | None = None


class OverrideIn(ContentReference):
    """A decision of the platform."""

    outcome: Literal["approve", "reject"]
    reasoning: Words = Field(description="Why, in words that may be shown to the author")
    if_decision_id: UUID | None = Field(None, description="Only if this is the newest decision: 409 if it is not")
