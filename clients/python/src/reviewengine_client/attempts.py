"""What to do for a request, attempt by attempt: when to send it again, and what its answer means. Waits for nothing."""

from __future__ import annotations

import logging
import random
from collections.abc import Generator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from reviewengine_client.answers import answer_of
from reviewengine_client.calls import Request
from reviewengine_client.errors import ConnectionFailed, TimedOut, error_of, seconds_in
from reviewengine_client.writing import Options, http_request

logger = logging.getLogger("reviewengine_client")
# Answers after which the same request may fare better.
TRANSIENT = (429, 502, 503, 504)
IN_PROGRESS = "idempotency_in_progress"
# A proxy's: it may have passed the request on. And errors before anything was sent.
PASSED_ON = (502, 504)
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
FIRST_WAIT, LONGEST_WAIT = 0.5, 30.0  # seconds

Outcome = httpx.Response | httpx.TransportError | None


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
    ConnectionFailed. A DELETE whose answer was lost, and which then finds nothing, is done.
    """
    sent = http_request(request, options)
    may_be_done = False
    for attempt in range(options.retries + 1):
        outcome = yield Send(sent, streams)
        if may_be_done and _is_gone(request, outcome):
            return None
        may_be_done = may_be_done or _may_be_done(outcome)
        wait = _wait_after(outcome, attempt)
        if wait is None or attempt == options.retries or wait > options.longest_wait:
            return _settled(request, outcome, streams)
        logger.debug("%s %s: again in %.2f s", request.method, request.path, wait)
        yield Wait(wait)
    raise AssertionError("the last attempt is settled")


def _wait_after(outcome: Outcome, attempt: int) -> float | None:
    """Seconds until the next attempt, at least what Retry-After asks for, with jitter; None where none would help."""
    backoff = random.uniform(FIRST_WAIT / 2, 1) * min(LONGEST_WAIT, FIRST_WAIT * float(2**attempt))
    if not isinstance(outcome, httpx.Response):
        return backoff
    if outcome.status_code not in TRANSIENT and not _is_in_progress(outcome):
        return None
    asked = seconds_in(outcome.headers.get("retry-after", ""))
    return backoff if asked is None else asked + random.uniform(0, 0.1) * (1 + asked)


def _may_be_done(outcome: Outcome) -> bool:
    """Whether the server may have done it although its answer did not come."""
    if isinstance(outcome, httpx.Response):
        return outcome.status_code in PASSED_ON
    return not isinstance(outcome, NOT_SENT)


def _is_gone(request: Request, outcome: Outcome) -> bool:
    """Whether what was to be deleted is not there, by the server's own word."""
    if request.method != "DELETE" or not isinstance(outcome, httpx.Response) or outcome.status_code != 404:
        return False
    return error_of(404, outcome.content, outcome.headers).code == "not_found"


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


def next_page(request: Request, answer: Any) -> Request | None:
    """The page after this one. Only the query of ``next`` is used: a key never goes to another host."""
    following = answer.get("next")
    return request.onwards(dict(parse_qsl(urlsplit(following).query))) if following else None
