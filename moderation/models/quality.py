"""How well people decide: cases with a known answer, and what somebody said without knowing what another had said."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.enums import FINAL_OUTCOMES, QUALITY_SOURCES, CaseSource
from moderation.models.content import Content, ModerationResult
from moderation.models.decision import Decision
from moderation.models.ids import new_id
from moderation.models.review import ReviewCase, ReviewQueue

OUTCOMES = [(outcome, outcome) for outcome in FINAL_OUTCOMES]


class GoldenCase(models.Model):
    """A content version whose right answer is agreed on. Erased content is no golden case any more."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    content = models.ForeignKey(Content, models.CASCADE, related_name="golden_cases")
    content_version = models.PositiveIntegerField()
    result = models.ForeignKey(
        ModerationResult, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    queue = models.ForeignKey(ReviewQueue, models.PROTECT, related_name="golden_cases")
    categories = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    label = models.CharField(max_length=40, blank=True)
    explanation = models.CharField(max_length=1000, blank=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="golden_case_one_in_use", fields=["content", "content_version"], condition=Q(retired_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.content_id}: {self.outcome}"


class QualityReview(models.Model):
    """What a moderator said of a case that decides nothing, beside what was expected.

    Of a double review ``expected_outcome`` and ``expected_label`` are the first decision's, and where they differ a
    lead settles who was right; of a golden case they are the known answer.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.OneToOneField(ReviewCase, models.CASCADE, related_name="quality_review")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.label) for kind in QUALITY_SOURCES])
    content = models.ForeignKey(Content, models.CASCADE, related_name="+")
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="quality_reviews", db_index=False
    )
    queue = models.ForeignKey(ReviewQueue, models.PROTECT, related_name="+", db_index=False)
    categories = ArrayField(models.CharField(max_length=40), default=list)
    outcome = models.CharField(max_length=10, choices=OUTCOMES)
    label = models.CharField(max_length=40, blank=True)
    reasoning = models.CharField(max_length=1000, blank=True)
    private_note = models.CharField(max_length=2000, blank=True)
    first_decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="quality_reviews")
    golden = models.ForeignKey(GoldenCase, models.PROTECT, null=True, blank=True, related_name="quality_reviews")
    expected_outcome = models.CharField(max_length=10, choices=OUTCOMES)
    expected_label = models.CharField(max_length=40, blank=True)
    agrees = models.BooleanField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    settled_outcome = models.CharField(max_length=10, choices=OUTCOMES, blank=True)
    settled_note = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quality_review_of_its_kind",
                condition=Q(kind=CaseSource.DOUBLE, first_decision__isnull=False, golden=None)
                | Q(kind=CaseSource.GOLDEN, golden__isnull=False, first_decision=None),
            ),
            models.CheckConstraint(
                name="quality_review_settled_whole",
                condition=Q(settled_at=None, settled_by=None, settled_outcome="")
                | (Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(settled_outcome="")),
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="quality_review_created_at"),
            models.Index(fields=["moderator", "-created_at"], name="quality_review_moderator"),
            models.Index(
                fields=["created_at"],
                name="quality_review_disagreement",
                condition=Q(kind=CaseSource.DOUBLE, agrees=False, settled_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.moderator_id}"
