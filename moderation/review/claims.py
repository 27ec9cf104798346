"""Step 6, who gets which case: the next one, or a certain one, is claimed under a lease.

Every claim has a new token. Whoever acts on a case names the token, so that a page left open after its claim has ended
can change nothing, however long it sleeps. What is done under a claim stands in ``leases.py``.
"""

from datetime import datetime
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.enums import QUALITY_SOURCES, CaseStatus
from moderation.models import ReviewCase, ReviewQueue
from moderation.review.access import queues_of, require_level, require_moderator, require_queue
from moderation.review.available import levels_of, open_to, skipped
from moderation.review.capacity import held_by, lock_person, require_room
from moderation.review.care import require_may_take
from moderation.review.leases import NO_ASSIGNMENT, lease_end, refusal, write
from moderation.review.offers import offer_case
from moderation.review.stale import StaleDecision, StaleReason, person_name

NEXT_FIRST = ("rank", "id")


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
    held = dict(held_by(moderator=moderator, now=now).values_list("pk", "claimed_by"))
    own = cases.filter(pk__in=held, claimed_by=moderator, lease_expires_at__gt=now, queue__in=queues)
    if moderator.pk in held.values() and (case := own.order_by("claimed_at").select_for_update(of=("self",)).first()):
        return _grant(case, moderator, now)
    require_room(moderator=moderator, held=held)
    free = cases.filter(open_to(moderator=moderator, now=now)).exclude(skipped(moderator))
    if case := _first(free.filter(assigned_to=moderator, queue__in=queues)):
        return _grant(case, moderator, now)
    # Never through a key: a platform must not be shown what belongs to another.
    if client_id is None and (case := offer_case(moderator=moderator, queue=queue, now=now)):
        return _grant(case, moderator, now)
    wanted = queues if queue is None else queues.filter(pk=queue.pk)
    case = _first_free(wanted, free, levels_of(moderator))
    return case and _grant(case, moderator, now)


def _first_free(
    queues: QuerySet[ReviewQueue], free: QuerySet[ReviewCase], levels: tuple[int, ...]
) -> ReviewCase | None:
    """Queue by queue, the one with the most urgent case first: each is read in the order of its index, never sorted."""
    heads: list[tuple[int, str, int, ReviewQueue]] = []
    ranks = {f"head_{level}": _head_rank(free, level) for level in levels}
    for queue in queues.annotate(**ranks):
        found = ((getattr(queue, f"head_{level}"), level) for level in levels)
        heads.extend((rank, queue.slug, level, queue) for rank, level in found if rank is not None)
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
    claim = {"claimed_by": moderator, "claimed_at": now, "lease_token": uuid4(), "lease_expires_at": lease_end(now)}
    write(case, **claim, **ended)
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
    if case.source in QUALITY_SOURCES or (case.assigned_until is not None and case.assigned_until > now):
        message = _("This case waits for %(person)s.") % {"person": person_name(case.assigned_to)}
        raise StaleDecision(StaleReason.ASSIGNED, message)
