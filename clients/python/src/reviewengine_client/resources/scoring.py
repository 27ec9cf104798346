"""Scores without storing anything, at the door in OpenAI's shape; what Review Engine adds stands beside it."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from reviewengine_client.calls import Call, R, Resource, many, one
from reviewengine_client.sending import bytes_of, lots, several

if TYPE_CHECKING:
    from reviewengine_client.sending import File
    from reviewengine_client.shapes import (
        ModerationResultOut,
    )


MODEL = "omni-moderation-latest"
MOST_TEXTS = 128
MOST_BYTES = 900_000


class Scoring(Resource[R]):
    @one("createModeration", "POST", "/v1/moderations")
    def score(self, text: str = "", *, images: Iterable[File] = ()) -> Call[ModerationResultOut]:
        """Reads a text, and images beside it, of which nothing is stored.

        An image is given by its bytes, as a ``Path``, as an open file, or as the address from which the server fetches
        it: here a ``str`` is an address.
        """
        pictures = [{"type": "image_url", "image_url": {"url": _url(image)}} for image in several(images)]
        words = [{"type": "text", "text": text}] if text else []
        asked: Any = [*words, *pictures] if pictures else text
        return Call(body={"model": MODEL, "input": asked}, pick=lambda body: body["results"][0])

    @many("createModeration", "POST", "/v1/moderations")
    def score_many(self, texts: Iterable[str]) -> Iterable[Call[ModerationResultOut]]:
        """Reads texts together, in calls of up to 128: a result for each, in order, sooner than by single calls."""
        chunks = lots(several(texts), most=MOST_TEXTS, most_bytes=MOST_BYTES)
        return (Call(body={"model": MODEL, "input": chunk}) for chunk in chunks)


def _url(image: File) -> str:
    if isinstance(image, str):
        return image
    return "data:application/octet-stream;base64," + base64.b64encode(bytes_of(image)).decode()
