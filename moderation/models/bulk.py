"""Decisions about many cases at once: what was asked, and what came of each case."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from moderation.enums import FINAL_OUTCOMES, BulkStatus
from moderation.models.decision import Decision
from moderation.models.ids import new_id
from moderation.models.review import ReviewCase


class BulkRun(models.Model):
    """One outcome for many cases. ``selection`` is the filter, or the near-duplicate cluster, in words of the desk."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bulk_runs")
    selection = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=[(outcome, outcome) for outcome in FINAL_OUTCOMES])
    label = models.CharField(max_length=40, blank=True)
    reasoning = models.CharField(max_length=1000, blank=True)
    status = models.CharField(max_length=10, choices=BulkStatus.choices, default=BulkStatus.RUNNING)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.outcome} by {self.moderator_id}"


class BulkItem(models.Model):
    """What came of one case of a run: its decision, or in ``refusal`` why there is none."""

    run = models.ForeignKey(BulkRun, models.CASCADE, related_name="items")
    case = models.ForeignKey(ReviewCase, models.CASCADE, related_name="+")
    content_version = models.PositiveIntegerField()
    decision = models.OneToOneField(Decision, models.CASCADE, null=True, blank=True, related_name="bulk_item")
    refusal = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "case"], name="bulk_item_once_a_run")]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.case_id}"
