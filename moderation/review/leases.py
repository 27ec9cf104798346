"""Step 6, what is done under a claim: it is renewed or given up, a case is skipped; a lead frees what others hold."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, Func, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.audit import record_audit, user_actor
from moderation.enums import CaseStatus, SubjectType
from moderation.models import ReviewCase, ReviewQueue
from moderation.review.access import require_level, require_queue, require_release
from moderation.review.available import skipped_for
from moderation.review.doors import case_behind, require_may_act
from moderation.review.losses import holder_of, note_loss
from moderation.review.queue import NO_CLAIM
from moderation.review.stale import StaleDecision, StaleReason, find_fault
from reviewengine import conf

NO_ASSIGNMENT: dict[str, Any] = {
    "assigned_to": None,
    "assigned_by": None,
    "assigned_until": None,
    "on_hold_until": None,
    "assignment_note": "",
}


def lease_end(now: datetime) -> datetime:
    """When a claim that is made or renewed at ``now`` runs out."""
    return now + timedelta(seconds=conf.load().review.lease_seconds)


def new_claim(moderator: User, now: datetime) -> dict[str, Any]:
    """The columns of a case that say: theirs from now on, under a token of its own."""
    return {"claimed_by": moderator, "claimed_at": now, "lease_token": uuid4(), "lease_expires_at": lease_end(now)}


@transaction.atomic
def renew_claim(*, case_id: UUID, moderator: User, lease_token: UUID, now: datetime | None = None) -> datetime:
    """Prolongs a claim, also one that has run out if nobody else took the case; answers when it ends now.

    Raises PermissionDenied, and StaleDecision when the claim is lost or the case is closed.
    """
    ends_at = lease_end(now or timezone.now())
    if not held_under(case_id, moderator, lease_token).update(lease_expires_at=ends_at):
        raise _refusal_to(case_id, moderator, lease_token)
    return ends_at


@transaction.atomic
def release_case(*, case_id: UUID, moderator: User, lease_token: UUID) -> bool:
    """Gives a claim up; False when the case was not held under this token any more.

    What the moderator holds or was handed stays theirs until its time is up: see ``take_back_assignment``. Raises
    PermissionDenied for a case that was not theirs and is none of theirs to decide.
    """
    if held_under(case_id, moderator, lease_token).update(**NO_CLAIM):
        return True
    require_may_act(moderator=moderator, case=case_behind(case_id))
    return False


@transaction.atomic
def skip_case(*, case_id: UUID, moderator: User, lease_token: UUID) -> None:
    """Gives a case to others. It does not come back to this moderator before they ask for it: see ``look_again``.

    Raises StaleDecision when the claim is lost or the case is closed.
    """
    case = lock_held(case_id, moderator, lease_token)
    case.skipped_by = [*(pk for pk in case.skipped_by if pk != moderator.pk), moderator.pk]
    # A case that measures quality is for one person alone: it waits until they look at what they skipped.
    given_up = {**NO_CLAIM} if case.is_quality else {**NO_CLAIM, **NO_ASSIGNMENT}
    write(case, skipped_by=case.skipped_by, **given_up)
    record_act("case.skipped", case, moderator)


@transaction.atomic
def look_again(
    *,
    moderator: User,
    queue: ReviewQueue | None = None,
    client_id: int | None = None,
    now: datetime | None = None,
) -> int:
    """Forgets what the moderator skipped and could have now, of one queue or of all; answers how many cases."""
    cases = ReviewCase.objects.filter(skipped_for(moderator=moderator, now=now or timezone.now()))
    if queue is not None:
        cases = cases.filter(queue=queue)
    if client_id is not None:
        cases = cases.filter(client=client_id)
    # Whoever is at one of them at this moment need not be waited for, nor could wait for us.
    ids = list(cases.select_for_update(skip_locked=True, of=("self",)).values_list("pk", flat=True))
    forget = Func(F("skipped_by"), Value(moderator.pk), function="array_remove")
    return ReviewCase.objects.filter(pk__in=ids).update(skipped_by=forget)


@transaction.atomic
def release_claims(*, case_ids: Sequence[UUID], lead: User) -> int:
    """Frees cases that others hold, whoever they are; answers how many were held. Raises PermissionDenied."""
    require_release(lead)
    held = ReviewCase.objects.filter(pk__in=case_ids, status=CaseStatus.OPEN, claimed_by__isnull=False)
    # A case that is being decided at this very moment is left alone: waiting for many rows at once could deadlock.
    cases = list(held.select_for_update(of=("self",), skip_locked=True))
    for case in cases:
        note_loss(case=case, holder=holder_of(case, timezone.now()), lead=lead)
        record_act("case.released", case, lead, held_by=case.claimed_by_id)
    return ReviewCase.objects.filter(pk__in=[case.pk for case in cases]).update(**NO_CLAIM)


def held_under(case_id: UUID, moderator: User, lease_token: UUID) -> QuerySet[ReviewCase]:
    """The open case, while the moderator has it under this very token."""
    return ReviewCase.objects.filter(pk=case_id, status=CaseStatus.OPEN, claimed_by=moderator, lease_token=lease_token)


def lock_held(case_id: UUID, moderator: User, lease_token: UUID) -> ReviewCase:
    """The locked row of the case that the moderator has under this token. Raises PermissionDenied, StaleDecision."""
    case = held_under(case_id, moderator, lease_token).select_for_update(of=("self",)).first()
    if case is None:
        raise _refusal_to(case_id, moderator, lease_token)
    require_queue(moderator=moderator, queue_id=case.queue_id)
    require_level(moderator=moderator, level=case.level)
    return case


def _refusal_to(case_id: UUID, moderator: User, lease_token: UUID) -> StaleDecision:
    """Why the claim does not count, told to nobody who may not know of the case. Raises PermissionDenied."""
    case = read_case(case_id)
    require_may_act(moderator=moderator, case=case)
    return refusal(case, moderator, lease_token)


def write(case: ReviewCase, **changes: Any) -> None:
    """Writes these columns of a locked row, and nothing else."""
    for name, value in changes.items():
        setattr(case, name, value)
    case.save(update_fields=list(changes))


def record_act(action: str, case: ReviewCase, person: User, **facts: Any) -> None:
    """The audit entry of an act on a case."""
    actor, data = user_actor(person), {"content": str(case.content_id), **facts}
    record_audit(action=action, actor=actor, subject_type=SubjectType.CASE, subject_id=case.pk, data=data)


def read_case(case_id: UUID) -> ReviewCase:
    """A case with what a refusal tells of it. Raises ReviewCase.DoesNotExist."""
    cases = ReviewCase.objects.select_related("content", "claimed_by", "assigned_to", "decision__moderator")
    return cases.get(pk=case_id)


def refusal(case: ReviewCase, moderator: User, lease_token: UUID | None = None) -> StaleDecision:
    """Why the moderator cannot act on a case: without a token, why they cannot claim it."""
    fault = find_fault(
        case=case,
        content=case.content,
        moderator=moderator,
        lease_token=lease_token or uuid4(),
        content_version=case.content_version,
    )
    # Nothing speaks against it any more: the row changed between the two reads, and changed back.
    return fault or StaleDecision(StaleReason.CLAIM_LOST, _("Your claim on this case has ended. Claim it again."))
