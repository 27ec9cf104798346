"""What a submission may look like: pydantic models."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal, Self
from uuid import UUID

import orjson
from django.utils import timezone
from pydantic import (
    AfterValidator,
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
    ValidationInfo,
    model_validator,
)
from pydantic_core import PydanticCustomError

from moderation import directions
from moderation.ingest.store import Submission, SubmittedImage
from moderation.outbound.guard import UnsafeUrl, check_url
from reviewengine import conf

MAX_METADATA_BYTES = 16_384
MAX_METADATA_DEPTH = 6
# jsonb keeps a whole number exactly, however it was written; beyond this no JSON reader agrees on what it is.
LARGEST_NUMBER = 2**63 - 1
# Characters that show nothing: a text of these alone is empty.
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
# Stands for a text that was not sent: one that was sent can never hold this character.
ABSENT = "\x00"


def without_nul(value: str) -> str:
    """Refuses what PostgreSQL could not store."""
    if "\x00" in value:
        raise PydanticCustomError("invalid_characters", "must not contain the character NUL")
    return value


def without_direction(value: str) -> str:
    """Refuses what changes the direction of its surroundings: two ids would look alike, or like what they are not."""
    if not directions.ALL.isdisjoint(value):
        raise PydanticCustomError("invalid_characters", "must not contain characters that change the writing direction")
    return value


def _text(value: str, info: ValidationInfo) -> str:
    """A content has a text or an image; beside an image the text may be empty."""
    limit = conf.load().api.max_text_characters
    if value == ABSENT or not value.strip().strip(INVISIBLE).strip():
        # Images that were refused are a fault of their own.
        if info.data.get("images", True):
            return ""
        if value == ABSENT:
            raise PydanticCustomError("missing", "is missing; a content needs a text or an image")
        raise PydanticCustomError("empty", "must not be empty")
    if len(value) > limit:
        raise PydanticCustomError("too_long", "is longer than {limit} characters", {"limit": limit})
    return value


def _metadata(value: dict[str, Any]) -> dict[str, Any]:
    # The walk first: what is nested very deeply could not be written out to be measured.
    for part, depth in _walk(value, 1):
        if depth > MAX_METADATA_DEPTH:
            raise PydanticCustomError("too_deep", "is nested deeper than {limit} levels", {"limit": MAX_METADATA_DEPTH})
        if isinstance(part, str):
            without_nul(part)
        elif isinstance(part, int | float) and abs(part) > LARGEST_NUMBER:
            raise PydanticCustomError("too_large", "holds a number beyond 64 bits; send it as a text")
    if len(orjson.dumps(value)) > MAX_METADATA_BYTES:
        raise PydanticCustomError("too_long", "is larger than {limit} bytes", {"limit": MAX_METADATA_BYTES})
    return value


def _walk(value: Any, depth: int) -> Iterator[tuple[Any, int]]:
    yield value, depth
    if depth <= MAX_METADATA_DEPTH and isinstance(value, dict):
        for key, inner in value.items():
            yield key, depth
            yield from _walk(inner, depth + 1)
    elif depth <= MAX_METADATA_DEPTH and isinstance(value, list):
        for inner in value:
            yield from _walk(inner, depth + 1)


def fetchable_url(value: str) -> str:
    """Refuses at once what no worker would ever fetch; where a name leads is seen when it is fetched."""
    options = conf.load().images.fetch
    try:
        if value:
            check_url(
                value.partition("#")[0],
                allow_http=options.allow_http,
                allow_networks=options.allow_networks,
                section="images.fetch",
            )
    except UnsafeUrl as error:
        raise PydanticCustomError("unsafe_url", "{fault}", {"fault": str(error)}) from error
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("empty", "must not be blank")
    return value


def _iso_time(value: Any) -> Any:
    """Pydantic would take a number for seconds since 1970; a client that sends one has mistaken the parameter."""
    try:
        return value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise PydanticCustomError("invalid_format", "is a time in ISO 8601, such as 2026-11-21T08:00:00Z") from None


def _in_utc(value: datetime) -> datetime:
    """A time without a zone is refused: to guess one would be wrong by hours for somebody."""
    if value.tzinfo is None:
        raise PydanticCustomError("invalid_format", "has no time zone; write it such as 2026-11-21T08:00:00Z")
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise PydanticCustomError("invalid_format", "lies outside the years 1 to 9999 in UTC") from None


def _describe_text(schema: dict[str, Any]) -> None:
    """The schema of a text: its configured length, and no default, for it may only be absent beside images."""
    del schema["default"]
    schema |= {"maxLength": conf.load().api.max_text_characters, **WITHOUT_NUL}


def _describe_content(schema: dict[str, Any]) -> None:
    """A content needs a text or an image."""
    schema["anyOf"] = [
        {"required": ["text"], "properties": {"text": NOT_BLANK}},
        {"required": ["images"], "properties": {"images": {"minItems": 1}}},
    ]


# What the validators ask for, told to readers of the schema as well.
WITHOUT_NUL = {"pattern": "^[^\\u0000]*$"}
NOT_BLANK = {"pattern": "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"}
_REFUSED = "\\u0000\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069"
Identifier = Annotated[
    StrictStr,
    Field(
        min_length=1, max_length=255, json_schema_extra={"pattern": f"^[^{_REFUSED}]*[^\\s{_REFUSED}][^{_REFUSED}]*$"}
    ),
    AfterValidator(without_nul),
    AfterValidator(without_direction),
    AfterValidator(_not_blank),
]
# An identifier that may be left out: empty.
Reference = Annotated[
    StrictStr,
    Field(max_length=255, json_schema_extra={"pattern": f"^[^{_REFUSED}]*$"}),
    AfterValidator(without_nul),
    AfterValidator(without_direction),
]
Name = Annotated[StrictStr, Field(max_length=255, json_schema_extra=WITHOUT_NUL), AfterValidator(without_nul)]
Metadata = Annotated[dict[str, Any], AfterValidator(_metadata)]
Language = Annotated[StrictStr, Field(max_length=35, pattern=r"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?$")]
Moment = Annotated[datetime, BeforeValidator(_iso_time), AfterValidator(_in_utc)]


def in_the_future(value: datetime | None) -> datetime | None:
    """Refuses an end that is past."""
    if value is not None and value <= timezone.now():
        raise PydanticCustomError("in_the_past", "must lie in the future")
    return value


class Strict(BaseModel):
    """A name that is not known here is a mistake, and refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# What the column holds.
Reach = Annotated[StrictInt, Field(ge=0, le=2**31 - 1)]


class AuthorIn(Strict):
    """Who wrote it, by the client's own id."""

    external_id: Identifier = Field(validation_alias=AliasChoices("external_id", "id"))
    display_name: Name = Field("", validation_alias=AliasChoices("display_name", "name"))
    reach: Reach | None = Field(None, description="How many people see what they write, such as followers")


class ContextIn(Strict):
    """Where it was written."""

    conversation_id: Reference = ""
    parent_external_id: Reference = ""
    url: Annotated[StrictStr, Field(max_length=2048, json_schema_extra=WITHOUT_NUL), AfterValidator(without_nul)] = ""


class ImageIn(Strict):
    """One image: sent before (``media_id``), sent here (``data``: base64 or a data: URL), or named by its ``url``."""

    media_id: UUID | None = None
    data: StrictStr = ""
    url: Annotated[StrictStr, Field(max_length=2048), AfterValidator(fetchable_url)] = ""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if len([way for way in (self.media_id, self.data, self.url) if way]) != 1:
            raise PydanticCustomError("invalid_format", "must have one of media_id, data and url")
        return self

    @property
    def given(self) -> str:
        """The name of the field that was sent."""
        return "media_id" if self.media_id else "data" if self.data else "url"


def _images(value: list[ImageIn]) -> list[ImageIn]:
    limit = conf.load().images.max_per_content
    if len(value) > limit:
        raise PydanticCustomError("too_many", "a content may have {limit} images", {"limit": limit})
    return value


class ContentIn(Strict):
    """One submission."""

    model_config = ConfigDict(json_schema_extra=_describe_content)

    external_id: Identifier = Field(description="Your id: the same text again stores nothing, another makes a version")
    # Before the text, which asks whether there are any.
    images: Annotated[list[ImageIn], AfterValidator(_images)] = []
    text: Annotated[StrictStr, AfterValidator(_text), AfterValidator(without_nul)] = Field(
        ABSENT, validate_default=True, json_schema_extra=_describe_text
    )
    author: AuthorIn | Identifier | None = Field(None, description="Who wrote it: an object, or your id alone")
    context: ContextIn = ContextIn()
    metadata: Metadata = Field({}, description="An object of up to 16 KB, 6 levels deep; policies can ask about it")
    language: Language = Field("", description="A BCP 47 tag")
    policy: Annotated[StrictStr, Field(max_length=100), AfterValidator(without_nul)] = Field(
        "", description="The name of a policy; otherwise the client's own, otherwise default"
    )
    mode: Literal["async", "sync"] = Field("async", description="sync waits for the decision")

    def submission(self, policy_id: int | None, images: Sequence[SubmittedImage] = ()) -> Submission:
        """The same in the terms of ingest."""
        author = AuthorIn(external_id=self.author) if isinstance(self.author, str) else self.author
        return Submission(
            external_id=self.external_id,
            text=self.text,
            author_external_id=author.external_id if author else "",
            author_name=author.display_name if author else "",
            author_reach=author.reach if author else None,
            conversation_id=self.context.conversation_id,
            parent_external_id=self.context.parent_external_id,
            url=self.context.url,
            metadata=self.metadata,
            language=self.language,
            policy_id=policy_id,
            images=tuple(images),
        )
