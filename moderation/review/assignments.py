"""Step 6, whom a case waits for: it is put on hold, handed over to a person, given back, or assigned by a lead.

A case on hold is its holder's until the time that they set, and nobody else's for a while after it. One that was handed
over waits for that person alone, for ``review.handover_hours``; then it is anybody's again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.enums import CaseSource, CaseStatus
from moderation.models import ModeratorSettings, ReviewCase
from moderation.review.access import DECIDE, DECIDE_ESCALATED, may_decide, people_with, require_release
from moderation.review.capacity import held_by, lock_person, require_room
from moderation.review.care import NotForThem, require_may_take
from moderation.review.leases import NO_ASSIGNMENT, lock_held, record_act, write
from moderation.review.losses import holder_of, note_loss
from moderation.review.queue import NO_CLAIM
from moderation.review.refusals import ActRefused
from moderation.review.stale import person_name
from reviewengine import conf

# So long after the time that they set a held case is still its holder's alone: they may be at another one just then.
FIRST_TO_ITS_HOLDER = timedelta(hours=1)


@transaction.atomic
def hold_case(
    *,
    case_id: UUID,
    moderator: User,
    lease_token: UUID,
    until: datetime,
    reason: str,
    now: datetime | None = None,
) -> ReviewCase:
    """Puts a case that the moderator has on hold, with a reason (up to 500 characters); it comes back to them first.

    Raises StaleDecision when the claim is lost, TooManyHeld, and ActRefused for a time that is past or further away
    than ``review.hold_hours``, or without a reason.
    """
    now = now or timezone.now()
    hours = conf.load().review.hold_hours
    if not now < until <= now + timedelta(hours=hours):
        raise ActRefused(_("A case can be on hold for up to %(hours)s hours from now.") % {"hours": hours})
    if not reason.strip():
        raise ActRefused(_("Say why the case has to wait: those who ask for it are shown the reason."))
    lock_person(moderator)
    case = lock_held(case_id, moderator, lease_token)
    others = held_by(moderator=moderator, now=now).exclude(pk=case.pk)
    require_room(moderator=moderator, held=others.values_list("pk", flat=True))
    write(
        case,
        **NO_CLAIM,
        assigned_to=moderator,
        assigned_by=moderator,
        assigned_until=until + FIRST_TO_ITS_HOLDER,
        on_hold_until=until,
        assignment_note=reason.strip(),
    )
    record_act("case.held", case, moderator, until=until.isoformat())
    return case


@transaction.atomic
def hand_over(
    *,
    case_id: UUID,
    moderator: User,
    lease_token: UUID,
    to: User,
    note: str,
    now: datetime | None = None,
) -> ReviewCase:
    """Gives a case that the moderator has to another person, with a note (up to 500 characters), who sees it first.

    Raises StaleDecision when the claim is lost, and ActRefused when that person cannot take it.
    """
    now = now or timezone.now()
    case = lock_held(case_id, moderator, lease_token)
    if to.pk == moderator.pk:
        raise ActRefused(_("The case is yours already. To keep it for later, put it on hold."))
    _require_may_have(case, to, now)
    if case.is_quality:
        return _pass_quietly(case, moderator, to)
    _assign(case, to=to, by=moderator, note=note, now=now)
    record_act("case.handed_over", case, moderator, to=to.get_username())
    return case


def _pass_quietly(case: ReviewCase, moderator: User, to: User) -> ReviewCase:
    """A case that measures people is passed on like any other, to the eye: a refusal would tell what it is.

    The chosen person may be the one who decided first, or know what was decided. So a double review waits for anybody
    else again, and a golden case, which was made for one person, ends unanswered. The audit says what happened.
    """
    ended = {"status": CaseStatus.CANCELLED} if case.source == CaseSource.GOLDEN else {}
    skipped_by = [*(pk for pk in case.skipped_by if pk != moderator.pk), moderator.pk]
    write(case, **NO_CLAIM, **NO_ASSIGNMENT, **ended, skipped_by=skipped_by)
    record_act("case.passed_back", case, moderator, wanted=to.get_username())
    return case


@transaction.atomic
def reassign(*, case_ids: Sequence[UUID], lead: User, to: User, note: str, now: datetime | None = None) -> int:
    """Gives open cases to a person, whoever has them now; answers how many. Raises PermissionDenied, and ActRefused.

    A case that is being decided at this very moment is left alone, and so is one that measures quality: whoever was
    chosen, a refusal would tell what it is. When the person may not have one of the others, nothing is changed.
    ``note`` (up to 500 characters) is for the person.
    """
    require_release(lead)
    now = now or timezone.now()
    found = ReviewCase.objects.filter(pk__in=case_ids, status=CaseStatus.OPEN)
    cases = list(found.ordinary().select_for_update(of=("self",), skip_locked=True))
    for case in cases:
        _require_may_have(case, to, now)
    for case in cases:
        was = case.claimed_by_id or case.assigned_to_id
        note_loss(case=case, holder=holder_of(case, now), lead=lead, to=to)
        _assign(case, to=to, by=lead, note=note, now=now)
        record_act("case.reassigned", case, lead, to=to.get_username(), **({"held_by": was} if was else {}))
    return len(cases)


@transaction.atomic
def take_back_assignment(*, case_id: UUID, moderator: User, now: datetime | None = None) -> bool:
    """Gives a case that waits for the moderator back to its queue: ends their hold, or declines what they were handed.

    A claim of theirs ends with it. Answers False when it does not wait for them any more, or somebody has it now.
    """
    now = now or timezone.now()
    found = ReviewCase.objects.filter(pk=case_id, status=CaseStatus.OPEN, assigned_to=moderator)
    case = found.select_for_update(of=("self",)).first()
    if case is None or case.is_quality:
        return False
    live = case.lease_expires_at is not None and case.lease_expires_at > now
    if live and case.claimed_by_id != moderator.pk:
        return False
    action = "case.hold_ended" if case.on_hold_until else "case.given_back"
    write(case, **NO_CLAIM, **NO_ASSIGNMENT)
    record_act(action, case, moderator)
    return True


def candidates(*, case: ReviewCase, moderator: User) -> QuerySet[User]:
    """To whom a moderator can give a case: who may decide it, and did not opt out of what it is about; by username."""
    right = DECIDE if case.level == 1 else DECIDE_ESCALATED
    people = people_with(right).exclude(pk=moderator.pk)
    of_queue = Group.objects.filter(review_queues=case.queue_id)
    if of_queue.exists():
        people = people.filter(Q(is_superuser=True) | Q(pk__in=User.objects.filter(groups__in=of_queue)))
    opted_out = ModeratorSettings.objects.filter(opted_out__overlap=case.categories) if case.categories else None
    return people if opted_out is None else people.exclude(moderator_settings__in=opted_out)


def _require_may_have(case: ReviewCase, person: User, now: datetime) -> None:
    """Raises ActRefused in words that tell nobody what another person does not take."""
    at_work = person.is_active and person.is_staff
    if not at_work or not may_decide(moderator=person, case=case):
        raise _refusal(person)
    try:
        require_may_take(moderator=person, categories=case.categories, now=now)
    except NotForThem as error:
        raise _refusal(person) from error


def _refusal(person: User) -> ActRefused:
    return ActRefused(_("%(person)s cannot take this case. Choose somebody else.") % {"person": person_name(person)})


def _assign(case: ReviewCase, *, to: User, by: User, note: str, now: datetime) -> None:
    until = now + timedelta(hours=conf.load().review.handover_hours)
    # Who skipped it is asked by name now.
    skipped_by = [pk for pk in case.skipped_by if pk != to.pk]
    assigned = {"assigned_to": to, "assigned_by": by, "assigned_until": until, "on_hold_until": None}
    write(case, **NO_CLAIM, **assigned, assignment_note=note.strip(), skipped_by=skipped_by)
