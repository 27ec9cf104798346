"""A call as an HTTP request: address, headers, and a body that can be sent again."""

from __future__ import annotations

import json
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import IO, Any

import httpx

from reviewengine_client.calls import Lines, Request, Upload

ONCE = ("POST", "PATCH")
IN_MEMORY_BYTES = 1_048_576
CHUNK_BYTES = 65_536


@dataclass(frozen=True)
class Options:
    """How calls are made. ``timeout`` in seconds; ``retries`` after the first attempt; ``longest_wait`` before one."""

    base_url: str
    key: str
    timeout: float = 30.0
    retries: int = 3
    longest_wait: float = 60.0
    idempotency_key: str = ""

    def __repr__(self) -> str:
        return f"Options(base_url={self.base_url!r}, timeout={self.timeout}, retries={self.retries})"


def http_request(request: Request, options: Options) -> httpx.Request:
    call, address = request.call, httpx.URL(options.base_url.rstrip("/") + request.path)
    headers = {
        "Host": address.netloc.decode("ascii"),  # httpx leaves it out where it is handed a stream
        "Authorization": f"Bearer {options.key}",
        "User-Agent": USER_AGENT,
        "Accept": "application/json, application/problem+json",
        **{name: value for name, value in call.headers.items() if value is not None},
    }
    if request.method in ONCE and not isinstance(call.body, Lines):
        headers["Idempotency-Key"] = f'"{options.idempotency_key or uuid.uuid4()}"'
    return httpx.Request(
        request.method,
        address,
        params=_query(call.query),
        headers=headers,
        extensions={"timeout": httpx.Timeout(options.timeout, connect=min(5.0, options.timeout)).as_dict()},
        **_content(call.body, headers),
    )


def _content(body: Any, headers: dict[str, str]) -> dict[str, Any]:
    if body is None:
        return {}
    if isinstance(body, Upload):
        return {"files": {"file": (body.name, body.data, "application/octet-stream")}}
    if isinstance(body, Lines):
        stream = _FileStream(body.items)
        headers |= {"Content-Type": "application/x-ndjson", "Content-Length": str(stream.length)}
        headers["Accept"] = "application/x-ndjson, application/problem+json"
        return {"stream": stream}
    headers["Content-Type"] = "application/json"
    return {"content": encode(body)}


def encode(value: Any) -> bytes:
    """JSON in UTF-8; times are written in ISO 8601."""
    return json.dumps(value, ensure_ascii=False, default=_plain).encode()


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime | uuid.UUID):
        return str(value) if isinstance(value, uuid.UUID) else value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be sent as JSON")


def _query(given: Mapping[str, Any]) -> dict[str, str]:
    return {name: _parameter(value) for name, value in given.items() if value is not None}


def _parameter(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


class _FileStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Objects as lines, written down first: their length is known, and they can be sent again."""

    def __init__(self, items: Iterable[Any]) -> None:
        self._file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY_BYTES)  # noqa: SIM115 - lives as long
        for item in items:
            self._file.write(encode(item) + b"\n")
        self.length = self._file.tell()

    def __iter__(self) -> Iterator[bytes]:
        self._file.seek(0)
        while part := self._file.read(CHUNK_BYTES):
            yield part

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part


def _version() -> str:
    try:
        return version("reviewengine-client")
    except PackageNotFoundError:
        return "0"


USER_AGENT = f"reviewengine-client/{_version()} httpx/{httpx.__version__}"
