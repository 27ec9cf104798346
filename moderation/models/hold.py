"""Decisions that are recorded and do not count yet."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.enums import HoldKind, HoldStatus
from moderation.models.decision import Decision
from moderation.models.review import ReviewCase


class DecisionHold(models.Model):
    """Keeps a decision from taking effect: its content stays in review, and nobody is told.

    With ``release_at`` it ends by itself; without, a second person ends it. ``reason`` says why it is held.
    """

    decision = models.OneToOneField(Decision, models.CASCADE, primary_key=True, related_name="hold")
    case = models.ForeignKey(ReviewCase, models.CASCADE, related_name="holds")
    kind = models.CharField(max_length=10, choices=HoldKind.choices)
    status = models.CharField(max_length=10, choices=HoldStatus.choices, default=HoldStatus.HELD)
    reason = models.CharField(max_length=300, blank=True)
    release_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="decision_hold_ended_fits_status",
                condition=Q(status=HoldStatus.HELD, ended_at=None)
                | (~Q(status=HoldStatus.HELD) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="decision_hold_ends_by_time_or_person",
                condition=Q(kind=HoldKind.UNDO, release_at__isnull=False)
                | Q(kind=HoldKind.SECOND_PERSON, release_at=None),
            ),
        ]
        indexes = [
            models.Index(
                fields=["release_at"],
                name="decision_hold_due",
                condition=Q(status=HoldStatus.HELD, release_at__isnull=False),
            ),
            models.Index(fields=["kind", "created_at"], name="decision_hold_held", condition=Q(status=HoldStatus.HELD)),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.decision_id}"
