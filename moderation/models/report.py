"""A user's flag: somebody on the platform says that a content breaks its rules."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.enums import REPORT_REASONS, ReportStatus
from moderation.models.client import ApiClient
from moderation.models.content import Content
from moderation.models.ids import new_id
from moderation.models.review import ReviewCase


class Report(models.Model):
    """What one user says of one content version, once. ``case`` is where a person looks, or looked, at it.

    ``reporter_external_id`` is the platform's own id of that user; with the comment it is erased with the content.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="reports", db_index=False)
    content = models.ForeignKey(Content, models.CASCADE, related_name="reports", db_index=False)
    content_version = models.PositiveIntegerField()
    reporter_external_id = models.CharField(max_length=255, blank=True)
    reason = models.CharField(max_length=40, choices=[(reason, reason) for reason in REPORT_REASONS])
    comment = models.CharField(max_length=1000, blank=True)
    status = models.CharField(max_length=10, choices=ReportStatus.choices, default=ReportStatus.OPEN)
    case = models.ForeignKey(ReviewCase, models.PROTECT, null=True, blank=True, related_name="reports")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="report_one_by_reporter_a_version",
                fields=["content", "content_version", "reporter_external_id"],
                condition=~Q(reporter_external_id=""),
            ),
            models.CheckConstraint(
                name="report_resolved_fits_status",
                condition=Q(status=ReportStatus.OPEN, resolved_at=None)
                | (~Q(status=ReportStatus.OPEN) & Q(resolved_at__isnull=False)),
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-created_at", "-id"], name="report_client_newest"),
            models.Index(fields=["content", "status"], name="report_content"),
            models.Index(fields=["created_at"], name="report_created_at"),
        ]

    def __str__(self) -> str:
        return f"{self.reason}: {self.content_id} version {self.content_version}"
