"""The document from which Google's client libraries build themselves; it names the address that was asked.

It is open like its vendor's: it holds the shape of two calls and no secret. The shapes that are answered and refused
are those of ``shapes.py``; a test holds the two together.
"""

from functools import cache
from pathlib import Path
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from moderation.api.perspective.errors import MEDIA_TYPE, GoogleError

NAME, VERSION = "commentanalyzer", "v1alpha1"


@csrf_exempt
def document(request: HttpRequest) -> HttpResponse:
    """GET /$discovery/rest?version=v1alpha1, and its older address."""
    if request.method not in ("GET", "HEAD"):
        return GoogleError(405, "Send a GET request.", headers={"Allow": "GET, HEAD"}).response()
    if request.GET.get("version", VERSION) != VERSION:
        return GoogleError(404, f"There is only version {VERSION} of {NAME} here.").response()
    root = request.build_absolute_uri("/")
    body = orjson.dumps({**_shapes(), "rootUrl": root, "baseUrl": root})
    return HttpResponse(body, content_type=MEDIA_TYPE, headers={"Cache-Control": "no-cache"})


@cache
def _shapes() -> dict[str, Any]:
    """The document as it is stored, without an address."""
    shapes: dict[str, Any] = orjson.loads(Path(__file__).with_name("discovery.json").read_bytes())
    return shapes
