"""A site's own words and domains, and the category they count for."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from moderation.enums import Category, TermListKind


class TermList(models.Model):
    """Terms or blocked domains that a site looks for. A hit reads as ``score`` in ``category`` and shows as evidence.

    Allowed domains are never suspicious; protected ones neither, and what looks like them is. Both need no score.
    """

    kind = models.CharField(max_length=20, choices=TermListKind.choices, default=TermListKind.TERMS)
    name = models.SlugField(max_length=100, unique=True)
    category = models.CharField(max_length=40, choices=Category.choices)
    score = models.FloatField(default=1.0, validators=[MinValueValidator(0.0), MaxValueValidator(1.0)])
    terms = ArrayField(models.CharField(max_length=200), help_text="One term, phrase or domain each.")
    whole_word = models.BooleanField(default=True, help_text="Off: a term also matches inside longer words.")
    enabled = models.BooleanField(default=True)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(name="term_list_score_range", condition=models.Q(score__range=(0.0, 1.0))),
        ]

    def __str__(self) -> str:
        return self.name
