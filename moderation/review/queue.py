"""Step 6, what waits for a person: cases are opened and cancelled in bulk, by whoever holds the contents' row locks.

Rows are always locked content first, case second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, prefetch_related_objects
from django.utils import timezone

from moderation.enums import QUALITY_SOURCES, UNRESOLVED_STATUSES, CaseSource, CaseStatus
from moderation.models import Content, ModerationResult, ReviewCase, ReviewQueue
from moderation.review.case_facts import Subject
from moderation.review.due import due_at
from moderation.review.hold_ends import lapse
from moderation.review.priority import points, reached_categories, total
from moderation.review.routing import queue_for

NO_CLAIM: dict[str, Any] = {"claimed_by": None, "claimed_at": None, "lease_token": None, "lease_expires_at": None}


@dataclass(frozen=True, slots=True)
class NewCase:
    """A content version that needs a person. ``priority`` is what the policy's rule gives: 0 to 100, higher first.

    ``reporters`` users complain of it, and name ``categories``.
    """

    content: Content
    content_version: int
    result: ModerationResult | None
    queue_slug: str
    priority: int
    source: CaseSource = CaseSource.POLICY
    reporters: int = 0
    categories: tuple[str, ...] = ()


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

    A case goes to the first queue whose routing fits, else to the one that the item names; where that does not exist (a
    policy may name any), to ``general``. An open case of an older version of the same content is cancelled.
    """
    if not items:
        return []
    _cancel([item.content.pk for item in items], ~_STILL_MEASURING)
    prefetch_related_objects([item.content for item in items], "author")
    queues = queue_for(subjects=[_subject(item) for item in items])
    now = timezone.now()
    due = {queue.pk: due_at(queue, now) for queue in queues}
    cases = [_case(item, queue, now, due[queue.pk]) for item, queue in zip(items, queues, strict=True)]
    return ReviewCase.objects.bulk_create(cases)


def _subject(item: NewCase) -> Subject:
    return Subject(item.content, item.result, item.queue_slug, item.priority, item.reporters, item.source)


def _case(item: NewCase, queue: ReviewQueue, now: datetime, due: datetime) -> ReviewCase:
    author = item.content.author
    terms = points(
        severity=item.priority,
        result=item.result,
        reporters=item.reporters,
        reach=author.reach if author else None,
    )
    return ReviewCase(
        client_id=item.content.client_id,
        content=item.content,
        content_version=item.content_version,
        result=item.result,
        queue=queue,
        source=item.source,
        categories=list(dict.fromkeys([*reached_categories(item.result), *item.categories])),
        priority=total(terms),
        priority_terms=terms,
        opened_at=now,
        due_at=due,
    )


@transaction.atomic
def cancel_cases(*, content_ids: Sequence[UUID]) -> int:
    """Cancels the open cases of contents that were edited or erased; answers how many. Whoever held one is refused.

    Decisions about them that did not count yet lapse.
    """
    return _cancel(content_ids, Q())


# What is reported now, or moderated anew, still measures whoever is asked about the same version.
_STILL_MEASURING = Q(source__in=QUALITY_SOURCES, content_version=F("content__version"))


def _cancel(content_ids: Sequence[UUID], which: Q) -> int:
    unresolved = ReviewCase.objects.filter(which, content__in=content_ids, status__in=UNRESOLVED_STATUSES)
    cancelled = unresolved.update(status=CaseStatus.CANCELLED, **NO_CLAIM)
    if cancelled:
        lapse(content_ids=content_ids)
    return cancelled
