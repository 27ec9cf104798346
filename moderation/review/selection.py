"""Step 6, many cases at once: which open cases are meant, which of them a person may decide in bulk, and why not."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.enums import QUALITY_SOURCES, CaseStatus, Outcome
from moderation.models import ContentFingerprint, ReviewCase
from moderation.near_duplicates.queries import window
from moderation.review.access import queues_of
from moderation.review.available import NEXT_FIRST, levels_of, not_excluded
from reviewengine import conf

SAMPLE = 10
MOST_ALIKE = 10_000


@dataclass(frozen=True, slots=True)
class Selection:
    """Open cases that have all of this in common; what is None or empty does not narrow.

    ``queue`` is a slug, ``rule`` that of the result, ``author`` and ``client`` ids of ours, ``min_hours`` how long they
    have waited at least; ``alike`` is a content: those that are nearly the same as it, itself included.
    """

    queue: str = ""
    category: str = ""
    rule: str = ""
    author: int | None = None
    client: int | None = None
    min_hours: int | None = None
    alike: UUID | None = None

    @property
    def is_empty(self) -> bool:
        return not self.as_json()

    def as_json(self) -> dict[str, Any]:
        """As BulkRun keeps it."""
        return {name: str(value) if name == "alike" else value for name, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many cases of a selection are not decided in bulk, and why."""

    why: str | Promise
    number: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a bulk decision would do: ``number`` cases, ``sample`` of them, and what it leaves out.

    ``matching`` is all that the selection names; ``most`` how many one run decides, the most urgent first.
    """

    number: int
    matching: int
    most: int
    sample: list[ReviewCase]
    left_out: list[LeftOut]


def select(selection: Selection, *, moderator: User, now: datetime) -> QuerySet[ReviewCase]:
    """The open cases of the selection in the moderator's queues."""
    cases = ReviewCase.objects.filter(status=CaseStatus.OPEN, queue__in=queues_of(moderator))
    return cases.filter(_condition(selection, now))


def _condition(selection: Selection, now: datetime) -> Q:
    wanted = Q()
    if selection.queue:
        wanted &= Q(queue__slug=selection.queue)
    if selection.category:
        wanted &= Q(categories__contains=[selection.category])
    if selection.rule:
        wanted &= Q(result__rule=selection.rule)
    if selection.author is not None:
        wanted &= Q(content__author=selection.author)
    if selection.client is not None:
        wanted &= Q(client=selection.client)
    if selection.min_hours:
        wanted &= Q(opened_at__lte=now - timedelta(hours=selection.min_hours))
    if selection.alike is not None:
        wanted &= Q(content__in=_alike(selection.alike))
    return wanted


def _alike(content_id: UUID) -> list[UUID]:
    """The contents of the cluster within the window around this one, the newest first, and this one."""
    own = ContentFingerprint.objects.filter(content=content_id).first()
    if own is None:
        return [content_id]
    around = (own.submitted_at - window(), own.submitted_at + window())
    others = ContentFingerprint.objects.filter(cluster=own.cluster, submitted_at__range=around)
    return [content_id, *others.order_by("-submitted_at").values_list("content", flat=True)[:MOST_ALIKE]]


def obstacles(*, moderator: User, outcome: Outcome, now: datetime) -> Iterator[tuple[str | Promise, Q]]:
    """Why a case is not decided in bulk by this person, each as words and a condition; the first that fits is told."""
    yield _("not for bulk decisions"), Q(source__in=QUALITY_SOURCES)
    yield _("escalated: a senior moderator decides them"), ~Q(level__in=levels_of(moderator))
    yield (
        _("somebody else has them open now"),
        Q(claimed_by__isnull=False, lease_expires_at__gt=now) & ~Q(claimed_by=moderator),
    )
    yield _("on hold"), Q(on_hold_until__gt=now)
    yield _("handed to somebody else"), Q(assigned_until__gt=now) & ~Q(assigned_to=moderator)
    if taken := not_excluded(moderator, now):
        yield _("about what you do not take"), ~taken
    reach = conf.load().review.second_person_reach
    if outcome == Outcome.REJECT and reach:
        yield _("the author reaches many people: a second person has to look"), Q(content__author__reach__gte=reach)


def fitting(selection: Selection, *, moderator: User, outcome: Outcome, now: datetime) -> QuerySet[ReviewCase]:
    """What of the selection can be decided, the most urgent first."""
    cases = select(selection, moderator=moderator, now=now)
    for _why, condition in obstacles(moderator=moderator, outcome=outcome, now=now):
        cases = cases.filter(~condition)
    return cases.order_by(*NEXT_FIRST)


def preview(selection: Selection, *, moderator: User, outcome: Outcome, now: datetime) -> Preview:
    """What would be decided; nothing is changed. Four queries."""
    most = conf.load().review.max_bulk_cases
    cases = select(selection, moderator=moderator, now=now)
    reasons = list(obstacles(moderator=moderator, outcome=outcome, now=now))
    counts = cases.aggregate(matching=Count("pk"), **_counted(reasons))
    fits = fitting(selection, moderator=moderator, outcome=outcome, now=now)
    rows = fits.select_related("content__author", "queue", "result").defer("content__metadata")
    found = counts["matching"] - sum(counts[f"reason_{at}"] for at in range(len(reasons)))
    left_out = [LeftOut(why, counts[f"reason_{at}"]) for at, (why, _condition) in enumerate(reasons)]
    return Preview(
        number=min(found, most),
        matching=counts["matching"],
        most=most,
        sample=list(rows[:SAMPLE]),
        left_out=[one for one in left_out if one.number],
    )


def _counted(reasons: list[tuple[str | Promise, Q]]) -> dict[str, Count]:
    """One count a reason, of the cases that no earlier reason names."""
    counted, earlier = {}, Q()
    for at, (_why, condition) in enumerate(reasons):
        counted[f"reason_{at}"] = Count("pk", filter=earlier & condition)
        earlier &= ~condition
    return counted
