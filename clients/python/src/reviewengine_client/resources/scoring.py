"""Scores without storing anything, at the door in OpenAI's shape; what Review Engine adds stands beside it."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reviewengine_client.calls import Call, R, Resource, one

if TYPE_CHECKING:
    from reviewengine_client.shapes import (
        ModerationResultOut,
    )


MODEL = "omni-moderation-latest"


class Scoring(Resource[R]):
    @one("createModeration", "POST", "/v1/moderations")
    def score(self, text: str = "", *, images: Sequence[bytes | str] = ()) -> Call[ModerationResultOut]:
        """Reads a text, and images beside it: their bytes, or addresses that the server fetches. Nothing is stored."""
        pictures = [{"type": "image_url", "image_url": {"url": _url(image)}} for image in images]
        words = [{"type": "text", "text": text}] if text else []
        asked: Any = [*words, *pictures] if pictures else text
        return Call(body={"model": MODEL, "input": asked}, pick=lambda body: body["results"][0])

    @one("createModeration", "POST", "/v1/moderations")
    def score_many(self, texts: Sequence[str]) -> Call[list[ModerationResultOut]]:
        """Reads several texts together: a result for each, in order, and several times the speed of single calls."""
        return Call(body={"model": MODEL, "input": list(texts)}, pick=lambda body: body["results"])


def _url(image: bytes | str) -> str:
    if isinstance(image, str):
        return image
    return "data:application/octet-stream;base64," + base64.b64encode(image).decode()
