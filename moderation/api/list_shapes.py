"""What term lists and hash banks share in what is sent: the name that policies ask for, and how one is changed."""

from typing import Annotated, Self

from pydantic import Field, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from moderation.ingest.schemas import Strict

Slug = Annotated[StrictStr, Field(min_length=1, max_length=100, pattern=r"^[-a-zA-Z0-9_]+$")]


class Patch(Strict):
    """Of what is to change, at least one; what is not named stays, and nothing can be taken away."""

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.model_fields_set or None in (getattr(self, name) for name in self.model_fields_set):
            raise PydanticCustomError("missing", "name what is to change, and what it shall be")
        return self
