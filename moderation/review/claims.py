"""Step 6, who has a case: it is claimed, renewed, released and skipped under a lease.

Every claim has a new token. Whoever acts on a case names the token, so that a page left open after its claim has ended
can change nothing, however long it sleeps.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Func, OuterRef, Q, QuerySet, Subquery, Value
from django.utils import timezone

from moderation.audit import record_audit
from moderation.enums import CaseStatus
from moderation.models import ReviewCase, ReviewQueue
from moderation.review.access import queues_of, require_moderator, require_queue, require_release
from moderation.review.queue import NO_CLAIM
from moderation.review.stale import StaleDecision, StaleReason, find_fault
from reviewengine import conf

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

    A case that the moderator holds already comes first, from whatever queue. Then the first by rank: by priority and
    by the time that a case has waited. Skipped cases return only when nothing else is left, and then they all come
    round again.
    With ``client_id`` only the cases of that client's contents count, the held one included.
    Raises PermissionDenied for whoever may not decide cases.
    """
    now = now or timezone.now()
    require_moderator(moderator)
    # Two tabs that ask at the same moment must not be given two cases.
    User.objects.select_for_update(no_key=True).get(pk=moderator.pk)
    queues = queues_of(moderator)
    cases = ReviewCase.objects.filter(status=CaseStatus.OPEN)
    if client_id is not None:
        cases = cases.filter(client=client_id)
    held = cases.filter(claimed_by=moderator, lease_expires_at__gt=now, queue__in=queues)
    if own := held.order_by("claimed_at").select_for_update(of=("self",)).first():
        return _grant(own, moderator, now)
    if queue is not None:
        queues = queues.filter(pk=queue.pk)
    free = cases.filter(Q(lease_expires_at=None) | Q(lease_expires_at__lte=now))
    unseen = free.exclude(skipped_by__contains=[moderator.pk])
    return _claim_from(queues, unseen, moderator, now) or _claim_skipped(queues, free, moderator, now)


def _claim_from(
    queues: QuerySet[ReviewQueue], cases: QuerySet[ReviewCase], moderator: User, now: datetime
) -> ReviewCase | None:
    """Queue by queue, the one with the most urgent case first: each is read in the order of its index, never sorted."""
    head = cases.filter(queue=OuterRef("pk")).order_by(*NEXT_FIRST)
    heads = queues.annotate(head_rank=Subquery(head.values("rank")[:1])).exclude(head_rank=None)
    for queue in heads.order_by("head_rank", "slug"):
        waiting = cases.filter(queue=queue).order_by(*NEXT_FIRST)
        case = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if case is not None:
            case.queue = queue
            return _grant(case, moderator, now)
    return None


def _claim_skipped(
    queues: QuerySet[ReviewQueue], free: QuerySet[ReviewCase], moderator: User, now: datetime
) -> ReviewCase | None:
    """Forgets what the moderator skipped, so that those cases come round in order and none of them twice in a row."""
    skipped = free.filter(queue__in=queues, skipped_by__contains=[moderator.pk])
    ids = list(skipped.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    if not ids:
        return None
    forget = Func(F("skipped_by"), Value(moderator.pk), function="array_remove")
    ReviewCase.objects.filter(pk__in=ids).update(skipped_by=forget)
    return _claim_from(queues, free, moderator, now)


def _grant(case: ReviewCase, moderator: User, now: datetime) -> ReviewCase:
    """Writes a claim under a new token; the caller holds the row's lock."""
    case.claimed_by, case.claimed_at = moderator, now
    case.lease_token, case.lease_expires_at = uuid4(), _lease_end(now)
    case.save(update_fields=["claimed_by", "claimed_at", "lease_token", "lease_expires_at"])
    return case


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=conf.load().review.lease_seconds)


@transaction.atomic
def claim_case(*, case_id: UUID, moderator: User, now: datetime | None = None) -> ReviewCase:
    """Claims this very case, if it is free or already the moderator's.

    Raises ReviewCase.DoesNotExist, PermissionDenied, or StaleDecision when it is closed or somebody else holds it.
    """
    now = now or timezone.now()
    case = ReviewCase.objects.select_for_update(of=("self",)).select_related("queue", "claimed_by").get(pk=case_id)
    require_queue(moderator=moderator, queue_id=case.queue_id)
    if case.status != CaseStatus.OPEN:
        raise _refusal(case, moderator, uuid4())
    if case.claimed_by_id not in (None, moderator.pk) and case.lease_expires_at and case.lease_expires_at > now:
        raise StaleDecision(StaleReason.CLAIMED, f"{case.claimed_by} holds this case now.")
    return _grant(case, moderator, now)


@transaction.atomic
def renew_claim(*, case_id: UUID, moderator: User, lease_token: UUID, now: datetime | None = None) -> datetime:
    """Prolongs a claim, also one that has run out if nobody else took the case; answers when it ends now.

    Raises StaleDecision when the claim is lost or the case is closed.
    """
    ends_at = _lease_end(now or timezone.now())
    if not _held(case_id, moderator, lease_token).update(lease_expires_at=ends_at):
        raise _refusal(_read(case_id), moderator, lease_token)
    return ends_at


@transaction.atomic
def release_case(*, case_id: UUID, moderator: User, lease_token: UUID) -> bool:
    """Gives a case back to its queue; False when it was not held under this token any more."""
    return bool(_held(case_id, moderator, lease_token).update(**NO_CLAIM))


@transaction.atomic
def skip_case(*, case_id: UUID, moderator: User, lease_token: UUID) -> None:
    """Gives a case back and keeps it from this moderator while there is anything else for him.

    Raises StaleDecision when the claim is lost or the case is closed.
    """
    without = Func(F("skipped_by"), Value(moderator.pk), function="array_remove")
    skipped_by = Func(without, Value(moderator.pk), function="array_append")
    if not _held(case_id, moderator, lease_token).update(skipped_by=skipped_by, **NO_CLAIM):
        raise _refusal(_read(case_id), moderator, lease_token)


@transaction.atomic
def release_claims(*, case_ids: Sequence[UUID], lead: User) -> int:
    """Frees cases that others hold, whoever they are; answers how many were held. Raises PermissionDenied."""
    require_release(lead)
    held = ReviewCase.objects.filter(pk__in=case_ids, status=CaseStatus.OPEN, claimed_by__isnull=False)
    # A case that is being decided at this very moment is left alone: waiting for many rows at once could deadlock.
    cases = list(held.select_for_update(of=("self",), skip_locked=True))
    for case in cases:
        record_audit(
            action="case.released",
            actor=f"user:{lead.get_username()}",
            subject_type="case",
            subject_id=case.pk,
            data={"held_by": case.claimed_by_id},
        )
    return ReviewCase.objects.filter(pk__in=[case.pk for case in cases]).update(**NO_CLAIM)


def _held(case_id: UUID, moderator: User, lease_token: UUID) -> QuerySet[ReviewCase]:
    return ReviewCase.objects.filter(pk=case_id, status=CaseStatus.OPEN, claimed_by=moderator, lease_token=lease_token)


def _read(case_id: UUID) -> ReviewCase:
    return ReviewCase.objects.select_related("content", "claimed_by", "decision__moderator").get(pk=case_id)


def _refusal(case: ReviewCase, moderator: User, lease_token: UUID) -> StaleDecision:
    fault = find_fault(
        case=case,
        content=case.content,
        moderator=moderator,
        lease_token=lease_token,
        content_version=case.content_version,
    )
    # Nothing speaks against it any more: the row changed between the two reads, and changed back.
    return fault or StaleDecision(StaleReason.CLAIM_LOST, "Your claim on this case has ended. Claim it again.")
