"""Step 6, how long people wait: what is open, how old it is, what is past its time, and what of it is free for whom.

Every number is counted when it is asked for: a counter kept beside the cases would drift. The index review_case_due
holds all that is counted of the many cases at once; those that somebody holds, waits for or skipped are few, and have
an index of their own. Cases that measure people are no work that waits, and are not counted: but to whom one is given
it is a case like any other, in every number and every list.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from moderation.enums import QUALITY_SOURCES, CaseStatus
from moderation.models import ReviewCase, ReviewQueue
from moderation.models.review import SET_APART, ReviewCaseQuerySet
from moderation.review.access import queues_of
from moderation.review.available import free_for, levels_of, not_excluded
from moderation.review.blindness import measuring_now


@dataclass(frozen=True, slots=True)
class QueueLoad:
    """One queue as it stands: ``waiting`` counts the open cases that nobody holds, ``overdue`` those past due.

    ``free`` are those that the moderator who asks may be given now; None where nobody asks. ``escalated`` are of the
    second level; ``on_hold`` wait for the time itself.
    """

    queue: ReviewQueue
    open: int
    waiting: int
    overdue: int
    oldest_at: datetime | None
    free: int | None = None
    escalated: int = 0
    on_hold: int = 0

    @property
    def held(self) -> int:
        """The open cases that moderators hold now."""
        return self.open - self.waiting


def queue_loads(*, moderator: User, now: datetime | None = None) -> list[QueueLoad]:
    """The load of every queue in which the moderator may work, and what is free there for this person.

    A constant number of queries, whatever the number of queues and cases; empty queues are included. Free are all that
    are of a level and about categories that the person takes, but for those set apart; and of those, which are few,
    the ones that may be given to them all the same.
    """
    return _loads_for(moderator, list(queues_of(moderator).order_by("name", "slug")), now or timezone.now())


def queue_load(*, moderator: User, queue: ReviewQueue, now: datetime | None = None) -> QueueLoad:
    """The load of one queue, as ``queue_loads`` says it."""
    return _loads_for(moderator, [queue], now or timezone.now())[0]


def _loads_for(moderator: User, queues: list[ReviewQueue], now: datetime) -> list[QueueLoad]:
    takes = Q(level__in=levels_of(moderator)) & not_excluded(moderator, now)
    of_queues = Q(queue__in=[queue.pk for queue in queues])
    cases = ReviewCase.objects.filter(of_queues)
    measuring = measuring_now(moderator).filter(of_queues)
    many = {"takeable": Count("pk", filter=takes)}
    few = {"apart": Count("pk", filter=takes), "free": Count("pk", filter=free_for(moderator=moderator, now=now))}
    return _loads(queues, cases, now, many, few, measuring)


def client_loads(*, client_id: int, now: datetime | None = None) -> list[QueueLoad]:
    """What waits of one client's contents in every queue, in three queries; empty queues included."""
    queues = list(ReviewQueue.objects.order_by("name", "slug"))
    return _loads(queues, ReviewCase.objects.filter(client=client_id), now or timezone.now(), {}, {})


def waiting_cases(cases: ReviewCaseQuerySet) -> ReviewCaseQuerySet:
    """Those that wait for a person, in the words of the index that counts them."""
    return cases.filter(status=CaseStatus.OPEN).ordinary()


def cases_waiting_for(moderator: User, cases: ReviewCaseQuerySet) -> ReviewCaseQuerySet:
    """As ``waiting_cases``, with the one that measures this moderator now: it looks like the others."""
    own = list(measuring_now(moderator).values_list("pk", flat=True))
    if not own:
        return waiting_cases(cases)
    return cases.filter(~Q(source__in=QUALITY_SOURCES) | Q(pk__in=own), status=CaseStatus.OPEN)


def _loads(
    queues: list[ReviewQueue],
    cases: ReviewCaseQuerySet,
    now: datetime,
    many: Mapping[str, Any],
    few: Mapping[str, Any],
    measuring: QuerySet[ReviewCase] | None = None,
) -> list[QueueLoad]:
    """``many`` is counted too of all cases, ``few`` of those set apart; both of ``measuring`` too."""
    waiting = waiting_cases(cases)
    of_all = {
        "open": Count("pk"),
        "overdue": Count("pk", filter=Q(due_at__lt=now)),
        "escalated": Count("pk", filter=Q(level=2)),
        "oldest_at": Min("opened_at"),
        **many,
    }
    of_few = {
        "held": Count("pk", filter=Q(lease_expires_at__gt=now)),
        "on_hold": Count("pk", filter=Q(on_hold_until__gt=now)),
        **few,
    }
    counts, apart = _by_queue(waiting, **of_all), _by_queue(waiting.filter(SET_APART), **of_few)
    more = {} if measuring is None else _by_queue(measuring, **of_all, **of_few)
    rows = ({**counts.get(queue.pk, {}), **apart.get(queue.pk, {})} for queue in queues)
    return [
        _load(queue, _together(row, more.get(queue.pk)), bool(many)) for queue, row in zip(queues, rows, strict=True)
    ]


def _together(row: dict[str, Any], more: dict[str, Any] | None) -> dict[str, Any]:
    """The sums of two counts of one queue, and the older of their oldest."""
    if more is None:
        return row
    oldest = min(moment for moment in (row.get("oldest_at"), more["oldest_at"]) if moment is not None)
    numbers = {name: row.get(name, 0) + more[name] for name in more if name not in ("queue_id", "oldest_at")}
    return {**numbers, "oldest_at": oldest}


def _by_queue(cases: QuerySet[ReviewCase], **numbers: Any) -> dict[int, dict[str, Any]]:
    rows = cases.order_by().values("queue_id").annotate(**numbers)
    return {row["queue_id"]: dict(row) for row in rows}


def _load(queue: ReviewQueue, row: Mapping[str, Any], has_free: bool) -> QueueLoad:
    of = {name: row.get(name, 0) for name in ("open", "held", "overdue", "escalated", "on_hold")}
    takeable, apart, free = row.get("takeable", 0), row.get("apart", 0), row.get("free", 0)
    return QueueLoad(
        queue=queue,
        open=of["open"],
        # The two counts are made one after the other: a case may have been decided in between.
        waiting=max(0, of["open"] - of["held"]),
        overdue=of["overdue"],
        oldest_at=row.get("oldest_at"),
        free=max(0, takeable - apart + free) if has_free else None,
        escalated=of["escalated"],
        on_hold=of["on_hold"],
    )
