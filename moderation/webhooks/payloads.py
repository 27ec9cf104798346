"""The body of a webhook: Standard Webhooks' envelope around a thin account of a decision, never the text.

Names and shapes are those of `GET /api/v1/content/{id}`, so that a client reads both with the same code.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from moderation.enums import FINAL_OUTCOMES, ContentStatus, EventType
from moderation.models import Content, ContentMedia, Decision, ModerationResult, PolicyVersion, WebhookEndpoint
from moderation.webhooks.events import News

MAX_REASONS_BYTES = 6_000
"""Room for reasons, so that the whole stays under the 20 kB that Standard Webhooks asks for."""

ENVELOPE = ("type", "timestamp", "data")
MAX_IMAGES_BYTES = 3_000
"""Room for a dozen images or so."""
NO_RESULT: dict[str, Any] = {
    "result_id": None,
    "reasons": [],
    "scores": {},
    "not_covered": [],
    "detectors": {},
    "policy": None,
}


def build_payload(
    news: News, *, policy_versions: Mapping[int, PolicyVersion], told_at: datetime, images: Sequence[ContentMedia] = ()
) -> dict[str, Any]:
    """The body that tells ``news``. ``policy_versions`` holds those of the results, by id, with their policies.

    ``images``: those of the version that the news is about, in their order, with their files.
    """
    return {
        "type": news.type.value,
        "timestamp": _timestamp(told_at),
        "data": {
            "content_id": str(news.content.pk),
            "external_id": news.content.external_id,
            "request_id": news.content.request_id or None,
            **(_decided(news.decision) if news.decision else _undecided(news.content)),
            **_result(news.result, policy_versions),
            "rule": _rule(news),
            "images": _within(map(_image, images), MAX_IMAGES_BYTES),
        },
        # Beside the envelope: no part of the body, but of its headers.
        **({"trace_id": news.content.trace_id} if news.content.trace_id else {}),
    }


def build_test_payload(endpoint: WebhookEndpoint, *, told_at: datetime) -> dict[str, Any]:
    """The body of a test: which endpoint it is for, and nothing else."""
    return {
        "type": EventType.ENDPOINT_TEST.value,
        "timestamp": _timestamp(told_at),
        "data": {"endpoint_id": endpoint.public_id},
    }


def encode(payload: Mapping[str, Any]) -> bytes:
    """The bytes that are signed and sent: the same on every attempt."""
    return orjson.dumps({name: payload[name] for name in ENVELOPE if name in payload})


def _decided(decision: Decision) -> dict[str, Any]:
    """What the decision says; the content's own row may not have caught up yet."""
    final = decision.outcome in FINAL_OUTCOMES
    earlier = decision.overrides
    return {
        "version": decision.content_version,
        "status": (ContentStatus.DECIDED if final else ContentStatus.IN_REVIEW).value,
        "decision": str(decision.outcome),
        "decision_id": str(decision.pk),
        "source": str(decision.source),
        "label": decision.label,
        "reasoning": decision.reasoning,
        "overrides": _overridden(earlier) if earlier else None,
        "decided_at": _timestamp(decision.created_at) if final else None,
    }


def _overridden(decision: Decision) -> dict[str, Any]:
    return {"decision_id": str(decision.pk), "decision": str(decision.outcome), "source": str(decision.source)}


def _undecided(content: Content) -> dict[str, Any]:
    """The same members for news without a decision."""
    return {
        "version": content.version,
        "status": str(content.status),
        "decision": str(content.decision) if content.decision else None,
        "decision_id": None,
        "source": None,
        "label": "",
        "reasoning": "",
        "overrides": None,
        "decided_at": _timestamp(content.decided_at) if content.decided_at else None,
    }


def _rule(news: News) -> str | None:
    """The rule that decided, or that sent the content to the person who did."""
    return (news.decision and news.decision.rule) or (news.result and news.result.rule) or None


def _result(result: ModerationResult | None, policy_versions: Mapping[int, PolicyVersion]) -> dict[str, Any]:
    """What the detectors and the policy said; empty where a decision rests on no result."""
    if result is None:
        return dict(NO_RESULT)
    version = policy_versions.get(result.policy_version_id) if result.policy_version_id else None
    return {
        "result_id": str(result.pk),
        "reasons": _within(result.reasons, MAX_REASONS_BYTES),
        "scores": result.scores,
        "not_covered": list(result.not_covered),
        "detectors": result.detectors,
        "policy": {"name": version.policy.slug, "version": version.number} if version else None,
    }


def _image(media: ContentMedia) -> dict[str, Any]:
    """Enough to find the image in the platform's own storage, or to ask the API for more."""
    return {
        "media_id": str(media.file.pk) if media.file else None,
        "sha256": media.file.sha256 if media.file else None,
        "scores": media.scores,
        "fault": media.fault or None,
    }


def _within(rows: Iterable[dict[str, Any]], limit: int) -> list[dict[str, Any]]:
    """The first of them whose JSON fits into ``limit`` bytes."""
    kept, size = [], 0
    for row in rows:
        size += len(orjson.dumps(row))
        if size > limit:
            break
        kept.append(row)
    return kept


def _timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
