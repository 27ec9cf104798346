"""What is said of API keys: everything but the key."""

import ipaddress
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from django.utils import timezone
from pydantic import AfterValidator, Field, StrictInt, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from moderation.api.platform import Answer
from moderation.enums import Scope
from moderation.ingest.schemas import Moment, Name, Strict, in_the_future
from moderation.keys import CHANGEABLE, OLD_KEY_LIVES
from moderation.models import ApiKey

LONGEST_OVERLAP = timedelta(days=30)
LARGEST_LIMIT = 2**31 - 1


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value))
    except ValueError:
        raise PydanticCustomError(
            "invalid_format", "is no network such as 203.0.113.0/24; an address must have no bits beyond its prefix"
        ) from None


def _each_once(values: list[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


KeyName = Annotated[Name, Field(max_length=100)]
Scopes = Annotated[list[Scope], Field(min_length=1, max_length=100), AfterValidator(_each_once)]
Network = Annotated[StrictStr, Field(max_length=43, examples=["203.0.113.0/24"]), AfterValidator(_network)]
Networks = Annotated[list[Network], Field(max_length=100), AfterValidator(_each_once)]
RateLimit = Annotated[StrictInt, Field(ge=1, le=LARGEST_LIMIT)]
End = Annotated[Moment | None, AfterValidator(in_the_future)]


class KeyIn(Strict):
    """A key to be made. What is not named it takes from the key that asks."""

    name: KeyName = Field("", description="What it is used for, in your words")
    scopes: Scopes = Field(description="What it may do; only what your key may do too")
    allowed_networks: Networks | None = Field(None, description="Where it may be used from; none: anywhere")
    rate_limit_requests: RateLimit | None = Field(None, description="Requests in each window; null: as configured")
    expires_at: End = Field(None, description="When it ends; null: never")

    def given(self, by: ApiKey) -> dict[str, Any]:
        """The members of the key; what was not named is as ``by`` has it."""
        own = {name: getattr(by, name) for name in ("allowed_networks", "rate_limit_requests", "expires_at")}
        return own | _members(self)


class KeyChange(Strict):
    """What is to change; what is not named stays as it is."""

    name: KeyName | None = None
    scopes: Scopes | None = None
    allowed_networks: Networks | None = None
    rate_limit_requests: RateLimit | None = Field(None, description="null: as configured")
    expires_at: End = Field(None, description="null: never")

    @model_validator(mode="after")
    def _no_nulls(self) -> Self:
        for name in ("name", "scopes", "allowed_networks"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise PydanticCustomError("wrong_type", "only rate_limit_requests and expires_at may be null")
        return self

    def given(self) -> dict[str, Any]:
        """What was named."""
        return _members(self)


def _members(said: Strict) -> dict[str, Any]:
    found = {name: getattr(said, name) for name in CHANGEABLE if name in said.model_fields_set}
    if "allowed_networks" in found and found["allowed_networks"] is None:
        found["allowed_networks"] = []
    if "scopes" in found:
        found["scopes"] = [scope.value for scope in found["scopes"]]
    return found


class KeyRotationIn(Strict):
    """How long the old key works beside the new one."""

    overlap_seconds: StrictInt = Field(
        int(OLD_KEY_LIVES.total_seconds()),
        ge=0,
        le=int(LONGEST_OVERLAP.total_seconds()),
        description="A day unless you say otherwise, 30 days at most; 0 ends the old one now",
    )
    expires_at: End = Field(
        None, description="When the new key ends, no later than yours; not named: when the old one was to end"
    )

    def given(self) -> dict[str, Any]:
        """What of the new key was named."""
        return _members(self)


class KeyQuery(Strict):
    """Which keys."""

    status: Literal["usable", "expired", "revoked"] | None = None


class KeyOut(Answer):
    """A key of yours. ``id`` is its beginning, which may be shown and logged."""

    id: str = Field(examples=["re_1a2b3c4d"])
    name: str
    scopes: list[str]
    allowed_networks: list[str]
    rate_limit_requests: int | None = Field(description="Requests in each window; null: as configured")
    status: Literal["usable", "expired", "revoked"]
    is_this_key: bool = Field(description="Whether it is the key that you call with")
    created_at: datetime
    last_used_at: datetime | None = Field(description="To the minute")
    expires_at: datetime | None
    revoked_at: datetime | None
    rotated_at: datetime | None = Field(description="Since when there is a key in its place")

    @classmethod
    def of(cls, row: ApiKey, *, caller: int, **more: Any) -> Self:
        """The key as it stands. ``caller``: the id of the key that asks."""
        expired = row.expires_at is not None and row.expires_at <= timezone.now()
        return cls(
            id=row.prefix,
            name=row.name,
            scopes=row.scopes,
            allowed_networks=row.allowed_networks,
            rate_limit_requests=row.rate_limit_requests,
            status="revoked" if row.revoked_at else "expired" if expired else "usable",
            is_this_key=row.pk == caller,
            created_at=row.created_at,
            last_used_at=row.last_used_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            rotated_at=row.rotated_at,
            **more,
        )

    @property
    def state(self) -> "KeyOut":
        """What its ETag speaks for: to use a key does not change it."""
        return self.model_copy(update={"last_used_at": None, "is_this_key": False})


class ChangedKeyOut(KeyOut):
    """A key of yours as it stands now."""

    warnings: list[str] = Field(description="Such as: that you can call with it from here no more")


class KeySecretOut(KeyOut):
    """A key of yours with the key itself: the one time that it is shown."""

    key: str


class RotatedKeyOut(Answer):
    """The new key, and the old one with its end."""

    new: KeySecretOut
    old: KeyOut


class RevokedKeyOut(Answer):
    """The key, which works no more."""

    key: KeyOut
    warnings: list[str] = Field(description="Such as: that it was the key that you call with")


class KeyPage(Answer):
    """A page of keys; follow ``next`` and ``previous`` as they are."""

    results: list[KeyOut]
    next: str | None
    previous: str | None
