"""Perspective's two calls at their addresses. Plain Django views, pydantic and orjson."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import orjson
from django.core.exceptions import TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError

from moderation.api.authentication import Principal, authenticate, bearer_key
from moderation.api.body import read_json
from moderation.api.counting import count_work
from moderation.api.perspective.errors import MEDIA_TYPE, GoogleError, cannot_be_read, google_error_of
from moderation.api.perspective.scores import analyze
from moderation.api.perspective.shapes import AnalyzeRequest, Message, SuggestRequest
from moderation.api.perspective.suggestion import suggest
from moderation.api.throttling import spend
from moderation.enums import Scope
from reviewengine import conf

Shape = TypeVar("Shape", bound=Message)
Call = Callable[[HttpRequest, Principal], dict[str, Any]]

# A browser's fetch without a header sends text/plain; the vendor reads that too.
BODY_TYPES = ("application/json", "text/plain", "")
# What any API of the vendor's takes in its address. Those after the second change nothing here.
PARAMETERS = frozenset(
    {"key", "alt", "prettyPrint", "fields", "quotaUser", "userIp", "upload_protocol", "uploadType", "$.xgafv"}
)


def door(scope: Scope) -> Callable[[Call], Callable[[HttpRequest], HttpResponse]]:
    """Checks method, key, ``scope`` and limit before a call, and answers every error in the vendor's envelope."""

    def decorate(call: Call) -> Callable[[HttpRequest], HttpResponse]:
        @csrf_exempt
        @wraps(call)
        def wrapped(request: HttpRequest) -> HttpResponse:
            in_address = True
            try:
                _check_address(request)
                key, in_address = api_key(request)
                principal = authenticate(request, scope, key=key)
                spend(principal, request)
                return _answer(call(request, principal))
            except Exception as error:  # the door: whatever happens behind it is answered in the envelope
                return google_error_of(error, in_address=in_address).response()

        return wrapped

    return decorate


def api_key(request: HttpRequest) -> tuple[str, bool]:
    """The caller's key, and whether it came as an API key of the vendor's (address, header) or as a bearer token."""
    if bearer := bearer_key(request):
        return bearer, False
    return (request.headers.get("X-Goog-Api-Key") or request.GET.get("key") or "").strip(), True


@door(Scope.SCORE)
def analyze_comment(request: HttpRequest, principal: Principal) -> dict[str, Any]:
    """POST /v1alpha1/comments:analyze: the scores of one comment. Nothing is stored, whatever doNotStore says."""
    scores = analyze(_read(request, AnalyzeRequest))
    count_work(request, texts=1)
    return scores


@door(Scope.CONTENT_WRITE)
def suggest_score(request: HttpRequest, principal: Principal) -> dict[str, Any]:
    """POST /v1alpha1/comments:suggestscore: stores a text and teaches the site's model, so it needs the right to."""
    return suggest(_read(request, SuggestRequest), client_id=principal.client_id)


@csrf_exempt
def unknown_path(request: HttpRequest) -> HttpResponse:
    """Whatever else somebody asks for under /v1alpha1/, batches among it."""
    return GoogleError(404, "There are comments:analyze and comments:suggestscore here, one comment a call.").response()


def _check_address(request: HttpRequest) -> None:
    if request.method != "POST":
        raise GoogleError(405, "Send a POST request.", headers={"Allow": "POST"})
    try:
        unknown = sorted(set(request.GET) - PARAMETERS)
    except TooManyFieldsSent as error:
        raise GoogleError(400, "The address has too many parameters.") from error
    if unknown:
        raise GoogleError(400, f'Unknown name "{unknown[0][:100]}": Cannot bind query parameter.')
    if request.GET.get("alt", "json") != "json":
        raise GoogleError(400, "Only alt=json is answered here.")


def _read(request: HttpRequest, shape: type[Shape]) -> Shape:
    body = read_json(request, max_bytes=conf.load().api.max_body_bytes, types=BODY_TYPES)
    try:
        return shape.model_validate(body)
    except ValidationError as error:
        raise cannot_be_read(error) from error


def _answer(body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type=MEDIA_TYPE)
