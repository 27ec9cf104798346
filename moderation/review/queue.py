"""Step 6, what waits for a person: cases are opened and cancelled in bulk, by whoever holds the contents' row locks.

Rows are always locked content first, case second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from moderation.enums import CaseSource, CaseStatus
from moderation.models import Content, ModerationResult, ReviewCase, ReviewQueue

GENERAL = "general"
NO_CLAIM: dict[str, Any] = {"claimed_by": None, "claimed_at": None, "lease_token": None, "lease_expires_at": None}


@dataclass(frozen=True, slots=True)
class NewCase:
    """A content version that needs a person. ``priority`` is 0 to 100, higher first."""

    content: Content
    content_version: int
    result: ModerationResult | None
    queue_slug: str
    priority: int
    source: CaseSource = CaseSource.POLICY


# Queues that the shipped policy names, where a new one should not be like any other: what may be at stake in them
# cannot wait a day, and nobody should have to see it unprepared.
SPECIAL: dict[str, dict[str, Any]] = {
    "child-safety": {"due_minutes": 60, "hide_text": True},
    "self-harm": {"due_minutes": 60, "hide_text": True},
}


def ensure_queues(*, slugs: Iterable[str]) -> None:
    """Makes those queues that are not there yet; a lead may change them afterwards."""
    ReviewQueue.objects.bulk_create(
        (
            ReviewQueue(slug=slug, name=slug.replace("-", " ").capitalize(), **SPECIAL.get(slug, {}))
            for slug in sorted(slugs)
        ),
        ignore_conflicts=True,
    )


@transaction.atomic
def open_cases(*, items: Sequence[NewCase]) -> list[ReviewCase]:
    """Opens a case for each item, in a constant number of queries; the caller holds the contents' row locks.

    A queue that does not exist (a policy may name any) becomes ``general``. An open case of an older version of the
    same content is cancelled.
    """
    if not items:
        return []
    cancel_cases(content_ids=[item.content.pk for item in items])
    queues = _queues_by_slug({item.queue_slug for item in items})
    now = timezone.now()
    cases = [_case(item, queues.get(item.queue_slug) or queues[GENERAL], now) for item in items]
    return ReviewCase.objects.bulk_create(cases)


def _queues_by_slug(slugs: set[str]) -> dict[str, ReviewQueue]:
    queues = {queue.slug: queue for queue in ReviewQueue.objects.filter(slug__in=slugs | {GENERAL})}
    if GENERAL not in queues and slugs - queues.keys():
        queues[GENERAL], _ = ReviewQueue.objects.get_or_create(slug=GENERAL, defaults={"name": "General"})
    return queues


def _case(item: NewCase, queue: ReviewQueue, now: datetime) -> ReviewCase:
    return ReviewCase(
        client_id=item.content.client_id,
        content=item.content,
        content_version=item.content_version,
        result=item.result,
        queue=queue,
        source=item.source,
        priority=item.priority,
        opened_at=now,
        due_at=now + timedelta(minutes=queue.due_minutes),
    )


@transaction.atomic
def cancel_cases(*, content_ids: Sequence[UUID]) -> int:
    """Cancels the open cases of contents that were edited or erased; answers how many. Whoever held one is refused."""
    open_ones = ReviewCase.objects.filter(content__in=content_ids, status=CaseStatus.OPEN)
    return open_ones.update(status=CaseStatus.CANCELLED, **NO_CLAIM)
