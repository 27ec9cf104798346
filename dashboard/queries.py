"""Every aggregate that the dashboard shows; each reads an index and nothing of a content's text."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import TruncHour
from django.utils.translation import gettext_noop as N_

from moderation.enums import UNSETTLED_STATUSES, CaseStatus
from moderation.models import Content, Decision, ReviewCase, ReviewQueue
from moderation.models.review import SET_APART

# How long a case has waited: each band ends where the next begins.
AGE_BANDS = (
    (N_("under 1 h"), timedelta(0), timedelta(hours=1)),
    (N_("1 to 4 h"), timedelta(hours=1), timedelta(hours=4)),
    (N_("4 to 24 h"), timedelta(hours=4), timedelta(hours=24)),
    (N_("over 24 h"), timedelta(hours=24), None),
)
NONE = (0,) * len(AGE_BANDS)


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` to ``end``, the whole hours of it counted from ``start``."""

    start: datetime
    end: datetime

    @classmethod
    def last_day(cls, now: datetime) -> "Period":
        """The hour that runs now and the 23 before it, in UTC."""
        hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return cls(hour - timedelta(hours=23), now)

    def hours(self) -> list[datetime]:
        """The beginning of every hour."""
        count = int((self.end - self.start) / timedelta(hours=1)) + 1
        return [self.start + timedelta(hours=number) for number in range(count)]


@dataclass(frozen=True, slots=True)
class QueueWaiting:
    """The cases of a queue that wait: open, and nobody holds them. One number for each of AGE_BANDS."""

    queue: str
    by_age: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Unprocessed:
    """Contents that no worker has decided yet."""

    count: int
    oldest_at: datetime | None


def received_by_hour(period: Period) -> dict[datetime, int]:
    """Contents received in each hour of the period; index content_created_at."""
    rows = (
        Content.objects.filter(created_at__gte=period.start, created_at__lt=period.end)
        .annotate(hour=TruncHour("created_at", tzinfo=UTC))
        .values_list("hour")
        .annotate(number=Count("*"))
        .order_by()
    )
    found = dict(rows)
    return {hour: found.get(hour, 0) for hour in period.hours()}


def decided_by_hour(period: Period) -> dict[datetime, Counter[tuple[str, str]]]:
    """Decisions in each hour of the period by (source, outcome); index decision_created_at alone."""
    rows = (
        Decision.objects.in_effect()
        .filter(created_at__gte=period.start, created_at__lt=period.end)
        .annotate(hour=TruncHour("created_at", tzinfo=UTC))
        .values_list("hour", "source", "outcome")
        .annotate(number=Count("*"))
        .order_by()
    )
    found: dict[datetime, Counter[tuple[str, str]]] = {hour: Counter() for hour in period.hours()}
    for hour, source, outcome, number in rows:
        found[hour][source, outcome] = number
    return found


def waiting_by_queue_and_age(now: datetime) -> list[QueueWaiting]:
    """Every queue with its open cases that nobody holds, as the desk counts them, by age; three queries.

    All are counted by the index review_case_next; those that are held, which are few, by review_case_set_apart.
    """
    cases = ReviewCase.objects.ordinary().filter(status=CaseStatus.OPEN)
    found, held = _by_age(cases, now), _by_age(cases.filter(SET_APART, lease_expires_at__gt=now), now)
    queues = ReviewQueue.objects.order_by("name").values_list("pk", "name")
    return [QueueWaiting(name, _less(found.get(pk, NONE), held.get(pk, NONE))) for pk, name in queues]


def _by_age(cases: QuerySet[ReviewCase], now: datetime) -> dict[int, tuple[int, ...]]:
    bands = {f"band{number}": Count("pk", filter=_waited(now, *band[1:])) for number, band in enumerate(AGE_BANDS)}
    rows = cases.order_by().values("queue_id").annotate(**bands).values_list("queue_id", *bands)
    return {queue: tuple(numbers) for queue, *numbers in rows}


def _less(numbers: tuple[int, ...], fewer: tuple[int, ...]) -> tuple[int, ...]:
    # The two are counted one after the other: a case may have been claimed in between.
    return tuple(max(0, number - less) for number, less in zip(numbers, fewer, strict=True))


def _waited(now: datetime, at_least: timedelta, less_than: timedelta | None) -> Q:
    younger = Q() if less_than is None else Q(opened_at__gt=now - less_than)
    # A case opened while the page was asked for has waited no time, not a negative one.
    return younger & Q(opened_at__lte=now - at_least) if at_least else younger


def overdue_cases(now: datetime) -> int:
    """Open cases past their due time; index review_case_next finds the open ones."""
    return ReviewCase.objects.ordinary().filter(status=CaseStatus.OPEN, due_at__lt=now).count()


def unprocessed() -> Unprocessed:
    """What waits for a worker or is in its hands; indexes content_waiting and content_leased."""
    totals = [
        Content.objects.filter(status=status).aggregate(number=Count("*"), oldest_at=Min("created_at"))
        for status in UNSETTLED_STATUSES
    ]
    oldest = [total["oldest_at"] for total in totals if total["oldest_at"]]
    return Unprocessed(sum(total["number"] for total in totals), min(oldest, default=None))
