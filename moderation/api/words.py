"""What people write in a few words, as bodies bring it: bounded, and without what PostgreSQL cannot hold."""

from typing import Annotated

from pydantic import AfterValidator, Field, StrictStr
from pydantic_core import PydanticCustomError

from reviewengine import conf

MOST = 1000

Words = Annotated[StrictStr, Field(min_length=1, max_length=MOST, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
Comment = Annotated[StrictStr, Field(max_length=MOST, pattern=r"^[^\x00]*$")]


def _short_enough(value: str) -> str:
    if len(value) > (limit := conf.load().api.max_text_characters):
        raise PydanticCustomError("too_long", "is longer than {limit} characters", {"limit": limit})
    return value


# A text to try something on: as long as a content may be, and kept nowhere.
Passage = Annotated[StrictStr, Field(pattern=r"^[^\x00]*$"), AfterValidator(_short_enough)]
