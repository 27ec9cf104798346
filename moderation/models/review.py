"""What waits for a person: queues, and in them one case a content."""

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.enums import CaseSource, CaseStatus
from moderation.models.client import ApiClient
from moderation.models.content import Content, ModerationResult
from moderation.models.decision import Decision
from moderation.models.ids import new_id


class ReviewQueue(models.Model):
    """A line of cases. ``due_minutes`` is how long a case may wait; no groups: every moderator may work in it."""

    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=100)
    description = models.CharField(max_length=500, blank=True)
    due_minutes = models.PositiveIntegerField(default=24 * 60)
    hide_text = models.BooleanField(default=False, help_text="Cover the text until the moderator uncovers it.")
    groups = models.ManyToManyField(Group, blank=True, related_name="review_queues")

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class ReviewCase(models.Model):
    """One content version that waits for a person. The claim is a lease: it ends by itself, and a decision names it.

    A case that reports opened is about content that is decided: what was decided stays in force until a person decides.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    content = models.ForeignKey(Content, models.CASCADE, related_name="cases", db_index=False)
    # The content's own, kept here for the indexes: a client with few cases must not wait behind those of others.
    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="+", db_index=False, editable=False)
    content_version = models.PositiveIntegerField()
    result = models.ForeignKey(
        ModerationResult, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    queue = models.ForeignKey(ReviewQueue, models.PROTECT, related_name="cases", db_index=False)
    status = models.CharField(max_length=10, choices=CaseStatus.choices, default=CaseStatus.OPEN)
    source = models.CharField(
        max_length=10, choices=CaseSource.choices, default=CaseSource.POLICY, db_default=CaseSource.POLICY
    )
    priority = models.PositiveSmallIntegerField(default=50, help_text="0 to 100; higher comes first.")
    opened_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField()
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="claimed_cases", db_index=False
    )
    claimed_at = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_expires_at = models.DateTimeField(null=True, blank=True)
    skipped_by = ArrayField(models.IntegerField(), default=list, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, blank=True, related_name="case")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="review_case_one_open_a_content", fields=["content"], condition=Q(status=CaseStatus.OPEN)
            ),
            models.CheckConstraint(name="review_case_priority_range", condition=Q(priority__lte=100)),
            models.CheckConstraint(
                name="review_case_claim_whole",
                condition=Q(claimed_by=None, claimed_at=None, lease_token=None, lease_expires_at=None)
                | Q(
                    claimed_by__isnull=False,
                    claimed_at__isnull=False,
                    lease_token__isnull=False,
                    lease_expires_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="review_case_resolved_by_decision",
                condition=~Q(status=CaseStatus.RESOLVED) | Q(decision__isnull=False, resolved_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "-priority", "opened_at", "id"],
                name="review_case_next",
                condition=Q(status=CaseStatus.OPEN),
            ),
            models.Index(
                fields=["client", "queue", "-priority", "opened_at", "id"],
                name="review_case_next_of_client",
                condition=Q(status=CaseStatus.OPEN),
            ),
            models.Index(
                fields=["client", "-priority", "opened_at", "id"],
                name="review_case_client",
                condition=Q(status=CaseStatus.OPEN),
            ),
            models.Index(fields=["claimed_by"], name="review_case_claimed", condition=Q(status=CaseStatus.OPEN)),
            models.Index(fields=["content"], name="review_case_content"),
        ]

    def __str__(self) -> str:
        return f"{self.queue_id}: {self.content_id}"
