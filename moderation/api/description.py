"""What the API says of itself: its index, its OpenAPI description, and the pages on which people browse it."""

import hashlib
from functools import cache
from threading import Lock

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from moderation.api.fallbacks import open_page

JSON_TYPES = ("application/json", "application/vnd.oai.openapi+json")
YAML_TYPES = ("application/yaml", "application/vnd.oai.openapi")
# Two first readers at once must not make it twice: it takes a second.
_writing = Lock()


@open_page
def index(request: HttpRequest) -> HttpResponse:
    """/api/: where to go on."""
    about = {name: reverse(f"api-{page}") for name, page in (("documentation", "docs"), ("schema", "schema"))}
    doors = {"openai": reverse("openai-moderations"), "perspective": reverse("perspective-analyze")}
    body = {
        "name": "Review Engine",
        **about,
        "problems": reverse("problems"),
        "resources": _resources(),
        "doors": doors,
    }
    return JsonResponse(body)


def _resources() -> dict[str, str]:
    """Every address without an id that lies under no other: what lies under one is an object of it or an act on it."""
    from moderation.api.urls import urlpatterns

    names = {str(pattern.pattern): str(pattern.name) for pattern in urlpatterns if str(pattern.pattern)[:3] == "v1/"}
    tops = [route for route in names if not any(route.startswith(f"{other}/") for other in names)]
    return {names[route].replace("-", "_"): reverse(names[route]) for route in sorted(tops) if "<" not in route}


@open_page
def schema(request: HttpRequest) -> HttpResponse:
    """/api/schema/: the OpenAPI description, as JSON, or as YAML where that is asked for."""
    chosen = request.get_preferred_type([*JSON_TYPES, *YAML_TYPES]) or JSON_TYPES[0]
    with _writing:
        body, tag = _written(chosen in YAML_TYPES)
    known = parse_etags(request.headers.get("If-None-Match", ""))
    response = HttpResponse(status=304) if tag in known or "*" in known else HttpResponse(body, content_type=chosen)
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept"])
    return response


@cache
def _written(as_yaml: bool) -> tuple[bytes, str]:
    """The description and its entity tag: the same as long as the process lives."""
    from drf_spectacular.renderers import OpenApiYamlRenderer

    from moderation.api.schema import Generator

    found = Generator().get_schema(public=True)
    body = OpenApiYamlRenderer().render(found) if as_yaml else orjson.dumps(found, default=str)
    return body, f'"{hashlib.sha256(body).hexdigest()[:32]}"'


@open_page
def docs(request: HttpRequest) -> HttpResponse:
    """/api/docs/: the same for people, with calls that can be tried."""
    return render(request, "moderation/api/docs.html")
