"""Who sends content: platforms and their keys."""

import hashlib
import ipaddress
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone

from moderation.enums import Scope

KEY_PREFIX = "re"
# A key that ends within this time is warned of: in every answer, in the console and in the metrics.
EXPIRY_WARNING = timedelta(days=14)


def validate_network(value: str) -> None:
    """Raises ValidationError for what is no network in CIDR notation, or an address with bits beyond its prefix."""
    try:
        ipaddress.ip_network(value)
    except ValueError as error:
        raise ValidationError(f"This is no network: {error}.", code="network") from error


class ApiClient(models.Model):
    """A platform. Another client's objects are indistinguishable from absent ones."""

    name = models.CharField(max_length=100, unique=True)
    policy = models.ForeignKey("moderation.Policy", models.PROTECT, null=True, blank=True, related_name="clients")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = "API client"

    def __str__(self) -> str:
        return self.name


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self) -> "ApiKeyQuerySet":
        """Keys that may be used now: not revoked, not expired, of a client that is active."""
        now = timezone.now()
        return self.filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=now), revoked_at=None, client__is_active=True
        )

    def expiring(self) -> "ApiKeyQuerySet":
        """Usable keys that end soon."""
        return self.usable().filter(expires_at__lte=timezone.now() + EXPIRY_WARNING)


class ApiKey(models.Model):
    """A client's key. Only its SHA-256 is kept: 256 random bits need no slow hash."""

    client = models.ForeignKey(ApiClient, models.CASCADE, related_name="keys")
    name = models.CharField(max_length=100, blank=True, default="", help_text="What it is used for, in your words.")
    prefix = models.CharField(max_length=16, unique=True, editable=False, help_text="The part that may be shown.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=40, choices=Scope.choices))
    rate_limit_requests = models.PositiveIntegerField(
        null=True, blank=True, help_text="Requests in each rate-limit window; empty: the configured default."
    )
    allowed_networks = ArrayField(
        models.CharField(max_length=43, validators=[validate_network]),
        default=list,
        blank=True,
        help_text="Networks it may be used from, such as 203.0.113.0/24, with commas between; empty: from anywhere.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    rotated_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What its requests are counted in; a key that takes another's place goes on with the same. The default of the
    # database gave one to the keys that were there before.
    allowance = models.UUIDField(default=uuid4, db_default=RandomUUID(), editable=False, db_index=True)
    # Allowances of the keys with limits of their own by which it was made: its requests are counted in them too.
    within = ArrayField(models.UUIDField(), default=list, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.prefix}…"

    @staticmethod
    def digest_of(key: str) -> str:
        """The SHA-256 under which a key is stored."""
        return hashlib.sha256(key.encode()).hexdigest()

    @classmethod
    def issue(
        cls,
        *,
        client: ApiClient,
        scopes: list[str],
        rate_limit_requests: int | None = None,
        expires_at: datetime | None = None,
        name: str = "",
        allowed_networks: Sequence[str] = (),
        allowance: UUID | None = None,
        within: Sequence[UUID] = (),
    ) -> str:
        """Stores a new key and returns it: the one time that it can be seen.

        ``allowed_networks``: networks in CIDR notation that it may be used from, none for anywhere; check each by
        ``validate_network`` before. ``allowance``: the one that it goes on with; None: a new one.
        """
        prefix = f"{KEY_PREFIX}_{secrets.token_hex(4)}"
        key = f"{prefix}_{secrets.token_urlsafe(32)}"
        cls.objects.create(
            client=client,
            name=name,
            prefix=prefix,
            digest=cls.digest_of(key),
            scopes=scopes,
            rate_limit_requests=rate_limit_requests,
            expires_at=expires_at,
            allowed_networks=list(allowed_networks),
            allowance=allowance or uuid4(),
            within=list(within),
        )
        return key

    @staticmethod
    def prefix_of(key: str) -> str:
        """The part of a key that may be shown and logged."""
        return "_".join(key.split("_")[:2])
