"""Filters that people keep for their daily lists."""

from django.conf import settings
from django.db import models
from django.utils import timezone

MOST_NAME = 80
MOST_QUERY = 2000


class SavedFilter(models.Model):
    """A list of the console with the filters somebody chose. A shared one is offered to everybody who sees that list.

    ``page`` is the name of its address, such as ``admin:moderation_reviewcase_changelist``; ``query`` follows the
    question mark.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    page = models.CharField(max_length=100)
    name = models.CharField(max_length=MOST_NAME)
    query = models.CharField(max_length=MOST_QUERY, blank=True)
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["owner", "page", "name"], name="saved_filter_name")]

    def __str__(self) -> str:
        return self.name
