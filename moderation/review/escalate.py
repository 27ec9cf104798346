"""Step 6, a second level: a case is passed up with a note, and waits until a senior decides it or sends it back."""

from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.models import ReviewCase
from moderation.review.access import require_level
from moderation.review.leases import NO_ASSIGNMENT, lock_held, record_act, skip_case, write
from moderation.review.queue import NO_CLAIM
from moderation.review.refusals import ActRefused

FIRST, SECOND = 1, 2
MOST_NOTE = 1000


@transaction.atomic
def escalate_case(*, case_id: UUID, moderator: User, lease_token: UUID, note: str) -> ReviewCase:
    """Passes a case that the moderator has to the second level, with a note (up to 1,000 characters) of why.

    It is free there for whoever may decide what others escalate. A case that measures people goes back as if skipped:
    it is theirs to answer, and they must not learn what it is. Raises StaleDecision when the claim is lost, and
    ActRefused without a note or for a case that is there already.
    """
    text = _checked(note)
    case = lock_held(case_id, moderator, lease_token)
    if case.is_quality:
        skip_case(case_id=case_id, moderator=moderator, lease_token=lease_token)
        return case
    if case.level == SECOND:
        raise ActRefused(_("This case was escalated already: decide it, or send it back."))
    write(
        case,
        level=SECOND,
        escalated_by=moderator,
        escalated_at=timezone.now(),
        escalation_note=text,
        **NO_CLAIM,
        **NO_ASSIGNMENT,
    )
    record_act("case.escalated", case, moderator)
    return case


@transaction.atomic
def send_back(*, case_id: UUID, senior: User, lease_token: UUID, note: str) -> ReviewCase:
    """Gives an escalated case that the senior has back to the first level, with a note for whoever takes it there.

    Raises PermissionDenied, StaleDecision when the claim is lost, and ActRefused without a note or for a case that
    nobody escalated.
    """
    text = _checked(note)
    case = lock_held(case_id, senior, lease_token)
    require_level(moderator=senior, level=SECOND)
    if case.level != SECOND:
        raise ActRefused(_("Nobody escalated this case."))
    write(case, level=FIRST, escalation_note=text, **NO_CLAIM)
    record_act("case.sent_back", case, senior)
    return case


def _checked(note: str) -> str:
    text = note.replace("\0", "").strip()
    if not text:
        raise ActRefused(_("Say why: whoever takes the case reads it first."))
    if len(text) > MOST_NOTE:
        raise ActRefused(_("The note is too long: up to %(most)d characters are kept.") % {"most": MOST_NOTE})
    return text
