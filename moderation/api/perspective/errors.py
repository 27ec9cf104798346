"""Errors in Google's envelope: an HTTP code, a status of google.rpc, a message, and details with a type.

The shape of the Comment Analyzer's own detail (``errorType``, ``languageNotSupportedByAttributeError``) is that of
answers which its users have published; that of keys and quotas is google.rpc.ErrorInfo's. A key in the address that is
not valid is answered 400, as Google does, and one that is missing 403.
"""

from dataclasses import dataclass, field
from typing import Any

import orjson
from django.http import HttpResponse
from pydantic import ValidationError

from moderation.api.errors import Problem, problem_of
from moderation.ingest.faults import faults
from reviewengine import conf

MEDIA_TYPE = "application/json; charset=UTF-8"
ERROR_TYPE = "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
ERROR_INFO = "type.googleapis.com/google.rpc.ErrorInfo"
RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"
BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest"
STATUSES = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 405: "UNIMPLEMENTED",
    409: "ABORTED", 413: "INVALID_ARGUMENT", 415: "INVALID_ARGUMENT", 422: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE",
}  # fmt: skip
_PLACES = "in the address as ?key=, in the header X-Goog-Api-Key, or as a bearer token"


@dataclass
class GoogleError(Exception):
    """An error of this door. ``details`` are members with an ``@type``."""

    code: int
    message: str
    details: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> HttpResponse:
        """The error as an HTTP answer."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": STATUSES[self.code]}
        if self.details:
            error["details"] = self.details
        body = orjson.dumps({"error": error})
        return HttpResponse(body, content_type=MEDIA_TYPE, status=self.code, headers=self.headers)


def analyzer_error(kind: str, message: str, **more: Any) -> GoogleError:
    """A fault of the request in the Comment Analyzer's own terms; ``kind`` is one of its error types."""
    return GoogleError(400, message, [{"@type": ERROR_TYPE, "errorType": kind, **more}])


def language_not_supported(attribute: str, *, requested: list[str], detected: list[str]) -> GoogleError:
    """No detector reads the attribute in the language that was declared, or else in the one that was identified."""
    told = {"detectedLanguages": detected, "requestedLanguages": requested, "attribute": attribute}
    return analyzer_error(
        "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE",
        f"Attribute {attribute} does not support request languages: {', '.join(requested or detected)}",
        languageNotSupportedByAttributeError={name: value for name, value in told.items() if value},
    )


def cannot_be_read(error: ValidationError) -> GoogleError:
    """A body that is JSON but not the message it should be. What was sent is never repeated, but for names."""
    found = [(fault["pointer"].strip("/").replace("/", "."), fault) for fault in faults(error)]
    violations = [{"field": path, "description": _sentence(path, fault)} for path, fault in found]
    message = "Invalid JSON payload received. " + "; ".join(one["description"] for one in violations[:10])
    return GoogleError(400, message, [{"@type": BAD_REQUEST, "fieldViolations": violations[:100]}])


def _sentence(path: str, fault: dict[str, str]) -> str:
    parent, _, name = path.rpartition(".")
    if fault["code"] == "unknown_field":
        return f'Unknown name "{name}"' + (f" at '{parent}'" if parent else "") + ": Cannot find field."
    return f"Invalid value at '{path}': {fault['detail'][:1].lower()}{fault['detail'][1:]}."


def google_error_of(error: Exception, *, in_address: bool) -> GoogleError:
    """Any exception as this door answers it; ``in_address``: whether the key was sent as an API key, not a token."""
    if isinstance(error, GoogleError):
        return error
    problem = problem_of(error)
    return GoogleError(*_told(problem, in_address), headers=problem.headers)


def _told(problem: Problem, in_address: bool) -> tuple[int, str, list[dict[str, Any]]]:
    detail = problem.body()["detail"]
    match problem.code:
        case "not_authenticated":
            return 403, f"This method doesn't allow unregistered callers. Send an API key {_PLACES}.", []
        case "invalid_key" if in_address:
            info = {"@type": ERROR_INFO, "reason": "API_KEY_INVALID", "domain": "googleapis.com"}
            return 400, "API key not valid. Please pass a valid API key.", [info]
        case "invalid_json":
            return 400, f"Invalid JSON payload received. {detail}", []
        case "body_too_large":
            most = conf.load().api.max_body_bytes
            return 413, f"Request payload size exceeds the limit: {most} bytes.", []
        case "rate_limited":
            info = {"@type": ERROR_INFO, "reason": "RATE_LIMIT_EXCEEDED", "domain": "googleapis.com"}
            wait = {"@type": RETRY_INFO, "retryDelay": f"{problem.headers.get('Retry-After', '1')}s"}
            return 429, f"Quota exceeded. {detail}", [info, wait]
        case _:
            return (problem.status if problem.status in STATUSES else 400), detail, []
