"""The pages that the ``type`` of a problem leads to: HTML for people, JSON for machines."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from moderation.api.errors import PROBLEMS, REGISTERED_TYPES, TYPE_PREFIX
from moderation.api.fallbacks import open_page
from moderation.ingest.faults import FAULTS

HTML, JSON = "text/html", "application/json"
WITH_FAULTS = ("validation_failed", "invalid_parameter")
EXAMPLE = {"pointer": "/author/external_id", "code": "too_long", "detail": "is longer than 255 characters"}


@open_page
def problem_list(request: HttpRequest) -> HttpResponse:
    """GET /api/problems/: every code there is, by status."""
    problems = [_described(code) for code in sorted(PROBLEMS, key=lambda code: (PROBLEMS[code][0], code))]
    return _answer(request, "list", {"problems": problems})


@open_page
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """GET /api/problems/{code}."""
    if code not in PROBLEMS:
        if _wants_page(request):
            return _varying(render(request, "moderation/problems/unknown.html", {"code": code}, status=404))
        raise Http404
    described = _described(code)
    # Whichever problem has ``errors``: what the codes in them mean.
    if code in WITH_FAULTS:
        described |= {"errors": FAULTS, "example": EXAMPLE}
    return _answer(request, "problem", {"problem": described}, described)


def _answer(
    request: HttpRequest, page: str, context: dict[str, Any], body: dict[str, Any] | None = None
) -> HttpResponse:
    if _wants_page(request):
        return _varying(render(request, f"moderation/problems/{page}.html", context))
    return _varying(JsonResponse(context if body is None else body))


def _wants_page(request: HttpRequest) -> bool:
    return request.get_preferred_type([JSON, HTML]) == HTML


def _varying(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["Accept"])
    return response


def _described(code: str) -> dict[str, Any]:
    status, title, advice = PROBLEMS[code]
    kind = REGISTERED_TYPES.get(code, f"{TYPE_PREFIX}{code}")
    return {"type": kind, "code": code, "status": status, "title": title, "advice": advice}
