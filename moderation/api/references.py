"""Which content a call is about: named in the body, or in the query of a list, by our id or by the caller's own."""

from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from moderation.api.errors import Problem
from moderation.ingest.schemas import Identifier, Moment, Name, Strict
from moderation.models import Content
from moderation.review.refusals import ActRefused

RETRY_SECONDS = "1"


def _describe_reference(schema: dict[str, Any]) -> None:
    names = ("content_id", "external_id")
    schema["oneOf"] = [{"required": [name], "properties": {name: {"type": "string"}}} for name in names]


class ContentReference(Strict):
    """A content by ``content_id`` or by ``external_id``: one of both."""

    model_config = ConfigDict(json_schema_extra=_describe_reference)

    content_id: UUID | None = None
    external_id: Identifier | None = None

    @model_validator(mode="after")
    def _one_name(self) -> Self:
        if (self.content_id is None) == (self.external_id is None):
            raise PydanticCustomError("missing", "name the content by content_id or by external_id, one of both")
        return self


class ContentFacts(Strict):
    """What lists of facts about contents are narrowed by. ``COLUMNS``: members whose column has another name."""

    COLUMNS: ClassVar[dict[str, str]] = {}

    content_id: UUID | None = None
    external_id: Name | None = Field(None, description="Your own id of the content")
    created_after: Moment | None = None
    created_before: Moment | None = None

    def conditions(self) -> dict[str, Any]:
        """The same as look-ups."""
        columns = {
            "content_id": "content",
            "external_id": "content__external_id",
            "created_after": "created_at__gte",
            "created_before": "created_at__lt",
            **self.COLUMNS,
        }
        return {columns.get(name, name): getattr(self, name) for name in self.model_fields_set}


def lock_content(client_id: int, reference: ContentReference) -> Content:
    """The caller's own content, its row locked. Raises Problem ``not_found``: another client's is absent."""
    name = "content_id" if reference.content_id else "external_id"
    wanted: dict[str, Any] = {"pk" if name == "content_id" else name: getattr(reference, name)}
    content = Content.objects.filter(client_id=client_id, **wanted).select_for_update(of=("self",)).first()
    if content is None:
        fault = {"pointer": f"/{name}", "code": "unknown_value", "detail": "there is no such content of yours"}
        raise Problem("not_found", errors=[fault])
    return content


def conflict(refusal: ActRefused) -> Problem:
    """The refusal as an answer; one that passes by itself says when to try again."""
    return Problem("conflict", str(refusal), headers={"Retry-After": RETRY_SECONDS} if refusal.wait else {})
