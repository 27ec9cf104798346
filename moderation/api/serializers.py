"""How content is answered: one shape for a submission's answer, the detail and the list."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from moderation.detectors.pii.masking import mask_text
from moderation.enums import UNSETTLED_STATUSES
from moderation.models import Content, ContentMedia, Decision, ModerationResult
from moderation.near_duplicates.reading import count_near_duplicates


def represent(
    contents: Sequence[Content], *, with_text: bool = False, with_near_duplicates: bool = False
) -> list[dict[str, Any]]:
    """The contents as JSON values, each with the newest result and decision of its current version.

    Five queries at most, however many contents (their authors must have been selected with them). Near-duplicates are
    not counted for a page: during a wave each of its items would count to a thousand.
    """
    settled = [content for content in contents if content.status not in UNSETTLED_STATUSES]
    results = _newest(ModerationResult.objects.all(), settled, "policy_version__policy")
    decisions = _newest(Decision.objects.in_effect(), settled)
    images = _images([content for content in contents if content.image_count])
    alike = count_near_duplicates([content.pk for content in contents] if with_near_duplicates else [])
    return [
        {
            **_represent(c, results.get(c.pk), decisions.get(c.pk), images.get(c.pk, []), with_text),
            "near_duplicates": alike.get(c.pk),
        }
        for c in contents
    ]


def _images(contents: Sequence[Content]) -> dict[UUID, list[dict[str, Any]]]:
    """The images of the current versions, in their order."""
    found: dict[UUID, list[dict[str, Any]]] = {}
    if contents:
        versions = {content.pk: content.version for content in contents}
        rows = ContentMedia.objects.filter(content__in=contents).select_related("file").order_by("position")
        for media in rows:
            if media.content_version == versions[media.content_id]:
                found.setdefault(media.content_id, []).append(_image(media))
    return found


def _image(media: ContentMedia) -> dict[str, Any]:
    file = media.file
    return {
        "media_id": file.pk if file else None,
        "source": media.source,
        "url": media.source_url,
        "sha256": file.sha256 if file else None,
        "format": file.format if file else None,
        "width": file.width if file else None,
        "height": file.height if file else None,
        "bytes": file.size_bytes if file else None,
        "scores": media.scores,
        "hash_banks": media.hits,
        "fault": media.fault or None,
    }


def _newest(found: QuerySet[Any], contents: Sequence[Content], *related: str) -> dict[UUID, Any]:
    versions = {content.pk: content.version for content in contents}
    if not versions:
        return {}
    rows = found.filter(content__in=list(versions)).order_by("content", "-created_at", "-id")
    newest = rows.select_related(*related).distinct("content") if related else rows.distinct("content")
    return {row.content_id: row for row in newest if row.content_version == versions[row.content_id]}


def _represent(
    content: Content,
    result: ModerationResult | None,
    decision: Decision | None,
    images: list[dict[str, Any]],
    with_text: bool,
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
        "masked_text": mask_text(content.text, result.evidence) if result and not content.erased_at else None,
        "images": images,
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
        "label": decision.label if decision else "",
        "reasoning": decision.reasoning if decision else "",
        "reasons": result.reasons if result else [],
        "scores": result.scores if result else {},
        "evidence": result.evidence if result else [],
        "matches": result.matches if result else [],
        "not_covered": result.not_covered if result else [],
        "failures": result.failures if result else {},
        "identified_language": result.language if result else None,
        "detectors": result.detectors if result else {},
        "policy": {"name": version.policy.slug, "version": version.number} if version else None,
    }


def _author(content: Content) -> dict[str, Any] | None:
    author = content.author
    if author is None:
        return None
    return {"external_id": author.external_id, "display_name": author.display_name, "reach": author.reach}
