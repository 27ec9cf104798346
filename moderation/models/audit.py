"""Who did what to what: append-only, sealed into a hash chain by one writer."""

from django.db import models
from django.db.models import Q
from django.utils import timezone


class AuditEntry(models.Model):
    """One act. ``actor`` is written as ``user:alice``, ``policy:default@3``, ``key:re_1a2b3c4d`` or ``system``.

    An entry is written unsealed with the act itself; moderation.decisions seals it later: ``sequence`` counts without
    a gap, and ``hash`` covers the entry and ``previous_hash``.
    """

    action = models.CharField(max_length=60)
    actor = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    sequence = models.BigIntegerField(null=True, blank=True, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["id"], name="audit_entry_unsealed", condition=Q(sequence=None)),
            models.Index(fields=["subject_type", "subject_id"], name="audit_entry_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type}:{self.subject_id}"
