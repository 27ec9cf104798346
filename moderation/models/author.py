"""The people whose content it is, and what the platform's moderators think of them."""

from datetime import datetime

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils import timezone

from moderation.directions import inert
from moderation.enums import TrustLevel
from moderation.models.client import ApiClient
from moderation.models.ids import new_id


class AuthorQuerySet(models.QuerySet["Author"]):
    def suspended(self, now: datetime) -> "AuthorQuerySet":
        """Those who are suspended at ``now``: a suspension that has run out is none."""
        return self.filter(_running(now), suspended_at__isnull=False)

    def not_suspended(self, now: datetime) -> "AuthorQuerySet":
        return self.exclude(_running(now), suspended_at__isnull=False)


def _running(now: datetime) -> Q:
    return Q(suspended_until=None) | Q(suspended_until__gt=now)


class Author(models.Model):
    """The person on the client's platform who wrote a content.

    A suspension ends by time alone: ``suspended_until`` says when, and no job has to run. Without it the author is
    suspended until somebody reinstates them. ``reach`` is how many people the platform says see what they write, such
    as followers; None where it does not say. ``public_id`` is the id in the API; ours counts everybody's authors.
    """

    public_id = models.UUIDField(default=new_id, db_default=RandomUUID(), unique=True, editable=False)
    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="authors", db_index=False)
    external_id = models.CharField(max_length=255)
    display_name = models.CharField(max_length=255, blank=True)
    reach = models.PositiveIntegerField(null=True, blank=True)
    trust = models.CharField(max_length=10, choices=TrustLevel.choices, default=TrustLevel.NORMAL)
    suspended_at = models.DateTimeField(null=True, blank=True, editable=False)
    suspended_until = models.DateTimeField(null=True, blank=True, editable=False)
    suspension_reason = models.CharField(max_length=1000, blank=True, default="", db_default="", editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = AuthorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "external_id"], name="author_external_id_unique"),
            models.CheckConstraint(
                name="author_suspension_whole",
                condition=Q(suspended_at__isnull=False) | Q(suspended_until=None, suspension_reason=""),
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-created_at", "-id"], name="author_client_newest"),
            models.Index(
                fields=["client", "-created_at", "-id"],
                name="author_suspended",
                condition=Q(suspended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return inert(self.display_name or self.external_id)

    def is_suspended(self, now: datetime) -> bool:
        """Whether the author is suspended at ``now``."""
        return self.suspended_at is not None and (self.suspended_until is None or self.suspended_until > now)
