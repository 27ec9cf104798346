"""One id for everything that belongs to a request: taken from the caller or made here, and named in every log line."""

import re
import secrets
from contextvars import ContextVar

HEADER = "X-Request-ID"
ACCEPTABLE = re.compile(r"[A-Za-z0-9._-]{1,128}")
# W3C Trace Context: version, trace id, parent id, flags. Ids of zeros and version ff are invalid by its rules.
TRACEPARENT = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")

request_id: ContextVar[str] = ContextVar("request_id", default="")
trace_id: ContextVar[str] = ContextVar("trace_id", default="")


def trace_headers(trace: str) -> dict[str, str]:
    """``traceparent`` for what is sent on in the same trace, with a span id of its own; nothing where there is none.

    ``tracestate`` is not passed on: it belongs to the span that was, and its standard lets whoever begins one drop it.
    """
    return {"traceparent": f"00-{trace}-{secrets.token_hex(8)}-01"} if trace else {}


def accept_request_id(given: str | None) -> str:
    """The caller's id if it is one that may stand in a log line, else a new one of 32 hexadecimal digits."""
    if given and ACCEPTABLE.fullmatch(given):
        return given
    return secrets.token_hex(16)


def accept_trace_id(traceparent: str | None) -> str:
    """The trace id of a valid ``traceparent``; an invalid one is ignored, as its standard wants."""
    if not traceparent:
        return ""
    found = TRACEPARENT.fullmatch(traceparent)
    if not found or (traceparent.startswith("00-") and found[2]):
        return ""
    return found[1]
