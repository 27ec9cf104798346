"""What a site has taught the text model, and what it was told; moderation.site_adapter is the only writer."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.enums import Category
from moderation.models.client import ApiClient


class SiteAdapter(models.Model):
    """One training: the heads that won, and the report of every category that was tried. Only ``is_active`` changes.

    ``base_version`` names the base model it was fitted on; under another one it is not used. ``heads`` and ``report``
    are lists, an entry a category, as moderation.site_adapter.training writes them.
    """

    number = models.PositiveIntegerField(unique=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    trained_by = models.CharField(max_length=150)
    base_version = models.CharField(max_length=200)
    heads = models.JSONField(default=list)
    report = models.JSONField(default=list)
    is_active = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_active"], condition=Q(is_active=True), name="site_adapter_one_active"),
        ]

    def __str__(self) -> str:
        return f"site adapter {self.number}"


class AdapterFeedback(models.Model):
    """What a client says of a text without submitting it: how strongly (0 to 1) a category shows. Erased by age."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="+")
    text = models.TextField()
    language = models.CharField(max_length=35, blank=True)
    category = models.CharField(max_length=40, choices=Category.choices)
    score = models.FloatField()
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name_plural = "adapter feedback"
        constraints = [
            models.CheckConstraint(name="adapter_feedback_score_range", condition=Q(score__range=(0.0, 1.0))),
        ]
        indexes = [models.Index(fields=["created_at"], name="adapter_feedback_created_at")]

    def __str__(self) -> str:
        return f"{self.category} {self.score} by {self.client_id}"
