"""Step 6, who gets which case: the next one, or a certain one, is claimed under a lease.

Every claim has a new token. Whoever acts on a case names the token, so that a page left open after its claim has ended
can change nothing, however long it sleeps. What is done under a claim stands in ``leases.py``.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.enums import CaseStatus
from moderation.models import ReviewCase, ReviewQueue
from moderation.review.access import queues_of, require_level, require_moderator, require_queue
from moderation.review.available import NEXT_FIRST, levels_of, open_to, skipped
from moderation.review.capacity import hands_of, held_by, lock_person, require_room
from moderation.review.care import require_may_take
from moderation.review.leases import NO_ASSIGNMENT, new_claim, refusal, write
from moderation.review.offers import measures, offer_case
from moderation.review.stale import StaleDecision, StaleReason, person_name


@transaction.atomic
def claim_next(
    *,
    moderator: User,
    queue: ReviewQueue | None = None,
    client_id: int | None = None,
    now: datetime | None = None,
) -> ReviewCase | None:
    """Claims the case that this moderator should see next, or None when nothing waits.

    A case that the moderator has claimed already comes first, then those that were handed to them or whose hold is
    over, from whatever queue. Then the first by rank: by priority and by the time that a case has waited. What they
    skipped does not come back: see ``look_again``. With ``client_id`` only the cases of that client's contents count.
    Raises PermissionDenied for whoever may not decide cases, and TooManyHeld when they have as many as one may.
    """
    now = now or timezone.now()
    require_moderator(moderator)
    # Two tabs that ask at the same moment must not be given two cases.
    lock_person(moderator)
    queues, cases = queues_of(moderator), ReviewCase.objects.filter(status=CaseStatus.OPEN)
    if client_id is not None:
        cases = cases.filter(client=client_id)
    hands = hands_of(moderator=moderator, now=now)
    if hands.has_claim and (case := _own(cases.filter(pk__in=hands.held, queue__in=queues), moderator, now)):
        return _grant(case, moderator, now)
    require_room(moderator=moderator, held=hands.held)
    free = cases.filter(open_to(moderator=moderator, now=now)).exclude(skipped(moderator))
    if hands.has_assigned and (case := _first(free.filter(assigned_to=moderator, queue__in=queues))):
        return _grant(case, moderator, now)
    lines = _lines(queues if queue is None else queues.filter(pk=queue.pk), free, levels_of(moderator))
    # Never through a key: a platform must not be shown what belongs to another.
    may_offer = client_id is None and any(line.measures for line in lines)
    if may_offer and (case := offer_case(moderator=moderator, queue=queue, now=now)):
        return _grant(case, moderator, now)
    case = _first_free(lines, free)
    return case and _grant(case, moderator, now)


def _own(held: QuerySet[ReviewCase], moderator: User, now: datetime) -> ReviewCase | None:
    """What they claimed first, of the cases that they have."""
    claimed = held.filter(claimed_by=moderator, lease_expires_at__gt=now)
    return claimed.order_by("claimed_at").select_for_update(of=("self",)).first()


@dataclass(frozen=True, slots=True)
class _Line:
    """A queue with the rank of the first case that waits in it, by level; without one, None stands there."""

    queue: ReviewQueue
    heads: dict[int, int | None]
    measures: bool


def _lines(queues: QuerySet[ReviewQueue], free: QuerySet[ReviewCase], levels: tuple[int, ...]) -> list[_Line]:
    """The queues with what waits in them, in one query: each is read in the order of its index, never sorted."""
    names = {level: f"head_{level}" for level in levels}
    ranks = {name: _head_rank(free, level) for level, name in names.items()}
    found = queues.annotate(**ranks, is_measuring=ExpressionWrapper(measures(), output_field=BooleanField()))
    return [_Line(row, {level: getattr(row, name) for level, name in names.items()}, row.is_measuring) for row in found]


def _first_free(lines: list[_Line], free: QuerySet[ReviewCase]) -> ReviewCase | None:
    """Line by line, the one with the most urgent case first."""
    heads = [
        (rank, line.queue.slug, level, line.queue)
        for line in lines
        for level, rank in line.heads.items()
        if rank is not None
    ]
    for _rank, _slug, level, queue in sorted(heads, key=lambda head: head[:3]):
        # Whoever has just been given the head of the line is not waited for.
        if case := _first(free.filter(queue=queue, level=level)):
            case.queue = queue
            return case
    return None


def _head_rank(free: QuerySet[ReviewCase], level: int) -> Subquery:
    line = free.filter(queue=OuterRef("pk"), level=level).order_by(*NEXT_FIRST)
    return Subquery(line.values("rank")[:1])


def _first(cases: QuerySet[ReviewCase]) -> ReviewCase | None:
    return cases.order_by(*NEXT_FIRST).select_for_update(skip_locked=True, of=("self",)).first()


def _grant(case: ReviewCase, moderator: User, now: datetime) -> ReviewCase:
    """Writes a claim under a new token; the caller holds the row's lock."""
    # Whom it waited for did not come in time.
    ended = {} if case.assigned_to_id in (None, moderator.pk) else NO_ASSIGNMENT
    write(case, **new_claim(moderator, now), **ended)
    return case


@transaction.atomic
def claim_case(*, case_id: UUID, moderator: User, now: datetime | None = None) -> ReviewCase:
    """Claims this very case, if it is free or already the moderator's; also one that they skipped or put on hold.

    Raises ReviewCase.DoesNotExist, PermissionDenied, TooManyHeld when the moderator has as many as one may, or
    StaleDecision when the case is closed, somebody else holds it, or it waits for somebody else.
    """
    now = now or timezone.now()
    lock_person(moderator)
    cases = ReviewCase.objects.select_for_update(of=("self",))
    case = cases.select_related("content", "queue", "claimed_by", "assigned_to", "decision__moderator").get(pk=case_id)
    if case.is_quality and case.assigned_to_id != moderator.pk:
        raise ReviewCase.DoesNotExist("There is no such case.")  # it was made for another, or for nobody yet
    require_queue(moderator=moderator, queue_id=case.queue_id)
    require_level(moderator=moderator, level=case.level)
    if case.status != CaseStatus.OPEN:
        raise refusal(case, moderator)
    _require_free(case, moderator, now)
    if case.claimed_by_id != moderator.pk:
        require_may_take(moderator=moderator, categories=case.categories, now=now)
    others = held_by(moderator=moderator, now=now).exclude(pk=case.pk)
    require_room(moderator=moderator, held=others.values_list("pk", flat=True))
    return _grant(case, moderator, now)


def _require_free(case: ReviewCase, moderator: User, now: datetime) -> None:
    others_claim = case.claimed_by_id not in (None, moderator.pk)
    holder = {"person": person_name(case.claimed_by)}
    if others_claim and case.lease_expires_at is not None and case.lease_expires_at > now:
        raise StaleDecision(StaleReason.CLAIMED, _("%(person)s holds this case now.") % holder)
    if case.assigned_to_id in (None, moderator.pk):
        return
    if case.is_quality or (case.assigned_until is not None and case.assigned_until > now):
        message = _("This case waits for %(person)s.") % {"person": person_name(case.assigned_to)}
        raise StaleDecision(StaleReason.ASSIGNED, message)
