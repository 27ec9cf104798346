"""Step 6, how a hold ends is written down; where the content changed or was decided anew, it ends without effect."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from moderation.audit import user_actor
from moderation.audit.holds import hold_entries
from moderation.enums import HoldStatus
from moderation.models import AuditEntry, DecisionHold


@transaction.atomic
def lapse(*, content_ids: Sequence[UUID]) -> int:
    """Ends the holds of these contents' decisions, which stay as facts without effect; answers how many.

    The caller holds the contents' row locks, and answers for their cases.
    """
    held = DecisionHold.objects.filter(decision__content__in=content_ids, status=HoldStatus.HELD)
    holds = list(held.select_for_update(of=("self",)).select_related("decision"))
    if holds:
        end_holds(holds, HoldStatus.LAPSED, person=None)
    return len(holds)


def end_holds(
    holds: Sequence[DecisionHold], status: HoldStatus, *, person: User | None, data: dict[str, Any] | None = None
) -> None:
    """Writes how these holds ended, and who ended them: a person, or nobody; the caller holds the locks.

    ``data`` is written into the audit entries.
    """
    rows = DecisionHold.objects.filter(pk__in=[hold.pk for hold in holds])
    rows.update(status=status, ended_at=timezone.now(), ended_by=person)
    actor = user_actor(person) if person else "system"
    AuditEntry.objects.bulk_create(hold_entries(holds, status=status, actor=actor, data=data))
