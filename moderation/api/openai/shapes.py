"""What OpenAI's clients send: a text, several texts, or one item of texts and images."""

from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, StrictStr, Tag
from pydantic_core import ErrorDetails, PydanticCustomError

from moderation.api.openai.categories import DEFAULT_MODEL
from moderation.ingest.schemas import INVISIBLE, Name, Strict, fetchable_url, without_nul
from reviewengine import conf

_DATA = "data:"


def _text(value: str) -> str:
    limit = conf.load().api.max_text_characters
    if len(value) > limit:
        raise PydanticCustomError("string_above_max_length", "is longer than {limit} characters", {"limit": limit})
    return without_nul(value)


def _text_to_read(value: str) -> str:
    if not value.strip().strip(INVISIBLE).strip():
        raise PydanticCustomError("empty_string", "must not be empty")
    return _text(value)


def _url(value: str) -> str:
    return value if value[: len(_DATA)].lower() == _DATA else fetchable_url(value)


def _several(value: list[str]) -> list[str]:
    limit = conf.load().api.max_score_inputs
    if not value:
        raise PydanticCustomError("empty_array", "must not be empty")
    if len(value) > limit:
        raise PydanticCustomError("array_above_max_length", "may hold at most {limit} texts", {"limit": limit})
    return value


class TextPart(Strict):
    """A text within an item."""

    type: Literal["text"]
    text: Annotated[StrictStr, AfterValidator(_text)]


class ImageUrl(Strict):
    """Where the image is: an address that is fetched, or the image itself as a ``data:`` URL of base64."""

    url: Annotated[StrictStr, Field(min_length=1), AfterValidator(_url)]


class ImagePart(Strict):
    """An image within an item."""

    type: Literal["image_url"]
    image_url: ImageUrl


Part = Annotated[TextPart | ImagePart, Field(discriminator="type")]


def _item(parts: list[TextPart | ImagePart]) -> list[TextPart | ImagePart]:
    """Together an item has a text or an image, and no more of either than a content may have."""
    texts, images = text_of(parts), len(images_of(parts))
    limit = conf.load().images.max_per_content
    if images > limit:
        raise PydanticCustomError("array_above_max_length", "may hold at most {limit} images", {"limit": limit})
    if images:
        _text(texts)
    else:
        _text_to_read(texts)
    return parts


def text_of(parts: Iterable[TextPart | ImagePart]) -> str:
    """The texts of an item as one, a line each."""
    return "\n".join(part.text for part in parts if isinstance(part, TextPart))


def images_of(parts: Iterable[TextPart | ImagePart]) -> list[str]:
    """The addresses of an item's images, ``data:`` URLs included."""
    return [part.image_url.url for part in parts if isinstance(part, ImagePart)]


def is_data(url: str) -> bool:
    """Whether the address holds the image itself."""
    return url[: len(_DATA)].lower() == _DATA


def _kind(value: Any) -> str | None:
    """Which of the three forms it is; None for what is neither a string nor an array."""
    if isinstance(value, str):
        return "text"
    if isinstance(value, list):
        return "item" if value and isinstance(value[0], dict) else "texts"
    return None


Text = Annotated[StrictStr, AfterValidator(_text_to_read)]
Texts = Annotated[list[Text], AfterValidator(_several)]
Item = Annotated[list[Part], AfterValidator(_item)]


class ModerationIn(Strict):
    """The body of POST /v1/moderations."""

    input: Annotated[
        Annotated[Text, Tag("text")] | Annotated[Texts, Tag("texts")] | Annotated[Item, Tag("item")],
        Discriminator(
            _kind,
            custom_error_type="invalid_type",
            custom_error_message="must be a string, an array of strings, or an array of text and image_url objects",
        ),
    ] = Field(description="A text; several texts, each with a result; or one item of texts and images")
    model: Name = Field(DEFAULT_MODEL, description="Any name is taken; `text-moderation-...` asks for the older shape")


def place_of(fault: ErrorDetails) -> str | None:
    """A fault's place as OpenAI writes it: ``input[2].image_url.url``."""
    place = fault["loc"]
    if place[:1] == ("input",):  # pydantic names the form beside it, and in an item the type of each part
        form, inside = place[1:2], place[2:]
        place = ("input", *inside[:1], *inside[2 if form == ("item",) else 1 :])
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part[:100]}" for part in place).lstrip(".") or None
