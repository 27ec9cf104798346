"""How a content looks in answers, and what its list may be asked: the shapes of `moderation.api.serializers`.

The rows are answered as they are read, without these models between, for speed; tests hold each answer to them.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, RootModel

from moderation.api.errors import ProblemOut
from moderation.api.platform import Answer
from moderation.enums import ContentStatus, DecisionSource, HashBankAction, MediaSource, Outcome
from moderation.ingest.schemas import ContentIn, Moment, Name, Strict
from moderation.webhooks.shapes import PolicyOut, ReasonOut, Scores
from reviewengine import conf


class Whole(Answer):
    """An answer that has these members and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReadingOut(Whole):
    """A condition that spoke for a match. ``negated``: it did so by being false."""

    condition: str
    category: str
    score: float | None
    threshold: float | None
    negated: bool


class MatchOut(Whole):
    """A rule that held, whether or not it decided."""

    rule: str
    outcome: Outcome
    readings: list[ReadingOut]


class EvidenceOut(Whole):
    """Where in the original text a detector saw something: code points, end exclusive."""

    category: str
    start: Annotated[int, Field(ge=0)]
    end: Annotated[int, Field(ge=0)]
    detector: str
    detail: str


class HashBankHitOut(Whole):
    """A bank that knows the image; ``distance``: how many of 64 bits differ, null for the same file."""

    bank: str
    action: HashBankAction
    category: str
    distance: int | None


class ImageOut(Whole):
    """One image of the content, and what was seen in it."""

    media_id: UUID | None
    source: MediaSource
    url: str
    sha256: str | None
    format: str | None
    width: int | None
    height: int | None
    bytes: int | None
    scores: Scores
    hash_banks: list[HashBankHitOut]
    fault: str | None = Field(description="Why nobody could look at it")


class AuthorOfContent(Whole):
    """Who wrote it, by the client's own id."""

    external_id: str
    display_name: str
    reach: int | None = Field(description="How many people see what they write; null where you did not say")


class ContextOut(Whole):
    """Where it was written."""

    conversation_id: str
    parent_external_id: str
    url: str


class ContentOut(Whole):
    """A content as it stands, with the newest result and decision of its current version."""

    id: UUID
    external_id: str
    version: int = Field(description="1 when it was first sent; each edit adds one")
    status: ContentStatus
    decision: Outcome | None
    rule: str | None = Field(description="The rule that decided, or sent it to a person")
    source: DecisionSource | None
    label: str = Field(description="The reason that was chosen, as a short name; empty where there was none")
    reasoning: str = Field(description="Why, in words that may be shown to the author")
    reasons: list[ReasonOut]
    scores: Scores
    evidence: list[EvidenceOut]
    matches: list[MatchOut]
    not_covered: list[str] = Field(description="Categories that no enabled detector looked for: unknown, not 0")
    failures: dict[str, str] = Field(description="Detectors that failed this time, and how")
    identified_language: str | None
    detectors: dict[str, str] = Field(description="The versions that produced this answer")
    policy: PolicyOut | None
    masked_text: str | None = Field(description="The text without personal data; null where none was found")
    images: list[ImageOut]
    author: AuthorOfContent | None
    context: ContextOut
    metadata: dict[str, Any]
    language: str
    created_at: datetime
    updated_at: datetime
    decided_at: datetime | None
    erased_at: datetime | None
    near_duplicates: int | None = Field(description="How many others say nearly the same; null in lists")


NotTaken = Annotated[
    list[Literal["author", "context", "language", "metadata", "policy"]],
    Field(description="What differs from what stands there, and was not taken: the text is the same, so no version"),
]


class SubmittedOut(ContentOut):
    """A content as a submission is answered with it."""

    not_taken: NotTaken = []


class ContentDetailOut(ContentOut):
    """A content with its text."""

    text: str | None = Field(description="Null once it is erased")


class ContentPage(Whole):
    """A page of contents; follow ``next`` and ``previous`` as they are."""

    results: list[ContentOut]
    next: str | None
    previous: str | None


class ReceiptOut(Whole):
    """What was stored, and where it stands."""

    id: UUID
    external_id: str
    version: int
    status: ContentStatus
    not_taken: NotTaken = []


class StoredOut(RootModel[ReceiptOut | SubmittedOut]):
    """What was stored; the whole content where the time to wait for its decision ran out."""


class RefusedOut(Whole):
    """An item that was not stored."""

    external_id: str | None
    error: ProblemOut


class BulkOut(Whole):
    """One result an item, in the order in which they were sent."""

    results: list[ReceiptOut | RefusedOut]


class StreamReceiptOut(ReceiptOut):
    """A line that was stored."""

    line: int = Field(ge=1)


class StreamRefusedOut(RefusedOut):
    """A line that was not."""

    line: int = Field(ge=1)


class TallyOut(Whole):
    """What became of the lines. ``complete`` is false where the stream was given up: no later line is stored."""

    lines: int
    stored: int
    unchanged: int = Field(description="Sent before with the same text and images")
    refused: int
    complete: bool
    error: ProblemOut | None = Field(None, description="Why it was given up; absent where it is complete")


class StreamSummaryOut(Whole):
    """The last line."""

    summary: TallyOut


class StreamLineOut(RootModel[StreamReceiptOut | StreamRefusedOut | StreamSummaryOut]):
    """One line of the answer to a stream."""


class MediaOut(Whole):
    """An image that was taken."""

    id: UUID
    sha256: str
    format: str
    width: int
    height: int
    frames: int
    bytes: int


class BulkIn(Strict):
    """Many submissions. Each is judged by itself: a faulty one does not spoil the others."""

    model_config = ConfigDict(json_schema_extra=lambda schema: _limit_items(schema))

    items: list[ContentIn] = Field(min_length=1)


def _limit_items(schema: dict[str, Any]) -> None:
    schema["properties"]["items"]["maxItems"] = conf.load().api.max_bulk_items


class ContentQuery(Strict):
    """What the list is narrowed by."""

    external_id: Name | None = None
    status: ContentStatus | None = None
    decision: Outcome | None = None
    author: Name | None = Field(None, description="The author's external_id")
    conversation_id: Name | None = None
    created_after: Moment | None = None
    created_before: Moment | None = None
    updated_after: Moment | None = Field(None, description="Changed then or later")
    updated_before: Moment | None = None
    order: Literal["created", "updated"] = Field(
        "created", description="`created`: newest first. `updated`: what changed longest ago first, to catch up"
    )

    def conditions(self) -> dict[str, Any]:
        """The same as look-ups."""
        names = {
            "author": "author__external_id",
            "created_after": "created_at__gte",
            "created_before": "created_at__lt",
            "updated_after": "updated_at__gte",
            "updated_before": "updated_at__lt",
        }
        return {names.get(name, name): getattr(self, name) for name in self.model_fields_set - {"order"}}
