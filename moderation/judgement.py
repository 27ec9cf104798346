"""From readings to results: gathers the facts of each content, asks its policy, and writes down what was said."""

from collections.abc import Sequence
from dataclasses import dataclass

from moderation.author_facts import author_facts
from moderation.detectors.base import DetectionReport
from moderation.enums import Outcome
from moderation.in_force import ActivePolicy, active_policies, default_policy_id
from moderation.models import Content, ContentMedia, ModerationResult
from moderation.near_duplicates.placement import Placement, place
from moderation.policy.engine import evaluate
from moderation.policy.facts import AuthorFacts
from moderation.policy.schema import DEFAULT_QUEUE, FAILED_PRIORITY
from moderation.text_facts import facts_of

FAILED_RULE = "moderation_failed"


@dataclass(frozen=True, slots=True)
class Judgement:
    """A result not saved yet, and where the content waits if a person must decide. ``actor`` names who judged.

    ``placement`` is where the text belongs among its near-duplicates; None for what could not be processed.
    ``images`` carry what was read in each, not saved yet.
    """

    result: ModerationResult
    queue: str
    priority: int
    actor: str
    placement: Placement | None = None
    images: tuple[ContentMedia, ...] = ()


def judge(contents: Sequence[Content], reports: Sequence[DetectionReport], *, duration_ms: float) -> list[Judgement]:
    """Asks each content's policy. ``duration_ms`` is one item's share of the batch."""
    policies = active_policies()
    authors = author_facts(contents)
    placements = place(contents)
    return [
        _judge_one(
            content,
            report,
            placement,
            policy_of(policies, content.policy_id, content.client.policy_id),
            authors.get(content.author_id),
            duration_ms,
        )
        for content, report, placement in zip(contents, reports, placements, strict=True)
    ]


def policy_of(policies: dict[int, ActivePolicy], asked_for: int | None, clients_own: int | None) -> ActivePolicy:
    """The policy that judges: the one asked for, else the client's own, else the site's default."""
    default = default_policy_id(policies)
    return policies.get(asked_for or clients_own or default) or policies[default]


def _judge_one(
    content: Content,
    report: DetectionReport,
    placement: Placement | None,
    policy: ActivePolicy,
    author: AuthorFacts | None,
    duration_ms: float,
) -> Judgement:
    near_duplicates = placement.near_duplicates if placement else 0
    facts = facts_of(
        report,
        text=content.text,
        language=content.language,
        author=author,
        metadata=content.metadata,
        near_duplicates=near_duplicates,
    )
    verdict = evaluate(policy.rules, facts)
    result = ModerationResult(
        content=content,
        content_version=content.version,
        outcome=verdict.outcome,
        rule=verdict.rule,
        reasons=[reason.to_json() for reason in verdict.reasons],
        scores={category: round(score, 4) for category, score in report.scores.items()},
        evidence=[
            {"category": e.category, "start": e.start, "end": e.end, "detector": e.detector, "detail": e.detail}
            for e in report.evidence
        ],
        matches=[match.to_json() for match in verdict.matches],
        not_covered=list(report.not_covered),
        failures=report.failures,
        language=report.language,
        detectors=report.versions,
        policy_version_id=policy.version_id,
        duration_ms=round(duration_ms, 3),
    )
    return Judgement(result, verdict.queue, verdict.priority, f"policy:{policy.label}", placement)


def judge_failed(content: Content, error: str) -> Judgement:
    """The judgement of a content that could not be processed: a person looks. ``error`` is a kind, not a text."""
    message = f"It could not be processed in {content.attempts} attempts ({error})."
    result = ModerationResult(
        content=content,
        content_version=content.version,
        outcome=Outcome.REVIEW,
        rule=FAILED_RULE,
        reasons=[
            {"code": FAILED_RULE, "message": message, "category": "", "score": None, "threshold": None, "rule": ""}
        ],
        failures={"pipeline": error},
        duration_ms=0.0,
    )
    return Judgement(result, DEFAULT_QUEUE, FAILED_PRIORITY, "system")
