"""What is said of webhook endpoints, of the events written for them, and of the attempts to deliver one."""

import re
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StrictBool, StrictInt, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from moderation.api.platform import Answer
from moderation.enums import EventStatus, EventType
from moderation.ingest.schemas import WITHOUT_NUL, Moment, Strict
from moderation.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from moderation.outbound.guard import UnsafeUrl
from moderation.webhooks.endpoints import OLD_SECRET_LIVES, check_endpoint_url

LONGEST_OVERLAP = timedelta(days=7)
# What a look-up of the endpoint's name found inside our network is the operator's to know.
INNER_ADDRESS = re.compile(r" is at \S+, which is ")


def _safe_url(value: str) -> str:
    """Refuses at once what is never called; where a name leads is checked at every delivery."""
    try:
        check_endpoint_url(value)
    except UnsafeUrl as error:
        raise PydanticCustomError("unsafe_url", "{fault}", {"fault": str(error)}) from error
    return value


Url = Annotated[
    StrictStr,
    Field(
        max_length=2048,
        json_schema_extra={"format": "uri", **WITHOUT_NUL},
        description="Where to POST to: https, at a public address",
        examples=["https://example.com/hook"],
    ),
    AfterValidator(_safe_url),
]
ToldEvent = Literal["content.approved", "content.rejected", "review.opened", "decision.overridden"]
# An empty list is refused: one that came out empty by mistake must not mean everything.
ToldEvents = Annotated[list[ToldEvent], Field(min_length=1, max_length=20)]


class EndpointIn(Strict):
    """A receiver to be told."""

    url: Url
    event_types: ToldEvents | None = Field(None, description="What to send; null: everything")

    def types(self) -> list[EventType]:
        """Each once, in the order given; none: everything."""
        return [EventType(kind) for kind in dict.fromkeys(self.event_types or ())]


class EndpointChange(Strict):
    """What is to change; what is not named stays as it is."""

    url: Url | None = None
    event_types: ToldEvents | None = Field(None, description="What to send; null: everything")
    enabled: StrictBool | None = Field(None, description="false holds what waits, true sends it at once")

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        for name in ("url", "enabled"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise PydanticCustomError("wrong_type", "only event_types may be null; leave out what stays as it is")
        return self

    def types(self) -> list[EventType] | None:
        """Each once, in the order given, none for everything; None: they stay."""
        if "event_types" not in self.model_fields_set:
            return None
        return [EventType(kind) for kind in dict.fromkeys(self.event_types or ())]


class RotationIn(Strict):
    """How long the old secret signs beside the new one."""

    overlap_seconds: StrictInt = Field(
        int(OLD_SECRET_LIVES.total_seconds()),
        ge=0,
        le=int(LONGEST_OVERLAP.total_seconds()),
        description="A day unless you say otherwise, a week at most; 0 ends the old one now",
    )


class EndpointOut(Answer):
    """A receiver of yours."""

    id: str
    url: str
    event_types: list[str] | None = Field(description="What it hears of; null: everything")
    enabled: bool
    status: Literal["enabled", "failing", "disabled"] = Field(
        description="failing: the last attempt to reach it failed; it is tried again by itself"
    )
    disabled_at: datetime | None
    disabled_reason: str
    secret_rotated_at: datetime | None = Field(description="Since when it has this secret, if not from the beginning")
    previous_secret_until: datetime | None = Field(description="Until when the secret before this one signs too")
    created_at: datetime

    @classmethod
    def of(cls, row: WebhookEndpoint, **more: Any) -> Self:
        """The endpoint as it stands."""
        return cls(
            id=row.public_id,
            url=row.url,
            event_types=row.event_types or None,
            enabled=row.disabled_at is None,
            status="disabled" if row.disabled_at else "failing" if row.failures_in_a_row else "enabled",
            disabled_at=row.disabled_at,
            disabled_reason=row.disabled_reason,
            secret_rotated_at=row.secret_rotated_at,
            previous_secret_until=row.previous_secret_until,
            created_at=row.created_at,
            **more,
        )


class EndpointSecretOut(EndpointOut):
    """A receiver of yours with its secret: the one time that it is shown."""

    secret: str = Field(description="`whsec_` and base64, as Standard Webhooks writes it")


class EndpointPage(Answer):
    """A page of endpoints; follow ``next`` and ``previous`` as they are."""

    results: list[EndpointOut]
    next: str | None
    previous: str | None


class EventQuery(Strict):
    """Which events."""

    status: Literal["pending", "delivered", "dead"] | None = None
    type: Literal[ToldEvent, "endpoint.test"] | None = None
    content_id: Annotated[str, Field(max_length=64)] | None = Field(None, description="About this content")


class RangeIn(Strict):
    """Which events to send again."""

    status: Literal["pending", "delivered", "dead"] = Field("dead", description="Those that are in this state")
    since: Moment | None = Field(None, description="Written from this time on")
    until: Moment | None = Field(None, description="Written before this time")


class EventOut(Answer):
    """What was, or is to be, told to an endpoint."""

    id: str = Field(description="The same as `webhook-id`, on every attempt")
    endpoint_id: str
    type: EventType
    content_id: str | None
    status: EventStatus
    attempts: int
    refusals: int = Field(description="Attempts that the receiver answered with an error")
    created_at: datetime
    next_attempt_at: datetime | None = Field(description="Not before this time; null once it is delivered or dead")
    finished_at: datetime | None

    @classmethod
    def of(cls, row: WebhookEvent, **more: Any) -> Self:
        """The event as it stands; its endpoint must have been selected with it."""
        return cls(
            id=row.message_id,
            endpoint_id=row.endpoint.public_id,
            type=EventType(row.type),
            content_id=str(row.content_id) if row.content_id else None,
            status=EventStatus(row.status),
            attempts=row.attempts,
            refusals=row.refusals,
            created_at=row.created_at,
            next_attempt_at=row.next_attempt_at if row.status == EventStatus.PENDING else None,
            finished_at=row.finished_at,
            **more,
        )


class EventPage(Answer):
    """A page of events; follow ``next`` and ``previous`` as they are."""

    results: list[EventOut]
    next: str | None
    previous: str | None


class DeliveryOut(Answer):
    """One attempt: when, how long, and what came back."""

    attempt: int
    status_code: int | None = Field(description="What the receiver answered; null where no answer came")
    error: str
    duration_ms: float
    created_at: datetime

    @classmethod
    def of(cls, row: WebhookDelivery) -> Self:
        """The attempt, without what the look-up of a name tells of our network."""
        return cls(
            attempt=row.attempt,
            status_code=row.status_code,
            error=INNER_ADDRESS.sub(" has an address that is ", row.error),
            duration_ms=row.duration_ms,
            created_at=row.created_at,
        )


class EventDetailOut(EventOut):
    """An event with its body and the newest attempts to deliver it."""

    payload: dict[str, Any] = Field(description="The body, as it is sent")
    deliveries: list[DeliveryOut] = Field(description="Newest first, 100 at most")


class SentTestOut(Answer):
    """The event that was written; ask for it to see what came back."""

    id: str = Field(description="The same as `webhook-id`, on every attempt")


class RedeliveredOut(Answer):
    """How many events will be sent again."""

    redelivered: int
