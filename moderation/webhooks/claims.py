"""Who may send what now: one drain an endpoint, and of each content the oldest event only.

A claim is a lease with a token (DESIGN, promise 2). A worker that dies leaves its lease to run out; whoever then
sends the event holds another token, and what the dead one might still write is refused.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from moderation.enums import EventStatus
from moderation.models import WebhookEndpoint, WebhookEvent
from moderation.webhooks.options import lease_time

BATCH_SIZE = 32


@dataclass(frozen=True, slots=True)
class Claim:
    """Events of one endpoint that the holder of ``token`` may send."""

    endpoint: WebhookEndpoint
    token: UUID
    events: Sequence[WebhookEvent]


@transaction.atomic
def claim_events(*, endpoint_id: int) -> Claim | None:
    """Claims the events that may be sent now; None: nothing is due, or another drain is at it.

    A receiver that failed the last time is tried with a single event. The endpoint's row is locked for the length
    of this transaction, so that of two drains one sees what the other has claimed.
    """
    now = timezone.now()
    ready = Q(retry_at=None) | Q(retry_at__lte=now)
    locked = WebhookEndpoint.objects.select_for_update(no_key=True).filter(ready, pk=endpoint_id, disabled_at=None)
    endpoint = locked.first()
    if endpoint is None or in_flight(endpoint_id).exists():
        return None
    limit = 1 if endpoint.failures_in_a_row else BATCH_SIZE
    events = list(due_events(endpoint_id).select_for_update(skip_locked=True, no_key=True)[:limit])
    if not events:
        return None
    token = uuid4()
    WebhookEvent.objects.filter(pk__in=[event.pk for event in events]).update(
        lease_token=token, lease_expires_at=now + lease_time()
    )
    return Claim(endpoint, token, events)


def in_flight(endpoint_id: int) -> QuerySet[WebhookEvent]:
    """The endpoint's events that a live drain holds."""
    return WebhookEvent.objects.filter(
        endpoint_id=endpoint_id,
        status=EventStatus.PENDING,
        lease_token__isnull=False,
        lease_expires_at__gt=timezone.now(),
    )


def due_events(endpoint_id: int) -> QuerySet[WebhookEvent]:
    """The endpoint's events whose time has come and that no earlier event of the same content holds up."""
    earlier = WebhookEvent.objects.filter(
        endpoint=OuterRef("endpoint"), content=OuterRef("content"), id__lt=OuterRef("id"), status=EventStatus.PENDING
    )
    due = WebhookEvent.objects.filter(
        endpoint_id=endpoint_id, status=EventStatus.PENDING, next_attempt_at__lte=timezone.now()
    )
    return due.exclude(Exists(earlier)).order_by("next_attempt_at", "id")


def held_by(claim: Claim) -> QuerySet[WebhookEvent]:
    """Those events of a claim that are still its own: the fence that every write after sending passes through."""
    return WebhookEvent.objects.filter(
        pk__in=[event.pk for event in claim.events], lease_token=claim.token, status=EventStatus.PENDING
    )
