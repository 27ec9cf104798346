"""Step 6, how long people wait: what is open, how old it is, and what is past its time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from moderation.enums import CaseStatus
from moderation.models import ReviewCase, ReviewQueue
from moderation.review.access import queues_of


@dataclass(frozen=True, slots=True)
class QueueLoad:
    """One queue as it stands: ``waiting`` counts the open cases that nobody holds, ``overdue`` those past due."""

    queue: ReviewQueue
    open: int
    waiting: int
    overdue: int
    oldest_at: datetime | None

    @property
    def held(self) -> int:
        """The open cases that moderators hold now."""
        return self.open - self.waiting


def queue_loads(*, moderator: User, now: datetime | None = None) -> list[QueueLoad]:
    """The load of every queue in which the moderator may work, in two queries; empty queues included."""
    return _loads(queues_of(moderator), ReviewCase.objects.all(), now)


def client_loads(*, client_id: int, now: datetime | None = None) -> list[QueueLoad]:
    """What waits of one client's contents in every queue, in two queries; empty queues included."""
    return _loads(ReviewQueue.objects.all(), ReviewCase.objects.filter(client=client_id), now)


def _loads(queues: QuerySet[ReviewQueue], cases: QuerySet[ReviewCase], now: datetime | None) -> list[QueueLoad]:
    now = now or timezone.now()
    held = Q(lease_expires_at__gt=now)
    rows = (
        cases.filter(status=CaseStatus.OPEN)
        .values("queue_id")
        .annotate(
            open=Count("pk"),
            held=Count("pk", filter=held),
            overdue=Count("pk", filter=Q(due_at__lt=now)),
            oldest_at=Min("opened_at"),
        )
    )
    found = {row["queue_id"]: row for row in rows.order_by()}
    return [_load(queue, found.get(queue.pk)) for queue in queues.order_by("name", "slug")]


def _load(queue: ReviewQueue, row: Mapping[str, Any] | None) -> QueueLoad:
    if row is None:
        return QueueLoad(queue=queue, open=0, waiting=0, overdue=0, oldest_at=None)
    return QueueLoad(queue, row["open"], row["open"] - row["held"], row["overdue"], row["oldest_at"])
