"""What can go wrong, by the stable code of the problem (RFC 9457) that the server answered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


class ReviewEngineError(Exception):
    """Whatever this client raises about a call."""


class ConnectionFailed(ReviewEngineError):
    """No answer came: the server was not reached, or the connection broke. What was sent may have been taken."""


class TimedOut(ConnectionFailed):
    """No answer came in time."""


class ApiError(ReviewEngineError):
    """The server refused. ``code`` is stable; ``errors`` name each faulty place by ``pointer`` or ``parameter``.

    ``status`` is HTTP's, ``detail`` is in words, and an operator finds ``request_id`` in the logs.
    """

    def __init__(self, status: int, problem: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        self.status = status
        self.code = str(problem.get("code") or "")
        self.detail = str(problem.get("detail") or problem.get("title") or "")
        self.errors: list[dict[str, Any]] = [fault for fault in problem.get("errors") or [] if isinstance(fault, dict)]
        self.request_id = str(problem.get("request_id") or headers.get("x-request-id") or "")
        self.headers = headers
        super().__init__(self._in_words())

    def _in_words(self) -> str:
        places = [
            f"{fault.get('pointer') or fault.get('parameter') or ''} {fault.get('detail') or ''}".strip()
            for fault in self.errors
        ]
        said = " ".join([f"{self.status} {self.code}: {self.detail}", *(f"[{place}]" for place in places)])
        return f"{said} (request {self.request_id})" if self.request_id else said


class BadRequest(ApiError):
    """The request cannot be read as a whole: not JSON, an unreadable upload, a cursor of another list."""


class NotAuthenticated(ApiError):
    """The key is missing, unknown, revoked or expired."""


class Forbidden(ApiError):
    """The key lacks a scope, or may not be used from this network."""


class NotFound(ApiError):
    """There is no such thing; another client's objects look absent too."""


class Conflict(ApiError):
    """The present state does not allow it: read again, and decide anew."""


class ChangedMeanwhile(ApiError):
    """It is another state than the one in ``if_match``."""


class TooLarge(ApiError):
    """The body is larger than the server takes."""


class NotValid(ApiError):
    """A part of what was sent is not valid: look at ``errors``."""


class RateLimited(ApiError):
    """Too many requests, also after the retries. ``retry_after`` is in seconds."""

    @property
    def retry_after(self) -> float | None:
        return seconds_in(self.headers.get("retry-after", ""))


class ServerError(ApiError):
    """Something broke on the server's side."""


class Unavailable(ServerError):
    """The server cannot answer now, also after the retries."""


BY_STATUS: dict[int, type[ApiError]] = {
    400: BadRequest,
    401: NotAuthenticated,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    410: NotFound,
    412: ChangedMeanwhile,
    413: TooLarge,
    422: NotValid,
    429: RateLimited,
    503: Unavailable,
}
# Where a code says more than its status.
BY_CODE: dict[str, type[ApiError]] = {
    "idempotency_key_reused": Conflict,
    "idempotency_in_progress": Conflict,
    "rate_limited": RateLimited,
    "unavailable": Unavailable,
}


def error_of(status: int, body: bytes, headers: Mapping[str, str]) -> ApiError:
    """The error that an answer stands for. A body that is no problem, as of a proxy, is left out."""
    problem = _problem_in(body)
    kind = BY_CODE.get(str(problem.get("code"))) or BY_STATUS.get(status)
    if status == 400 and problem.get("errors"):
        kind = NotValid
    return (kind or (ServerError if status >= 500 else ApiError))(status, problem, headers)


def _problem_in(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    inner = found.get("error")
    if not isinstance(inner, dict):
        return found
    # OpenAI's envelope: one fault, whose place is a parameter.
    fault = {"parameter": inner.get("param"), "code": inner.get("code"), "detail": inner.get("message")}
    return {"code": inner.get("code"), "detail": inner.get("message"), "errors": [fault] if inner.get("param") else []}


def seconds_in(header: str) -> float | None:
    """What ``Retry-After`` says, in seconds; None where it says nothing that is a number."""
    try:
        return max(0.0, float(header))
    except ValueError:
        return None
