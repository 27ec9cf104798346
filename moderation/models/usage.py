"""What each key did on each day: counts, and nothing of what was sent."""

from django.db import models

from moderation.enums import Door
from moderation.models.client import ApiClient, ApiKey


class ApiUsage(models.Model):
    """One key, one UTC day, one door. moderation.usage adds to it and is its only writer.

    ``requests`` are all that came in with the key; ``refused`` those of them that were answered 4xx, ``rate_limited``
    those answered 429 (they count as refused too). ``items`` are contents that were taken in, ``texts`` and ``images``
    what was handed over to be looked at: scored at once, or with an item.
    """

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="usage", db_index=False)
    key = models.ForeignKey(ApiKey, models.CASCADE, related_name="usage", db_index=False)
    day = models.DateField()
    door = models.CharField(max_length=20, choices=Door.choices)
    requests = models.PositiveBigIntegerField(default=0)
    refused = models.PositiveBigIntegerField(default=0)
    rate_limited = models.PositiveBigIntegerField(default=0)
    items = models.PositiveBigIntegerField(default=0)
    texts = models.PositiveBigIntegerField(default=0)
    images = models.PositiveBigIntegerField(default=0)

    class Meta:
        db_table = "api_usage"
        verbose_name_plural = "API usage"
        constraints = [models.UniqueConstraint(name="api_usage_once", fields=["key", "day", "door"])]
        indexes = [
            models.Index(fields=["client", "day"], name="api_usage_client_day"),
            models.Index(fields=["day"], name="api_usage_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.door}"
