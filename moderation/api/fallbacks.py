"""What Django answers by itself: as a problem, or in a vendor's envelope, wherever a machine has called.

Named in reviewengine.urls as handler400, 403, 404 and 500; people get Django's own pages.
"""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt

from moderation.api.errors import Problem, problem_response


def open_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page under /api/ that anybody may read and nobody can change: any other method is answered 405."""

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, **named: str) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            refusal = Problem("method_not_allowed", "Send a GET request.", headers={"Allow": "GET, HEAD"})
            return problem_response(refusal, request)
        return view(request, **named)

    return wrapped


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: a host that is not ours, a header or an address that cannot be."""
    return _answer(request, "bad_request") or defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return _answer(request, "missing_scope") or defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return _answer(request, "not_found") or defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: what no door has caught. Django has logged it already."""
    return _answer(request, "server_error") or defaults.server_error(request)


def _answer(request: HttpRequest, code: str) -> HttpResponse | None:
    """The problem as whoever calls this address reads it; None for an address of people."""
    # The vendors' doors are loaded with the first address of theirs.
    path, problem = request.path_info, Problem(code)
    if path.startswith("/v1/"):
        from moderation.api.openai.errors import envelope

        return envelope(problem)
    if path.startswith(("/v1alpha1/", "/$discovery/", "/discovery/")):
        from moderation.api.perspective.errors import google_error_of

        return google_error_of(problem, in_address=True).response()
    return problem_response(problem, request) if path.startswith("/api/") else None
