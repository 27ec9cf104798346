"""What every request passes through. The API's requests skip what only people with a browser need."""

import logging
import re
import time
from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.middleware.gzip import GZipMiddleware
from django.utils.encoding import escape_uri_path

from reviewengine.metrics.requests import count_request
from reviewengine.request_ids import HEADER, accept_request_id, accept_trace_id, request_id, trace_id

GetResponse = Callable[[HttpRequest], HttpResponseBase]

# Asked by machines that know this one by its address: the Host header is theirs to choose, and TLS is not spoken.
PROBES = ("/livez", "/healthz", "/readyz", "/health", "/metrics")
# Calls that carry a key and no cookie. Anything else, unknown addresses under /api/ too, passes through everything.
MACHINES = ("/api/v1/", "/v1/", "/v1alpha1/", "/discovery/", "/$discovery/", *PROBES)
# Calls whose answers are packed if asked for, and from what size on.
PACKED = ("/api/", "/v1/", "/v1alpha1/")
PACKED_FROM_BYTES = 1024
# Calls whose answers belong to whoever holds the key.
PRIVATE = ("/api/v1/", "/v1/", "/v1alpha1/")
PACKED_TAG = "-gzip"
NO_GZIP = re.compile(r"\bgzip\s*;\s*q=0(\.0*)?\s*(,|$)")

access_log = logging.getLogger("reviewengine.requests")


class RequestMetricsMiddleware:
    """Counts and times every request under the name of its address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        view = match.view_name if match else "unknown"
        count_request(request.method, response.status_code, view, time.perf_counter() - started)
        return response


class RequestIdMiddleware:
    """Gives the request its id, names it in the answer, and writes the request's line in the log.

    The line has no query string and no header: they may hold what people wrote, or a key.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.logs_requests = settings.REVIEWENGINE_LOG_REQUESTS

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.perf_counter()
        identifier = accept_request_id(request.META.get("HTTP_X_REQUEST_ID"))
        request.request_id = identifier  # type: ignore[attr-defined]
        id_before = request_id.set(identifier)
        trace_before = trace_id.set(accept_trace_id(request.META.get("HTTP_TRACEPARENT")))
        response = self.get_response(request)
        response.headers[HEADER] = identifier
        if self.logs_requests and not request.path_info.startswith(PROBES):
            _log_request(request, response, time.perf_counter() - started)
        request_id.reset(id_before)
        trace_id.reset(trace_before)
        return response


def _log_request(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    if access_log.isEnabledFor(logging.INFO):
        path = escape_uri_path(request.path)  # a line break in an address makes no second line
        fields = {
            "http.request.method": request.method,
            "url.path": path,
            "http.response.status_code": response.status_code,
            "event.duration": int(seconds * 1e9),
        }
        access_log.info("%s %s %d %.1f ms", request.method, path, response.status_code, seconds * 1000, extra=fields)


class _ForBrowsers:
    """A middleware that lets machines' requests pass by."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(MACHINES):
            return self.get_response(request)  # type: ignore[attr-defined, no-any-return]
        return super().__call__(request)  # type: ignore[misc, no-any-return]


class ConsoleCSPMiddleware(_ForBrowsers, CSPMiddleware):
    """Content-Security-Policy and Permissions-Policy of every page."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = super().__call__(request)
        if not request.path_info.startswith(MACHINES):
            response.headers.setdefault("Permissions-Policy", settings.REVIEWENGINE_PERMISSIONS_POLICY)
        return response


class ConsoleSessionMiddleware(_ForBrowsers, SessionMiddleware):
    pass


class ConsoleAuthenticationMiddleware(_ForBrowsers, AuthenticationMiddleware):
    pass


class ConsoleMessageMiddleware(_ForBrowsers, MessageMiddleware):
    pass


class MachineGZipMiddleware(GZipMiddleware):
    """Packs what the API answers, where that is asked for and worth it.

    The console's pages stay as they are: they hold secrets of sessions beside what others wrote (BREACH), an API's
    answer does not. A packed answer is another representation, so its entity tag is another one (RFC 9110, 8.8.3.3)
    and still a strong one: the views know it by the ending.
    """

    max_random_bytes = 0

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not request.path_info.startswith(PACKED):
            return response
        if not response.streaming and len(response.content) < PACKED_FROM_BYTES:  # type: ignore[attr-defined]
            return response
        if NO_GZIP.search(request.META.get("HTTP_ACCEPT_ENCODING", "")):
            return response
        tag = response.headers.get("ETag", "")
        response = super().process_response(request, response)  # type: ignore[arg-type]
        if response.headers.get("Content-Encoding") == "gzip" and tag.startswith('"'):
            response.headers["ETag"] = f'{tag[:-1]}{PACKED_TAG}"'
        return response


class MachineCacheMiddleware:
    """Says what may be kept of what the API answers: nothing. It is one client's, and a key may stand in its address.

    What is read with an ETag may be kept by who has read it, if he asks again before he uses it (RFC 9111, 5.2.2.4
    and 5.2.2.7); its 304 says the same.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path_info.startswith(PRIVATE):
            is_read = request.method in ("GET", "HEAD") and "ETag" in response.headers
            response.headers.setdefault("Cache-Control", "private, no-cache" if is_read else "no-store")
        return response


class HostMiddleware(CommonMiddleware):
    """Refuses hosts that are not ours, but not from probes: they ask by address."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info.startswith(PROBES):
            response = self.get_response(request)
            return self.process_response(request, response)  # type: ignore[arg-type]
        return super().__call__(request)  # type: ignore[return-value]
