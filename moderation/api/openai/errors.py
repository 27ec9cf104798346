"""What goes wrong, in OpenAI's envelope and with its statuses and codes, so that its clients raise what they should."""

from typing import Any

import orjson
from django.http import HttpResponse
from pydantic import ValidationError

from moderation.api.errors import Problem
from moderation.api.openai.shapes import place_of

# Our code: OpenAI's status, type and code. What is not here keeps our code, under the type of its status.
OUTWARD: dict[str, tuple[int, str, str | None]] = {
    "not_authenticated": (401, "invalid_request_error", "missing_api_key"),
    "invalid_key": (401, "invalid_request_error", "invalid_api_key"),
    "method_not_allowed": (405, "invalid_request_error", "method_not_supported"),
    "validation_failed": (400, "invalid_request_error", "invalid_value"),
    "invalid_image": (400, "invalid_request_error", "invalid_image"),
    "rate_limited": (429, "requests", "rate_limit_exceeded"),
}
# Pydantic's kinds of faults under OpenAI's names for them; our own validators use these names already.
FAULTS = {
    "missing": "missing_required_parameter",
    "extra_forbidden": "unknown_parameter",
    "string_type": "invalid_type",
    "list_type": "invalid_type",
    "dict_type": "invalid_type",
    "model_type": "invalid_type",
    "model_attributes_type": "invalid_type",
    "string_too_short": "empty_string",
    "string_too_long": "string_above_max_length",
    "union_tag_invalid": "invalid_value",
    "union_tag_not_found": "missing_required_parameter",
}


def fault_of(error: ValidationError) -> Problem:
    """The first fault of a body, for the envelope has room for one. What was sent is never repeated."""
    fault = error.errors(include_url=False, include_input=False, include_context=False)[0]
    param = place_of(fault)
    kind = fault["type"]
    code = FAULTS.get(kind, kind)
    if kind == "union_tag_invalid":
        message = "must be of the type 'text' or 'image_url'"
    elif kind == "union_tag_not_found":
        message = "needs a 'type': 'text' or 'image_url'"
    else:
        message = fault["msg"]
    return invalid(param, code, message)


def invalid(param: str | None, code: str, message: str, problem: str = "validation_failed") -> Problem:
    """A Problem about one parameter, under OpenAI's name for the fault."""
    said = message.rstrip(".")
    detail = f"Invalid '{param}': {said}." if param else f"Invalid body: {said}."
    return Problem(problem, detail, errors=[{"parameter": param or "", "code": code, "detail": message}])


def envelope(problem: Problem) -> HttpResponse:
    """The problem as OpenAI would answer it."""
    status, kind, code = OUTWARD.get(problem.code) or (problem.status, _type_of(problem.status), problem.code)
    fault = problem.errors[0] if problem.errors else {}
    error: dict[str, Any] = {
        "message": problem.body()["detail"],
        "type": kind,
        "param": fault.get("parameter") or None,
        "code": fault.get("code", code),
    }
    response = HttpResponse(orjson.dumps({"error": error}), content_type="application/json", status=status)
    for name, value in problem.headers.items():
        response[name] = value
    if status == 401:
        response["WWW-Authenticate"] = 'Bearer realm="Review Engine"'
    return response


def _type_of(status: int) -> str:
    return "server_error" if status >= 500 else "invalid_request_error"
