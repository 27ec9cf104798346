"""Who did what to what: append-only, sealed into a hash chain by one writer."""

from django.db import models
from django.db.models import Q
from django.db.models.fields.json import KT
from django.utils import timezone


class AuditEntry(models.Model):
    """One act. ``actor`` is written as ``user:alice``, ``policy:default@3``, ``key:re_1a2b3c4d`` or ``system``.

    An entry is written unsealed with the act itself; moderation.audit seals it later: ``sequence`` counts without a
    gap, and ``hash`` covers the entry and ``previous_hash``. ``request_id`` is that of the request, or the task, in
    which it was written. An entry about a decision, a case or a report names its content in ``data["content"]``.
    """

    action = models.CharField(max_length=60)
    actor = models.CharField(max_length=200)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    request_id = models.CharField(max_length=128, blank=True, default="", db_default="")
    sequence = models.BigIntegerField(null=True, blank=True, unique=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["id"], name="audit_entry_unsealed", condition=Q(sequence=None)),
            models.Index(fields=["subject_type", "subject_id"], name="audit_entry_subject"),
            models.Index(fields=["created_at"], name="audit_entry_created_at"),
            models.Index(fields=["actor", "created_at"], name="audit_entry_actor"),
            models.Index(fields=["action", "created_at"], name="audit_entry_action"),
            models.Index(fields=["request_id"], name="audit_entry_request", condition=~Q(request_id="")),
            models.Index(KT("data__content"), name="audit_entry_content"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject_type}:{self.subject_id}"
