"""How authors look in answers, and what is sent about them."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, ConfigDict, Field, StrictInt, model_validator
from pydantic_core import PydanticCustomError

from moderation.api.content_shapes import Whole
from moderation.api.words import Words
from moderation.enums import DecisionSource, Outcome, TrustLevel
from moderation.ingest.schemas import Moment, Name, Reach, Strict, in_the_future
from moderation.models import Author

LONGEST_SUSPENSION = 100 * 366 * 86_400


class SuspensionOut(Whole):
    """A suspension that runs now; one that has run out is not told."""

    since: datetime
    until: datetime | None = Field(description="Null: until somebody reinstates the author")
    reason: str


class AuthorOut(Whole):
    """An author as the platform's moderators see one."""

    id: UUID
    external_id: str
    display_name: str
    reach: int | None = Field(description="How many people see what they write, as you said; null where you did not")
    trust: TrustLevel
    suspended: bool
    suspension: SuspensionOut | None
    created_at: datetime = Field(description="When the first content of this author came")

    @classmethod
    def facts(cls, author: Author, now: datetime) -> dict[str, Any]:
        """The members of the answer at ``now``."""
        suspension = None
        if author.suspended_at is not None and author.is_suspended(now):
            suspension = SuspensionOut(
                since=author.suspended_at, until=author.suspended_until, reason=author.suspension_reason
            )
        return {
            "id": author.public_id,
            "external_id": author.external_id,
            "display_name": author.display_name,
            "reach": author.reach,
            "trust": author.trust,
            "suspended": suspension is not None,
            "suspension": suspension,
            "created_at": author.created_at,
        }

    @classmethod
    def of(cls, author: Author, now: datetime) -> "AuthorOut":
        return cls(**cls.facts(author, now))


class AuthorFiguresOut(Whole):
    """What became of the author's contents that are not erased, and the reports against them."""

    approved: int
    rejected: int
    in_review: int
    pending: int
    reports: int = Field(description="Reports of users about this author's contents")
    reports_upheld: int = Field(description="Those of them after which the content was rejected")


class AuthorDetailOut(AuthorOut):
    """An author with figures. The ETag stands for what can be changed; the figures come fresh with every answer."""

    figures: AuthorFiguresOut


class AuthorPage(Whole):
    """A page of authors; follow ``next`` and ``previous`` as they are."""

    results: list[AuthorOut]
    next: str | None
    previous: str | None


class AuthorDecisionOut(Whole):
    """A decision about one of the author's contents."""

    id: UUID
    content_id: UUID
    external_id: str = Field(description="Your id of the content")
    content_version: int
    outcome: Outcome
    source: DecisionSource
    rule: str
    label: str = Field(description="The reason that was chosen, as a short name; empty where there was none")
    reasoning: str


class AuthorActOut(Whole):
    """What was done to the author: by a key of the API, in the console, or by the system."""

    action: str = Field(examples=["author.suspended"])
    by: str = Field(examples=["api"])
    changes: dict[str, Any] = Field(description="Member to [before, after], or to 'changed' where it is a name")
    until: datetime | None = Field(description="The end of a suspension")
    reason: str = Field(description="Of a suspension")


class AuthorEventOut(Whole):
    """One line of an author's history: a decision, or an act."""

    at: datetime
    decision: AuthorDecisionOut | None
    act: AuthorActOut | None


class AuthorHistoryPage(Whole):
    """A page of the history; follow ``next`` and ``previous`` as they are."""

    results: list[AuthorEventOut]
    next: str | None
    previous: str | None


class AuthorQuery(Strict):
    """What the list is narrowed by."""

    external_id: Name | None = Field(None, description="Your own id of the author")
    trust: TrustLevel | None = None
    suspended: Literal["true", "false"] | None = Field(None, description="Whether a suspension runs now")


def _describe_patch(schema: dict[str, Any]) -> None:
    kinds = {"trust": "string", "display_name": "string", "reach": "integer"}
    schema["anyOf"] = [{"required": [name], "properties": {name: {"type": kind}}} for name, kind in kinds.items()]


class AuthorPatch(Strict):
    """What is to change; what is not named stays."""

    model_config = ConfigDict(json_schema_extra=_describe_patch)

    trust: TrustLevel | None = None
    display_name: Name | None = None
    reach: Reach | None = None

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.trust is None and self.display_name is None and self.reach is None:
            raise PydanticCustomError("missing", "name trust, display_name or reach, and what it shall be")
        return self


def _describe_end(schema: dict[str, Any]) -> None:
    both = {"until": {"type": "string"}, "duration_seconds": {"type": "integer"}}
    schema["not"] = {"required": list(both), "properties": both}


class SuspensionIn(Strict):
    """How long, and why. Neither ``until`` nor ``duration_seconds``: until somebody reinstates the author."""

    model_config = ConfigDict(json_schema_extra=_describe_end)

    until: Annotated[Moment | None, AfterValidator(in_the_future)] = None
    duration_seconds: Annotated[StrictInt, Field(ge=1, le=LONGEST_SUSPENSION)] | None = None
    reason: Words = Field(description="For the platform's eyes; also in the author's history")

    @model_validator(mode="after")
    def _one_end(self) -> Self:
        if self.until is not None and self.duration_seconds is not None:
            raise PydanticCustomError("invalid_format", "send until or duration_seconds, not both")
        return self

    def end(self, now: datetime) -> datetime | None:
        """The moment when the suspension ends."""
        return now + timedelta(seconds=self.duration_seconds) if self.duration_seconds else self.until
