"""Errors as RFC 9457 problem details: a stable ``code``, what is wrong, and where.

Every problem has a page at its ``type`` address. ``errors`` lists the faulty places as JSON pointers (RFC 6901).
"""

import logging
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from pydantic import BaseModel, ConfigDict, Field
from rest_framework import exceptions

from moderation.media.files import StorageAway
from moderation.scoring import Busy

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "/api/problems/"

# code: (status, title, what to do about it)
PROBLEMS: dict[str, tuple[int, str, str]] = {
    "invalid_json": (
        400,
        "The body is not valid JSON",
        "Send UTF-8 JSON without NUL, lone surrogates or deep nesting.",
    ),
    "incomplete_body": (
        400,
        "The body broke off",
        "Send all of it again: what is stored already is answered as it stands.",
    ),
    "bad_request": (400, "The request cannot be answered", "Check the address and the header 'Host'."),
    "invalid_encoding": (400, "The body cannot be unpacked", "Send it as it is, or packed by gzip."),
    "invalid_cursor": (400, "The cursor is not valid", "Use the address in 'next' or 'previous' as it was answered."),
    "invalid_idempotency_key": (
        400,
        "The Idempotency-Key is not valid",
        "Send 1 to 255 printable ASCII characters, such as a UUID, with or without quotation marks.",
    ),
    "invalid_parameter": (400, "A parameter is not valid", "Look at 'errors' for the parameter and what it accepts."),
    "not_authenticated": (401, "No API key was sent", "Send the header 'Authorization: Bearer <key>'."),
    "invalid_key": (401, "The API key is not valid", "Check the key; it may have been revoked or have expired."),
    "missing_scope": (403, "The API key lacks a scope", "Ask an operator for a key with the scope named in 'detail'."),
    "moderator_not_allowed": (403, "This person may not do that", "Name a moderator who may; see 'detail' for why."),
    "address_not_allowed": (
        403,
        "The API key may not be used from here",
        "Call from a network that the key allows, or ask an operator to allow yours.",
    ),
    "beyond_own_key": (
        403,
        "A key cannot give what it does not have",
        "Ask for less, or use a key that has it; 'errors' names what it is.",
    ),
    "not_found": (404, "There is no such thing here", "Check the id; other clients' objects look absent too."),
    "method_not_allowed": (405, "The method is not allowed here", "Look at the header 'Allow'."),
    "not_acceptable": (406, "The answer can only be JSON", "Accept application/json."),
    "conflict": (409, "The request conflicts with the present state", "Read the object again and decide anew."),
    "claim_lost": (409, "The claim on the case has ended", "Claim it again; see 'detail' for who has it now."),
    "claimed": (409, "Somebody else holds the case", "Take another; see 'detail' for who has this one."),
    "assigned": (409, "The case waits for somebody else", "Take another; see 'detail' for whom this one waits for."),
    "too_many_held": (
        409,
        "The moderator has as many cases as one may",
        "Decide or release one of those that 'detail' names; 'review.max_held' says how many one may have.",
    ),
    "decided": (409, "The case is decided already", "Go on to the next; see 'detail' for who decided it."),
    "edited": (409, "The content was edited meanwhile", "Look at the new version; it is moderated anew."),
    "erased": (409, "The content was erased meanwhile", "Go on to the next; there is nothing to decide."),
    "idempotency_in_progress": (
        409,
        "A request with this Idempotency-Key is running",
        "Send the same request again in a moment: it is answered once the first has ended.",
    ),
    "answer_not_kept": (
        409,
        "It was done, and its answer is not repeated",
        "Answers with a secret, a text or the data of a person are not kept, nor very long ones. Look at what was "
        "done; use a new key to do it again.",
    ),
    "precondition_failed": (412, "It has changed meanwhile", "Read it again; its ETag is another than your If-Match."),
    "body_too_large": (413, "The body is too large", "Send less at once; see 'detail' for the limit."),
    "unsupported_media_type": (415, "The body must be JSON", "Send 'Content-Type: application/json'."),
    "invalid_upload": (400, "The upload cannot be read", "Send multipart/form-data with one file in the field 'file'."),
    "invalid_image": (422, "The image cannot be used", "Send JPEG, PNG, GIF or WebP; 'errors' names the fault."),
    "validation_failed": (422, "The request is not valid", "Look at 'errors': each names a place and its fault."),
    "too_many_items": (422, "There are too many items", "Send at most the number named in 'detail' at once."),
    "duplicate_external_id": (422, "An external_id stands twice in one call", "Send each external_id once a call."),
    "idempotency_key_reused": (
        422,
        "The Idempotency-Key was used for another request",
        "Use a new key for every new request, and the same one only to repeat it as it was.",
    ),
    "rate_limited": (429, "Too many requests", "Wait as long as the header 'Retry-After' says."),
    "server_error": (500, "Something broke on our side", "Try again; the request id helps an operator to find it."),
    "unavailable": (503, "The service cannot answer now", "Try again in a moment; nothing was stored."),
    "temporary": (503, "There is too much to do at this moment", "Come again when the header 'Retry-After' says."),
}
# Types that IANA keeps (draft-ietf-httpapi-ratelimit-headers); ``code`` and its page are ours all the same.
REGISTERED_TYPES = {"rate_limited": "https://iana.org/assignments/http-problem-types#quota-exceeded"}


class FaultOut(BaseModel):
    """One faulty place: a JSON pointer into the body (RFC 6901), or the name of a parameter or header."""

    model_config = ConfigDict(extra="forbid")

    pointer: str = Field("", examples=["/text"])
    parameter: str = ""
    header: str = ""
    code: str = Field(examples=["too_long"])
    detail: str


class ProblemOut(BaseModel):
    """What went wrong (RFC 9457). ``code`` is stable; ``type`` leads to a page that tells what to do."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    errors: list[FaultOut] = []
    instance: str = Field("", description="The address that was called")
    request_id: str = Field("", description="By which an operator finds the call in the logs")


@dataclass
class Problem(Exception):
    """An error to be answered. ``code`` is a key of PROBLEMS; ``errors`` are ``{pointer, code, detail}``.

    ``members`` are further members of the body, such as its registered type asks for.
    """

    code: str
    detail: str = ""
    errors: list[dict[str, str]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    members: dict[str, Any] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return PROBLEMS[self.code][0]

    def body(self) -> dict[str, Any]:
        """The members of the problem, without what only the request knows."""
        status, title, advice = PROBLEMS[self.code]
        members: dict[str, Any] = {
            "type": REGISTERED_TYPES.get(self.code, f"{TYPE_PREFIX}{self.code}"),
            "title": title,
            "status": status,
            "detail": self.detail or advice,
            "code": self.code,
        }
        members |= self.members
        return {**members, "errors": self.errors} if self.errors else members


def problem_response(problem: Problem, request: HttpRequest) -> HttpResponse:
    """The problem as an HTTP answer."""
    body = {**problem.body(), "instance": request.path}
    if request_id := getattr(request, "request_id", ""):
        body["request_id"] = request_id
    response = HttpResponse(orjson.dumps(body), content_type=MEDIA_TYPE, status=problem.status)
    for name, value in problem.headers.items():
        response[name] = value
    if problem.status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Review Engine"'
    return response


# DRF's own errors by their kind; whatever is not here is answered by its status below.
DRF_CODES: tuple[tuple[type[Exception], str], ...] = (
    (exceptions.NotAuthenticated, "not_authenticated"),
    (exceptions.AuthenticationFailed, "invalid_key"),
    (exceptions.PermissionDenied, "missing_scope"),
    (exceptions.NotFound, "not_found"),
    (Http404, "not_found"),
    (exceptions.MethodNotAllowed, "method_not_allowed"),
    (exceptions.NotAcceptable, "not_acceptable"),
    (exceptions.UnsupportedMediaType, "unsupported_media_type"),
    (exceptions.ParseError, "invalid_json"),
    (exceptions.ValidationError, "invalid_parameter"),
)


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse:
    """DRF's hook: turns every exception into a problem."""
    request = context["request"]
    problem = _from_drf(error) or problem_of(error)
    return problem_response(problem, getattr(request, "_request", request))


def problem_of(error: Exception) -> Problem:
    """Any exception as a problem: one that nobody expected is logged here, and answered like every other."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, InterfaceError | OperationalError):
        logger.error("api.database_away", extra={"error": type(error).__name__})
        return Problem("unavailable", headers={"Retry-After": "5"})
    if isinstance(error, StorageAway):
        logger.error("api.storage_away", exc_info=error)
        return Problem("unavailable", headers={"Retry-After": "5"})
    if isinstance(error, Busy):
        logger.warning("api.busy")
        return Problem("temporary", headers={"Retry-After": "1"})
    logger.error("api.failed", exc_info=error)
    return Problem("server_error")


def _from_drf(error: Exception) -> Problem | None:
    for kind, code in DRF_CODES:
        if isinstance(error, kind):
            detail = error.detail if isinstance(error, exceptions.APIException) else ""
            return Problem(code, detail if isinstance(detail, str) else "", _field_errors(detail))
    return None


def _field_errors(detail: object) -> list[dict[str, str]]:
    if not isinstance(detail, dict):
        return []
    return [
        {"parameter": str(name), "code": getattr(faults[0], "code", "invalid"), "detail": str(faults[0])}
        for name, faults in detail.items()
        if faults
    ]
