"""The safety net below the wake-ups: finds endpoints that have something to send, and lets old events die."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from moderation.enums import EventStatus
from moderation.models import WebhookEndpoint, WebhookEvent
from moderation.webhooks.outbox import wake_delivery


def sweep() -> int:
    """Wakes delivery for every endpoint with due events, those of dead workers included; answers how many it woke."""
    now = timezone.now()
    expire_events(now)
    return sum(wake_delivery(endpoint.pk) for endpoint in endpoints_with_due_events(now))


def endpoints_with_due_events(now: datetime) -> QuerySet[WebhookEndpoint]:
    """Endpoints that are neither disabled nor held back, and have an event that is due and not being sent."""
    idle = Q(lease_token=None) | Q(lease_expires_at__lte=now)
    due = WebhookEvent.objects.filter(
        idle, endpoint=OuterRef("pk"), status=EventStatus.PENDING, next_attempt_at__lte=now
    )
    ready = Q(retry_at=None) | Q(retry_at__lte=now)
    return WebhookEndpoint.objects.filter(ready, Exists(due), disabled_at=None).order_by("pk")


def expire_events(now: datetime) -> int:
    """Declares dead what has waited longer than the schedule for a receiver that is down or disabled.

    An event that is late through our own fault, such as a worker that was off for days, is tried first.
    """
    unreachable = WebhookEndpoint.objects.filter(Q(retry_at__gt=now, failures_in_a_row__gt=0) | ~Q(disabled_at=None))
    idle = Q(lease_token=None) | Q(lease_expires_at__lte=now)
    return WebhookEvent.objects.filter(
        idle, status=EventStatus.PENDING, expires_at__lte=now, endpoint__in=unreachable
    ).update(status=EventStatus.DEAD, finished_at=now, lease_token=None, lease_expires_at=None)
