"""Sends events again on request: dead ones, or any that a client asks to hear once more."""

from collections import Counter
from functools import partial

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from moderation.audit import record_audit
from moderation.enums import EventStatus, SubjectType
from moderation.models import WebhookEndpoint, WebhookEvent
from moderation.webhooks.options import lifetime
from moderation.webhooks.outbox import wake_delivery


@transaction.atomic
def redeliver(*, events: QuerySet[WebhookEvent], actor: str) -> Counter[int]:
    """Puts events back to pending with the whole schedule before them; answers how many, by endpoint id.

    Those that a worker is sending at this moment stay as they are. Their endpoints are tried at once, even if they
    were held back; of a disabled endpoint the events wait until it is enabled, of a deleted one they stay as they are.
    """
    now = timezone.now()
    # First endpoints, then events: the order in which a delivery locks them.
    endpoints = WebhookEndpoint.objects.filter(deleted_at=None, pk__in=events.order_by().values("endpoint"))
    there = endpoints.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True)
    idle = Q(lease_token=None) | Q(lease_expires_at__lte=now)
    rows = list(
        events.filter(idle, endpoint__in=list(there))
        .order_by("id")
        .select_for_update(no_key=True)
        .values_list("pk", "endpoint_id")
    )
    WebhookEvent.objects.filter(pk__in=[pk for pk, _ in rows]).update(
        status=EventStatus.PENDING,
        refusals=0,
        next_attempt_at=now,
        expires_at=now + lifetime(),
        finished_at=None,
        lease_token=None,
        lease_expires_at=None,
    )
    counts = Counter(endpoint_id for _, endpoint_id in rows)
    WebhookEndpoint.objects.filter(pk__in=counts).update(retry_at=None)
    for endpoint_id, count in counts.items():
        record_audit(
            action="webhook_events.redelivered",
            actor=actor,
            subject_type=SubjectType.WEBHOOK_ENDPOINT,
            subject_id=endpoint_id,
            data={"events": count},
        )
        transaction.on_commit(partial(wake_delivery, endpoint_id))
    return counts
