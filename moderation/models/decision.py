"""The recorded outcome, append-only; moderation.decisions is its only writer."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.enums import DecisionSource, HoldStatus, Outcome
from moderation.models.content import Content, ModerationResult
from moderation.models.ids import new_id


class DecisionQuerySet(models.QuerySet["Decision"]):
    def in_effect(self) -> "DecisionQuerySet":
        """Those that count: never held, or released since. Held, withdrawn and lapsed ones never came into effect."""
        return self.filter(Q(hold=None) | Q(hold__status=HoldStatus.RELEASED))

    def standing(self) -> "DecisionQuerySet":
        """Those that count or still may: what was undone, refused by a second person or overtaken is no work done."""
        return self.filter(Q(hold=None) | Q(hold__status__in=(HoldStatus.RELEASED, HoldStatus.HELD)))


class Decision(models.Model):
    """What was decided about one content version, by what, and why. An override is a new row.

    A decision counts at once, unless a DecisionHold says otherwise. ``label`` names the rule of the site that a
    rejected content breaks, such as ``spam``. ``reasoning`` may be shown to the author; ``private_note`` never leaves
    the console.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    content = models.ForeignKey(Content, models.CASCADE, related_name="decisions", db_index=False)
    content_version = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    source = models.CharField(max_length=10, choices=DecisionSource.choices)
    rule = models.CharField(max_length=100, blank=True)
    label = models.CharField(max_length=40, blank=True, default="", db_default="")
    reasoning = models.CharField(max_length=1000, blank=True)
    private_note = models.CharField(max_length=2000, blank=True)
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    result = models.ForeignKey(
        ModerationResult, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    overrides = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="decision_one_by_policy_a_version",
                fields=["content", "content_version"],
                condition=Q(source=DecisionSource.POLICY),
            ),
            models.CheckConstraint(
                name="decision_moderator_named",
                condition=~Q(source=DecisionSource.MODERATOR) | Q(moderator__isnull=False),
            ),
            models.CheckConstraint(
                name="decision_by_a_person_is_final",
                condition=Q(source=DecisionSource.POLICY) | ~Q(outcome=Outcome.REVIEW),
            ),
        ]
        indexes = [
            models.Index(fields=["content", "-created_at"], name="decision_content_newest"),
            models.Index(fields=["created_at", "outcome", "source"], name="decision_created_at"),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} by {self.get_source_display()}"
