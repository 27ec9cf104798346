"""Step 6, as it goes now: what a lead sees of the queues, of the people in them, and of the cases in their hands.

Reads only; the number of queries does not depend on how many queues, people or cases there are. Cases that measure
people, and what is said of them, are no work that came in, waits or is done: no figure here gives them away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet

from moderation.enums import CaseStatus, DecisionSource
from moderation.models import Decision, QualityReview, ReviewCase, ReviewQueue, WorkSpell
from moderation.models.ids import first_id_at
from moderation.review.access import DECIDE, people_with, queues_of
from moderation.review.care import start_of_day
from moderation.review.sla import QueueLoad, queue_loads, waiting_cases
from reviewengine import conf

ONLINE = timedelta(minutes=5)
HOUR = timedelta(hours=1)
# What is heavy on a case's content is not read for a list.
HEAVY = ("content__text", "content__metadata", "content__url")


@dataclass(frozen=True, slots=True)
class LiveQueue:
    """A queue now: its load, what is due before long, and what came in and was decided in the last hour."""

    load: QueueLoad
    due_soon: int
    opened: int
    decided: int


@dataclass(frozen=True, slots=True)
class PersonAtWork:
    """A moderator now. ``seen_at``: the last sign of life. A break shows as any other silence: nobody is told of it."""

    person: User
    online: bool
    seen_at: datetime | None
    held: int
    assigned: int
    decided_today: int
    decided_last_hour: int

    @property
    def is_here(self) -> bool:
        """Whether there is anything to say of them today."""
        return bool(self.online or self.held or self.assigned or self.decided_today)


@dataclass(frozen=True, slots=True)
class CaseInHand:
    """A case that a person holds, or that waits for a person. ``since``: when they got it; None: not known."""

    case: ReviewCase
    person: User
    is_claimed: bool
    since: datetime | None


def live_queues(*, lead: User, now: datetime) -> list[LiveQueue]:
    """Every queue in which the lead may work, as it stands at ``now``; empty ones included."""
    loads = queue_loads(moderator=lead, now=now)
    soon = now + timedelta(hours=conf.load().review.due_soon_hours)
    due = _by_queue(waiting_cases(ReviewCase.objects.filter(due_at__gte=now, due_at__lte=soon)), "queue")
    # An id tells when its row was made, so that an hour is found without an index of its own.
    made = ReviewCase.objects.ordinary().filter(pk__gte=first_id_at(now - HOUR), opened_at__gte=now - HOUR)
    opened = _by_queue(made, "queue")
    decided = _by_queue(work_done(since=now - HOUR, queues=queues_of(lead)), "case__queue")
    return [
        LiveQueue(load, due.get(load.queue.pk, 0), opened.get(load.queue.pk, 0), decided.get(load.queue.pk, 0))
        for load in loads
    ]


def work_done(*, since: datetime, queues: QuerySet[ReviewQueue]) -> QuerySet[Decision]:
    """What people decided of the cases of these queues since then and what still stands: nothing that was undone."""
    made = Decision.objects.standing().filter(source=DecisionSource.MODERATOR, created_at__gte=since)
    return made.filter(case__queue__in=queues)


def answered_by(person: User, *, since: datetime) -> int:
    """How many cases the person has decided since then, as they know it themselves.

    Cases that measure them count as any other: a figure that stood still would tell which those are.
    """
    decided = Decision.objects.standing().filter(moderator=person, created_at__gte=since)
    return decided.count() + QualityReview.objects.filter(moderator=person, created_at__gte=since).count()


def _by_queue(rows: QuerySet, queue: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(queue).annotate(Count("pk")))


def cases_in_hand(*, lead: User, now: datetime, most: int) -> list[CaseInHand]:
    """The cases that people hold or that wait for a person, the longest held first, at most ``most``.

    Those that measure quality are left out: they are made for one person, and go to nobody else.
    """
    held = Q(lease_expires_at__gt=now)
    assigned = Q(assigned_to__isnull=False, assigned_until__gt=now)
    cases = (
        ReviewCase.objects.ordinary()
        .filter(held | assigned, status=CaseStatus.OPEN, queue__in=queues_of(lead))
        .select_related("content", "queue", "claimed_by", "assigned_to")
        .defer(*HEAVY)
        .order_by("claimed_at", "id")
    )
    return [_in_hand(case, now) for case in cases[:most]]


def _in_hand(case: ReviewCase, now: datetime) -> CaseInHand:
    claimed = case.lease_expires_at is not None and case.lease_expires_at > now
    person = case.claimed_by if claimed else case.assigned_to
    assert person is not None  # the query asks for one of both, and the constraints keep them whole
    return CaseInHand(case, person, claimed, case.claimed_at if claimed else None)


def people_at_work(*, lead: User, now: datetime) -> list[PersonAtWork]:
    """Everybody who may decide cases or decided some today, those who are online first.

    What they decided is counted as in ``live_queues``: in the queues of the lead.
    """
    decided = _decided(lead, now)
    claimed = Q(lease_expires_at__gt=now)
    held = _open_by("claimed_by", claimed)
    at_a_case = set(ReviewCase.objects.filter(claimed, status=CaseStatus.OPEN).values_list("claimed_by", flat=True))
    assigned = _open_by("assigned_to", Q(assigned_until__gt=now))
    spells = {spell.moderator_id: spell for spell in WorkSpell.objects.all()}
    found = [
        PersonAtWork(
            person=person,
            online=person.pk in at_a_case or _was_here(spells.get(person.pk), now),
            seen_at=spells[person.pk].seen_at if person.pk in spells else None,
            held=held.get(person.pk, 0),
            assigned=assigned.get(person.pk, 0),
            decided_today=decided.get(person.pk, (0, 0))[0],
            decided_last_hour=decided.get(person.pk, (0, 0))[1],
        )
        for person in User.objects.filter(Q(pk__in=people_with(DECIDE).values("pk")) | Q(pk__in=decided))
    ]
    return sorted(found, key=lambda one: (not one.online, one.person.username))


def _was_here(spell: WorkSpell | None, now: datetime) -> bool:
    return spell is not None and spell.seen_at > now - ONLINE


def _decided(lead: User, now: datetime) -> Mapping[int, tuple[int, int]]:
    """Person to the number of decisions since the day began, and in the last hour."""
    midnight = start_of_day(now)
    since = min(midnight, now - HOUR)
    rows = (
        work_done(since=since, queues=queues_of(lead))
        .order_by()
        .values("moderator")
        .annotate(
            today=Count("pk", filter=Q(created_at__gte=midnight)),
            hour=Count("pk", filter=Q(created_at__gte=now - HOUR)),
        )
        .values_list("moderator", "today", "hour")
    )
    return {person: (today, hour) for person, today, hour in rows}


def _open_by(person: str, which: Q) -> dict[int, int]:
    cases = waiting_cases(ReviewCase.objects.filter(which, **{f"{person}__isnull": False}))
    return dict(cases.order_by().values_list(person).annotate(Count("pk")))
