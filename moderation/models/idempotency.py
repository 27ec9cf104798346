"""What was answered to a request that carried an Idempotency-Key."""

from django.db import models
from django.utils import timezone

from moderation.models.client import ApiClient


class IdempotencyRecord(models.Model):
    """One client's use of one key at one address. moderation.api.idempotency is its only writer.

    While ``status`` is empty the request is running, under a lease that its token proves; afterwards the answer stands
    here until ``expires_at``. ``target`` and ``fingerprint`` are SHA-256: of method and address, and of the request.
    """

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="+", db_index=False)
    key = models.CharField(max_length=255)
    target = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    lease_token = models.UUIDField()
    lease_expires_at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "idempotency_record"
        constraints = [models.UniqueConstraint(fields=["client", "key", "target"], name="idempotency_record_once")]
        indexes = [models.Index(fields=["expires_at"], name="idempotency_record_expires")]

    def __str__(self) -> str:
        return f"{self.key} ({self.status or 'running'})"
