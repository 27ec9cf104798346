"""How content is answered: one shape for a submission's answer, the detail and the list."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from moderation.enums import UNSETTLED_STATUSES
from moderation.models import Content, Decision, ModerationResult


def represent(contents: Sequence[Content], *, with_text: bool = False) -> list[dict[str, Any]]:
    """The contents as JSON values, each with the newest result and decision of its current version.

    Three queries, however many contents (their authors must have been selected with them).
    """
    settled = [content for content in contents if content.status not in UNSETTLED_STATUSES]
    results = _newest(ModerationResult, settled, "policy_version__policy")
    decisions = _newest(Decision, settled)
    return [_represent(c, results.get(c.pk), decisions.get(c.pk), with_text) for c in contents]


def _newest(model: Any, contents: Sequence[Content], *related: str) -> dict[UUID, Any]:
    versions = {content.pk: content.version for content in contents}
    if not versions:
        return {}
    rows = model.objects.filter(content__in=list(versions)).order_by("content", "-created_at", "-id")
    newest = rows.select_related(*related).distinct("content") if related else rows.distinct("content")
    return {row.content_id: row for row in newest if row.content_version == versions[row.content_id]}


def _represent(
    content: Content, result: ModerationResult | None, decision: Decision | None, with_text: bool
) -> dict[str, Any]:
    text = {"text": None if content.erased_at else content.text} if with_text else {}
    return {
        "id": content.pk,
        "external_id": content.external_id,
        "version": content.version,
        "status": content.status,
        "decision": content.decision,
        **_explanation(result, decision),
        **text,
        "author": _author(content),
        "context": {
            "conversation_id": content.conversation_id,
            "parent_external_id": content.parent_external_id,
            "url": content.url,
        },
        "metadata": content.metadata,
        "language": content.language,
        "created_at": content.created_at,
        "updated_at": content.updated_at,
        "decided_at": content.decided_at,
        "erased_at": content.erased_at,
    }


def _explanation(result: ModerationResult | None, decision: Decision | None) -> dict[str, Any]:
    """Why: the decision's own words, and everything that the detectors and the policy said."""
    version = result.policy_version if result else None
    return {
        "rule": result.rule if result else None,
        "source": decision.source if decision else None,
        "reasoning": decision.reasoning if decision else "",
        "reasons": result.reasons if result else [],
        "scores": result.scores if result else {},
        "evidence": result.evidence if result else [],
        "matches": result.matches if result else [],
        "not_covered": result.not_covered if result else [],
        "failures": result.failures if result else {},
        "detectors": result.detectors if result else {},
        "policy": {"name": version.policy.slug, "version": version.number} if version else None,
    }


def _author(content: Content) -> dict[str, str] | None:
    author = content.author
    return {"external_id": author.external_id, "display_name": author.display_name} if author else None
