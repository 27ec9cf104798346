"""Reading a request body: bounded in size and depth, strict in encoding."""

import zlib
from collections.abc import Collection
from contextlib import suppress
from io import BytesIO
from typing import Any

import orjson
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]

from moderation.api.errors import Problem

# A client that is refused while it still sends would see its connection break, not our answer; so what it sends is
# read and thrown away up to here.
DRAIN_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 65_536
# What a form may have around its one file.
FORM_BYTES = 8192
JSON_TYPES = ("application/json", "")
GZIP, IDENTITY, CHUNKED = "gzip", "identity", "chunked"


def read_json(request: HttpRequest, *, max_bytes: int, types: Collection[str] = JSON_TYPES) -> dict[str, Any]:
    """The body as a JSON object. Raises Problem: it is too large, not JSON as orjson reads it, or not an object.

    ``types``: the media types it may be sent as; empty is none at all.
    """
    return parse_json(read_body(request, max_bytes=max_bytes, types=types))


def read_body(request: HttpRequest, *, max_bytes: int, types: Collection[str] = JSON_TYPES) -> bytes:
    """The bytes of a JSON body, for ``parse_json``. Raises Problem: it is too large, or of another media type."""
    if request.content_type not in types:
        raise Problem("unsupported_media_type", "Send 'Content-Type: application/json'.")
    return _read(request, max_bytes)


def parse_json(body: bytes) -> dict[str, Any]:
    """The object in a JSON body. Raises Problem."""
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Problem("invalid_json", f"{error.msg} (line {error.lineno}, column {error.colno}).") from error
    if not isinstance(value, dict):
        raise Problem("invalid_json", "The body must be a JSON object.")
    return value


def read_upload(request: HttpRequest, *, max_bytes: int) -> bytes:
    """The one file of a multipart body, in the field ``file``. Raises Problem: it is too large, or not such a body."""
    if request.content_type != "multipart/form-data":
        raise Problem("unsupported_media_type", "Send 'Content-Type: multipart/form-data' with a field 'file'.")
    if encoding_of(request) != IDENTITY:
        raise Problem("unsupported_media_type", "Send images as they are, without 'Content-Encoding'.")
    length = request.META.get("CONTENT_LENGTH") or ""
    if not length.isdigit():
        raise Problem("invalid_upload", "Send the header 'Content-Length'.")
    if int(length) > max_bytes + FORM_BYTES:
        drain(Source(request))
        raise Problem("body_too_large", f"An image may have {max_bytes} bytes.")
    return _only_file(request, max_bytes)


def _only_file(request: HttpRequest, max_bytes: int) -> bytes:
    tail = _Tail(request)
    try:
        files, fields = request.FILES, request.POST
    except UnreadablePostError as error:
        raise Problem("incomplete_body") from error
    except (BadRequest, MultiPartParserError, SuspiciousOperation) as error:
        raise Problem("invalid_upload") from error
    if not tail.is_closed():
        raise Problem("invalid_upload", "The form ends before its closing boundary.")
    file = files.get("file")
    if file is None or fields or [*files.lists()] != [("file", [file])]:
        raise Problem("invalid_upload")
    if (file.size or 0) > max_bytes:
        raise Problem("body_too_large", f"An image may have {max_bytes} bytes.")
    return file.read()


class _Tail:
    """How a form ends. Django takes one that was cut off within a file for whole, and the file with it."""

    def __init__(self, request: HttpRequest) -> None:
        self.end = getattr(request, "_body", b"")[-FORM_BYTES:]
        self._boundary = (request.content_params or {}).get("boundary", "").encode("latin-1", "replace")
        self._stream, request._stream = request._stream, self  # type: ignore[assignment]

    def read(self, *size: int) -> bytes:
        """What Django reads of the request, remembered as far as it may be the end."""
        part: bytes = self._stream.read(*size)
        self.end = (self.end + part)[-FORM_BYTES:]
        return part

    def readline(self, *size: int) -> bytes:
        """The same by lines: Django reads what is left of the body so."""
        part: bytes = self._stream.readline(*size)
        self.end = (self.end + part)[-FORM_BYTES:]
        return part

    def is_closed(self) -> bool:
        return b"--" + self._boundary + b"--" in self.end


def _read(request: HttpRequest, max_bytes: int) -> bytes:
    source, length = raw_body(request), length_of(request)
    if length is None or length <= max_bytes:
        is_packed = encoding_of(request) == GZIP
        body = (_Inflated(source) if is_packed else source).read(max_bytes + 1)
        if not is_packed and len(body) < (length or 0):
            raise Problem("incomplete_body")
        if len(body) <= max_bytes:
            return body
    drain(source)
    raise Problem("body_too_large", f"The body may have {max_bytes} bytes; send large images to /api/v1/media.")


class Source:
    """A body as it comes over the wire; what breaks off or is no body at all is the client's fault, and told so."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes, fewer only at the end. Raises Problem: the client is gone, silent or makes no sense."""
        try:
            part: bytes = self._stream.read(size)
        except (OSError, ParseException) as error:
            raise Problem("incomplete_body") from error
        return part


def raw_body(request: HttpRequest) -> Source:
    """Where the body is read from. Raises Problem: it is packed for its way in a manner that nobody unpacks here.

    Django reads as much as Content-Length says; a chunked body has none, and ends where the server says it ends.
    """
    transfer = request.META.get("HTTP_TRANSFER_ENCODING", "").strip().lower()
    if transfer not in ("", CHUNKED):
        detail = "Send 'Transfer-Encoding: chunked' alone, and what is packed with 'Content-Encoding: gzip'."
        raise Problem("invalid_encoding", detail)
    return Source(request.META["wsgi.input"] if transfer else request)


def length_of(request: HttpRequest) -> int | None:
    """What Content-Length says; None for a body in chunks, which says nothing."""
    if request.META.get("HTTP_TRANSFER_ENCODING"):
        return None
    return int(request.META.get("CONTENT_LENGTH") or 0)


def encoding_of(request: HttpRequest) -> str:
    """``gzip`` or ``identity``. Raises Problem for another ``Content-Encoding``, and names ours (RFC 9110, 15.5.16)."""
    given = request.META.get("HTTP_CONTENT_ENCODING", "").strip().lower() or IDENTITY
    if given not in (GZIP, IDENTITY):
        detail = "Send the body as it is, or with 'Content-Encoding: gzip'."
        raise Problem("unsupported_media_type", detail, headers={"Accept-Encoding": GZIP})
    return given


class _Inflated:
    """A gzip body, inflated only as far as it is read: what would be endless costs no more than the limit allows."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes, fewer only at the end. Raises Problem for what is no whole gzip (RFC 1952)."""
        pieces: list[bytes] = []
        member, sent, left = None, self._source.read(CHUNK_BYTES), size + CHUNK_BYTES
        while sent and size > 0:
            member = zlib.decompressobj(wbits=31) if member is None or member.eof else member
            try:
                pieces.append(member.decompress(sent, size))
            except zlib.error as error:
                raise Problem("invalid_encoding") from error
            size -= len(pieces[-1])
            sent = member.unconsumed_tail or member.unused_data
            if not sent and left > 0:  # no body is smaller unpacked: what says nothing for ever is cut off as well
                sent = self._source.read(CHUNK_BYTES)
                left -= len(sent)
        if size > 0 and (member is None or not member.eof):
            raise Problem("incomplete_body", "The gzip body ends before its end.")
        return b"".join(pieces)


def keep_body(request: HttpRequest, *, max_bytes: int) -> bytes:
    """The whole body as it was sent. Whoever reads the request afterwards reads these bytes."""
    source, length = raw_body(request), length_of(request)
    body = source.read(max_bytes + 1)
    if len(body) > max_bytes:
        drain(source)
        raise Problem("body_too_large", f"The body may have {max_bytes} bytes.")
    if len(body) < (length or 0):
        raise Problem("incomplete_body")
    request.META.pop("HTTP_TRANSFER_ENCODING", None)
    request._body, request._stream = body, BytesIO(body)  # as HttpRequest.body keeps it
    request.META["CONTENT_LENGTH"] = str(len(body))
    return body


def drain(source: Source) -> None:
    """Reads what a refused client still sends, so that it hears the answer."""
    left = DRAIN_BYTES
    with suppress(Problem):
        while left > 0 and (chunk := source.read(min(CHUNK_BYTES, left))):
            left -= len(chunk)
