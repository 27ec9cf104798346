"""How hash banks and their entries look in answers, and what is sent about them."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, StrictBool, StrictInt, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from moderation.api.content_shapes import Whole
from moderation.api.list_shapes import Patch, Slug
from moderation.enums import Category, HashBankAction
from moderation.ingest.schemas import Strict
from moderation.models import HashBank, HashBankEntry

Note = Annotated[StrictStr, Field(max_length=300, pattern=r"^[^\x00]*$")]
Distance = Annotated[StrictInt, Field(ge=0, le=24)]


class HashBankOut(Whole):
    """A bank without its entries: those are read page by page."""

    name: str
    description: str
    category: Category
    action: HashBankAction = Field(description="What it means that the bank knows an image")
    max_distance: int = Field(description="How many of the 64 bits of a perceptual hash may differ; 0: none")
    enabled: bool
    entry_count: int
    updated_at: datetime

    @classmethod
    def of(cls, row: HashBank, entry_count: int | None = None) -> "HashBankOut":
        return cls(
            name=row.name,
            description=row.description,
            category=Category(row.category),
            action=HashBankAction(row.action),
            max_distance=row.max_distance,
            enabled=row.enabled,
            entry_count=row.entries.count() if entry_count is None else entry_count,
            updated_at=row.updated_at,
        )


class HashBankPage(Whole):
    """A page of banks; follow ``next`` and ``previous`` as they are."""

    results: list[HashBankOut]
    next: str | None
    previous: str | None


class EntryOut(Whole):
    """One known image, by its file, by what it looks like, or both."""

    id: str
    sha256: str | None
    perceptual_hash: str | None
    note: str
    created_by: str
    created_at: datetime

    @classmethod
    def of(cls, row: HashBankEntry) -> "EntryOut":
        return cls(
            id=str(row.pk),
            sha256=row.sha256 or None,
            perceptual_hash=row.perceptual_hash or None,
            note=row.note,
            created_by=row.created_by,
            created_at=row.created_at,
        )


class EntryPage(Whole):
    """A page of entries, the newest first; follow ``next`` and ``previous`` as they are."""

    results: list[EntryOut]
    next: str | None
    previous: str | None


class HashBankQuery(Strict):
    """What the list is narrowed by."""

    action: HashBankAction | None = None
    enabled: bool | None = None


class EntryQuery(Strict):
    """What the list is narrowed by."""

    sha256: Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{64}$")] | None = None
    perceptual_hash: Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{16}$")] | None = None


class HashBankIn(Strict):
    """A new bank. Its name stays: policies ask for it."""

    name: Slug
    description: Note = ""
    category: Category = Category.NSFW_IMAGE
    action: HashBankAction = HashBankAction.REVIEW
    max_distance: Distance = 6
    enabled: StrictBool = True


class HashBankPatch(Patch):
    """What is to change; what is not named stays."""

    description: Note | None = None
    category: Category | None = None
    action: HashBankAction | None = None
    max_distance: Distance | None = None
    enabled: StrictBool | None = None


class EntryIn(Strict):
    """A known image: by hashes of one, or by the id of one that this client has sent."""

    sha256: Annotated[StrictStr, Field(pattern=r"^[0-9a-fA-F]{64}$")] | None = Field(None, description="Of the file")
    perceptual_hash: Annotated[StrictStr, Field(pattern=r"^[0-9a-fA-F]{16}$")] | None = None
    media_id: UUID | None = Field(None, description="From `POST /api/v1/media`; in place of hashes")
    note: Note = ""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.media_id is None) == (not (self.sha256 or self.perceptual_hash)):
            raise PydanticCustomError("invalid_format", "must have media_id, or one of sha256 and perceptual_hash")
        return self

    def hashes(self) -> dict[str, Any]:
        """The hashes that were sent, as they are kept."""
        return {"sha256": (self.sha256 or "").lower(), "perceptual_hash": (self.perceptual_hash or "").lower()}
