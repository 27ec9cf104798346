"""The pages that the ``type`` of a problem leads to: HTML for people, JSON for machines."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from moderation.api.errors import PROBLEMS, REGISTERED_TYPES, TYPE_PREFIX

HTML, JSON = "text/html", "application/json"


@require_safe
def problem_list(request: HttpRequest) -> HttpResponse:
    """GET /api/problems/: every code there is, by status."""
    problems = [_described(code) for code in sorted(PROBLEMS, key=lambda code: (PROBLEMS[code][0], code))]
    return _answer(request, "list", {"problems": problems})


@require_safe
def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """GET /api/problems/{code}."""
    if code not in PROBLEMS:
        raise Http404
    return _answer(request, "problem", {"problem": _described(code)}, _described(code))


def _answer(
    request: HttpRequest, page: str, context: dict[str, Any], body: dict[str, Any] | None = None
) -> HttpResponse:
    if request.get_preferred_type([JSON, HTML]) == HTML:
        response = render(request, f"moderation/problems/{page}.html", context)
    else:
        response = JsonResponse(context if body is None else body)
    patch_vary_headers(response, ["Accept"])
    return response


def _described(code: str) -> dict[str, Any]:
    status, title, advice = PROBLEMS[code]
    kind = REGISTERED_TYPES.get(code, f"{TYPE_PREFIX}{code}")
    return {"type": kind, "code": code, "status": status, "title": title, "advice": advice}
