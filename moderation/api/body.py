"""Reading a request body: bounded in size and depth, strict in encoding."""

from typing import Any, BinaryIO

import orjson
from django.http import HttpRequest

from moderation.api.errors import Problem

# A client that is refused while it still sends would see its connection break, not our answer; so what it sends is
# read and thrown away up to here.
DRAIN_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 65_536
JSON_TYPES = ("application/json", "")


def read_json(request: HttpRequest, *, max_bytes: int) -> dict[str, Any]:
    """The body as a JSON object. Raises Problem: it is too large, not JSON as orjson reads it, or not an object."""
    if request.content_type not in JSON_TYPES:
        raise Problem("unsupported_media_type", "Send 'Content-Type: application/json'.")
    try:
        value = orjson.loads(_read(request, max_bytes))
    except orjson.JSONDecodeError as error:
        raise Problem("invalid_json", f"{error.msg} (line {error.lineno}, column {error.colno}).") from error
    if not isinstance(value, dict):
        raise Problem("invalid_json", "The body must be a JSON object.")
    return value


def _read(request: HttpRequest, max_bytes: int) -> bytes:
    # Django reads as much as Content-Length says; a chunked body has none, and ends where the server says it ends.
    chunked = "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()
    stream = request.META["wsgi.input"] if chunked else request
    length = request.META.get("CONTENT_LENGTH") or "0"
    if chunked or (length.isdigit() and int(length) <= max_bytes):
        body = stream.read(max_bytes + 1)
        if len(body) <= max_bytes:
            return body
    _drain(stream)
    raise Problem("body_too_large", f"The body may have {max_bytes} bytes.")


def _drain(stream: BinaryIO | HttpRequest) -> None:
    left = DRAIN_BYTES
    while left > 0 and (chunk := stream.read(min(CHUNK_BYTES, left))):
        left -= len(chunk)
