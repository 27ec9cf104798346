"""Step 6, overtaken: decisions that did not count yet never will, because their content changed or was decided anew."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from moderation.audit.holds import DECISION_LAPSED, hold_entries
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
        rows = DecisionHold.objects.filter(pk__in=[hold.pk for hold in holds])
        rows.update(status=HoldStatus.LAPSED, ended_at=timezone.now())
        AuditEntry.objects.bulk_create(hold_entries(holds, action=DECISION_LAPSED, actor="system"))
    return len(holds)
