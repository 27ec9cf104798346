"""Reading a request body: bounded in size and depth, strict in encoding."""

from typing import Any

import orjson
from django.http import HttpRequest

from moderation.api.errors import Problem

# A client that is refused while it still sends would see its connection break, not our answer; so what it sends is
# read and thrown away up to here.
DRAIN_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 65_536


def read_json(request: HttpRequest, *, max_bytes: int) -> dict[str, Any]:
    """The body as a JSON object. Raises Problem: it is too large, not JSON as orjson reads it, or not an object."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > max_bytes:
        _drain(request)
        raise Problem("body_too_large", f"The body may have {max_bytes} bytes.")
    try:
        value = orjson.loads(request.body)
    except orjson.JSONDecodeError as error:
        raise Problem("invalid_json", f"{error.msg} (line {error.lineno}, column {error.colno}).") from error
    if not isinstance(value, dict):
        raise Problem("invalid_json", "The body must be a JSON object.")
    return value


def _drain(request: HttpRequest) -> None:
    left = DRAIN_BYTES
    while left > 0 and (chunk := request.read(min(CHUNK_BYTES, left))):
        left -= len(chunk)
