"""Answers are plain dictionaries of the shapes in ``shapes``, which also remember the headers that came with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from reviewengine_client.errors import ReviewEngineError


class Answer(dict[str, Any]):
    """A JSON object with the headers of its response."""

    def __init__(self, members: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        super().__init__(members)
        self.headers = headers


def answer_of(response: httpx.Response) -> Any:
    """The JSON of a response; an object with its headers. Raises ReviewEngineError for what is no JSON."""
    try:
        body = response.json()
    except ValueError as error:
        raise ReviewEngineError(f"{response.url.path} answered no JSON: is the base URL right?") from error
    return Answer(body, response.headers) if isinstance(body, dict) else body


def etag_of(answer: Any) -> str | None:
    """The ETag that came with an answer, for ``if_match``."""
    return _header(answer, "etag")


def request_id_of(answer: Any) -> str | None:
    """The id of the call, as it stands in the server's logs."""
    return _header(answer, "x-request-id")


def _header(answer: Any, name: str) -> str | None:
    return answer.headers.get(name) if isinstance(answer, Answer) else None
