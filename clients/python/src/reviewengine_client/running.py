"""Sending what a call describes: how, when again and what an answer means stands in ``steps``; the runners wait."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import IO, Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from reviewengine_client.answers import answer_of
from reviewengine_client.calls import Lines, Request, Upload
from reviewengine_client.errors import ConnectionFailed, TimedOut, error_of, seconds_in

logger = logging.getLogger("reviewengine_client")
# Answers after which the same request may fare better.
TRANSIENT = (429, 502, 503, 504)
IN_PROGRESS = "idempotency_in_progress"
ONCE = ("POST", "PATCH")
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0
IN_MEMORY_BYTES = 1_048_576
CHUNK_BYTES = 65_536

Outcome = httpx.Response | httpx.TransportError | None


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


@dataclass(frozen=True)
class Send:
    """A step: send this, and say what came back."""

    request: httpx.Request
    streams: bool


@dataclass(frozen=True)
class Wait:
    """A step: do nothing for so many seconds."""

    seconds: float


Steps = Generator[Send | Wait, Outcome, Any]


def steps(request: Request, options: Options, *, streams: bool = False) -> Steps:
    """What to do for one request, as its attempts go. Answers the body, or with ``streams`` the open response.

    Every attempt carries the same Idempotency-Key, so that what is sent twice has one effect. Raises ApiError and
    ConnectionFailed.
    """
    sent = _http_request(request, options)
    for attempt in range(options.retries + 1):
        outcome = yield Send(sent, streams)
        wait = _wait_after(outcome, attempt)
        if wait is None or attempt == options.retries or wait > options.longest_wait:
            return _settled(request, outcome, streams)
        logger.debug("%s %s: again in %.2f s", request.method, request.path, wait)
        yield Wait(wait)
    raise AssertionError("the last attempt is settled")


def _http_request(request: Request, options: Options) -> httpx.Request:
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


def _wait_after(outcome: Outcome, attempt: int) -> float | None:
    """Seconds until the next attempt, at least what Retry-After asks for, with jitter; None where none would help."""
    backoff = random.uniform(FIRST_WAIT / 2, 1) * min(LONGEST_WAIT, FIRST_WAIT * float(2**attempt))
    if not isinstance(outcome, httpx.Response):
        return backoff
    if outcome.status_code not in TRANSIENT and not _is_in_progress(outcome):
        return None
    asked = seconds_in(outcome.headers.get("retry-after", ""))
    return backoff if asked is None else asked + random.uniform(0, 0.1) * (1 + asked)


def _is_in_progress(response: httpx.Response) -> bool:
    """Whether an earlier attempt of ours is still being answered."""
    return response.status_code == 409 and IN_PROGRESS.encode() in response.content


def _settled(request: Request, outcome: Outcome, streams: bool) -> Any:
    if not isinstance(outcome, httpx.Response):
        raise failure_of(request, outcome) from outcome
    if outcome.status_code >= 300:
        raise error_of(outcome.status_code, outcome.content, outcome.headers)
    if streams:
        return outcome
    return request.call.pick(answer_of(outcome)) if outcome.content else None


def failure_of(request: Request, error: Exception | None) -> ConnectionFailed:
    """No whole answer came. The message names the call and the kind of fault, and nothing that was sent."""
    kind = TimedOut if isinstance(error, httpx.TimeoutException) else ConnectionFailed
    return kind(f"{request.method} {request.path}: {type(error).__name__}")


def _next_page(request: Request, answer: Any) -> Request | None:
    """The page after this one. Only the query of ``next`` is used: a key never goes to another host."""
    following = answer.get("next")
    return request.onwards(dict(parse_qsl(urlsplit(following).query))) if following else None


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


class SyncRunner:
    """Sends and waits in the calling thread. May be used by many threads."""

    def __init__(self, options: Options, http: httpx.Client) -> None:
        self.options, self.http = options, http

    def send(self, request: Request) -> Any:
        return self._run(steps(request, self.options))

    def iterate(self, requests: Iterable[Request]) -> Iterator[Any]:
        for first in requests:
            request: Request | None = first
            if isinstance(first.call.body, Lines):
                yield from self._lines(first)
                continue
            while request is not None:
                answer = self.send(request)
                yield from answer["results"]
                request = _next_page(request, answer)

    def _lines(self, request: Request) -> Iterator[Any]:
        response = self._run(steps(request, self.options, streams=True))
        try:
            for line in response.iter_lines():
                yield json.loads(line)
        except httpx.TransportError as error:
            raise failure_of(request, error) from error
        finally:
            response.close()

    def _run(self, way: Steps) -> Any:
        outcome: Outcome = None
        while True:
            try:
                step = way.send(outcome)
            except StopIteration as end:
                return end.value
            outcome = self._take(step)

    def _take(self, step: Send | Wait) -> Outcome:
        if isinstance(step, Wait):
            time.sleep(step.seconds)
            return None
        try:
            response = self.http.send(step.request, stream=step.streams)
            if step.streams and response.status_code >= 300:
                response.read()
            return response
        except httpx.TransportError as error:
            return error


class AsyncRunner:
    """Sends and waits with ``await``."""

    def __init__(self, options: Options, http: httpx.AsyncClient) -> None:
        self.options, self.http = options, http

    def send(self, request: Request) -> Any:
        return self._run(steps(request, self.options))

    async def iterate(self, requests: Iterable[Request]) -> AsyncIterator[Any]:
        for first in requests:
            request: Request | None = first
            if isinstance(first.call.body, Lines):
                async for line in self._lines(first):
                    yield line
                continue
            while request is not None:
                answer = await self.send(request)
                for result in answer["results"]:
                    yield result
                request = _next_page(request, answer)

    async def _lines(self, request: Request) -> AsyncIterator[Any]:
        response = await self._run(steps(request, self.options, streams=True))
        try:
            async for line in response.aiter_lines():
                yield json.loads(line)
        except httpx.TransportError as error:
            raise failure_of(request, error) from error
        finally:
            await response.aclose()

    async def _run(self, way: Steps) -> Any:
        outcome: Outcome = None
        while True:
            try:
                step = way.send(outcome)
            except StopIteration as end:
                return end.value
            outcome = await self._take(step)

    async def _take(self, step: Send | Wait) -> Outcome:
        if isinstance(step, Wait):
            await asyncio.sleep(step.seconds)
            return None
        try:
            response = await self.http.send(step.request, stream=step.streams)
            if step.streams and response.status_code >= 300:
                await response.aread()
            return response
        except httpx.TransportError as error:
            return error


def _version() -> str:
    try:
        return version("reviewengine-client")
    except PackageNotFoundError:
        return "0"


USER_AGENT = f"reviewengine-client/{_version()} httpx/{httpx.__version__}"
