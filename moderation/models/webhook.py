"""Where decisions are told: endpoints, the outbox of events, and every attempt to deliver one."""

from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast, Concat, Replace
from django.utils import timezone

from moderation.enums import TOLD_EVENTS, EventStatus, EventType
from moderation.models.client import ApiClient
from moderation.models.content import Content
from moderation.models.ids import new_id

ENDPOINT_PREFIX = "we_"


def three_days_from_now() -> datetime:
    """When an event dies that no receiver took; the outbox writes the configured time."""
    return timezone.now() + timedelta(days=3)


def new_endpoint_id() -> str:
    """What clients call an endpoint."""
    return f"{ENDPOINT_PREFIX}{new_id().hex}"


class WebhookEndpoint(models.Model):
    """A client's receiver. ``secret`` is ``whsec_`` and base64, as Standard Webhooks writes it.

    After a rotation ``previous_secret`` signs as well until ``previous_secret_until``. ``retry_at`` holds every event
    back while the receiver is failing; ``disabled_at`` is set by a 410 answer or by hand. One that its client has
    deleted (``deleted_at``) keeps its row, without secrets: what was sent to it is part of the record.
    """

    # The default of the database named the endpoints that were there before.
    public_id = models.CharField(
        "id",
        max_length=40,
        unique=True,
        editable=False,
        default=new_endpoint_id,
        db_default=Concat(
            Value(ENDPOINT_PREFIX), Replace(Cast(RandomUUID(), models.CharField()), Value("-"), Value(""))
        ),
    )
    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="webhook_endpoints")
    url = models.CharField("URL", max_length=2048)
    secret = models.CharField(max_length=200)
    previous_secret = models.CharField(max_length=200, blank=True, editable=False)
    previous_secret_until = models.DateTimeField(null=True, blank=True, editable=False)
    secret_rotated_at = models.DateTimeField(null=True, blank=True, editable=False)
    event_types = ArrayField(
        models.CharField(max_length=40, choices=[(kind.value, kind.label) for kind in TOLD_EVENTS]),
        default=list,
        blank=True,
        help_text="Empty: all.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    disabled_at = models.DateTimeField(null=True, blank=True)
    disabled_reason = models.CharField(max_length=200, blank=True)
    failures_in_a_row = models.PositiveIntegerField(default=0, editable=False)
    retry_at = models.DateTimeField(null=True, blank=True, editable=False)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="webhook_endpoint_deleted_is_disabled",
                condition=Q(deleted_at=None) | Q(disabled_at__isnull=False, secret="", previous_secret=""),
            ),
        ]

    def __str__(self) -> str:
        return self.url


class WebhookEvent(models.Model):
    """The outbox: one event for one endpoint, written in the transaction that made it true.

    The id gives the order; events of one content reach an endpoint in that order. ``message_id`` stays the same on
    every attempt (``webhook-id``). ``attempts`` counts every try, ``refusals`` those that the receiver answered with
    an error; a receiver that never answers costs no refusal, and the event dies at ``expires_at``. Only a test of the
    endpoint is about no content, and so stands in no line.
    """

    message_id = models.CharField(max_length=64, unique=True)
    endpoint = models.ForeignKey(WebhookEndpoint, models.CASCADE, related_name="events", db_index=False)
    content = models.ForeignKey(
        Content, models.CASCADE, null=True, blank=True, related_name="webhook_events", db_index=False
    )
    type = models.CharField(max_length=40, choices=EventType.choices)
    payload = models.JSONField()
    status = models.CharField(max_length=10, choices=EventStatus.choices, default=EventStatus.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    refusals = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField(default=three_days_from_now)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="webhook_event_about_a_content",
                condition=Q(type=EventType.ENDPOINT_TEST, content=None)
                | (~Q(type=EventType.ENDPOINT_TEST) & Q(content__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "next_attempt_at"],
                name="webhook_event_due",
                condition=Q(status=EventStatus.PENDING),
            ),
            models.Index(
                fields=["endpoint", "content", "id"],
                name="webhook_event_order",
                condition=Q(status=EventStatus.PENDING),
            ),
            models.Index(
                fields=["endpoint"],
                name="webhook_event_leased",
                condition=Q(status=EventStatus.PENDING, lease_token__isnull=False),
            ),
            models.Index(fields=["expires_at"], name="webhook_event_expiry", condition=Q(status=EventStatus.PENDING)),
            models.Index(fields=["-id"], name="webhook_event_dead", condition=Q(status=EventStatus.DEAD)),
            models.Index(fields=["endpoint", "-id"], name="webhook_event_newest"),
            models.Index(fields=["content"], name="webhook_event_content"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.message_id}"


class WebhookDelivery(models.Model):
    """One attempt to deliver an event: when, how long, and what came back. Never edited."""

    event = models.ForeignKey(WebhookEvent, models.CASCADE, related_name="deliveries")
    attempt = models.PositiveSmallIntegerField()
    status_code = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    duration_ms = models.FloatField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "webhook deliveries"

    def __str__(self) -> str:
        return f"attempt {self.attempt}: {self.status_code or self.error}"
