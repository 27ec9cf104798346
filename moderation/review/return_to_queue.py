"""Step 6, a lead takes cases back: whoever has them or is waited for, they are anybody's again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from moderation.enums import CaseStatus
from moderation.models import ReviewCase
from moderation.review.access import require_release
from moderation.review.leases import NO_ASSIGNMENT, record_act, write
from moderation.review.losses import holder_of, note_loss
from moderation.review.queue import NO_CLAIM


@transaction.atomic
def return_to_queue(*, case_ids: Sequence[UUID], lead: User, now: datetime | None = None) -> int:
    """Ends claims, holds and assignments; answers of how many cases. Raises PermissionDenied.

    A case that is being decided at this very moment is left alone, and so is one that measures quality: it was made
    for one person.
    """
    require_release(lead)
    now = now or timezone.now()
    in_hand = Q(lease_expires_at__gt=now) | Q(assigned_to__isnull=False)
    found = ReviewCase.objects.filter(in_hand, pk__in=case_ids, status=CaseStatus.OPEN)
    cases = list(found.ordinary().select_for_update(of=("self",), skip_locked=True))
    for case in cases:
        note_loss(case=case, holder=holder_of(case, now), lead=lead)
        record_act("case.returned", case, lead, had=case.claimed_by_id or case.assigned_to_id)
        write(case, **NO_CLAIM, **NO_ASSIGNMENT)
    return len(cases)
