"""POST /v1/moderations and GET /v1/models: what OpenAI's clients call. Plain Django views, pydantic and orjson."""

import binascii
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic import ValidationError

from moderation.api.authentication import Principal, authenticate
from moderation.api.body import parse_json, read_body
from moderation.api.counting import count_work
from moderation.api.errors import Problem, problem_of
from moderation.api.openai.answers import result_of
from moderation.api.openai.categories import MODELS, OWN_MODEL, is_older
from moderation.api.openai.errors import envelope, fault_of, invalid
from moderation.api.openai.shapes import ImagePart, ModerationIn, TextPart, images_of, is_data, text_of
from moderation.api.throttling import spend
from moderation.enums import Scope
from moderation.ingest.images import bytes_of
from moderation.scoring import PreparedImage, Scored, prepare_image, score_item, score_texts, seat_for_long_work
from reviewengine import conf

View = Callable[..., HttpResponse]
# The clients read a time here; ours are not dated.
_CREATED = 1_767_225_600


def door(method: str) -> Callable[[View], View]:
    """Takes one method; checks key, scope and limit before the view; answers every Problem in OpenAI's envelope."""

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def wrapped(request: HttpRequest, **path: str) -> HttpResponse:
            try:
                if request.method != method:
                    raise Problem("method_not_allowed", f"Send {method} here.", headers={"Allow": method})
                principal = authenticate(request, Scope.SCORE)
                spend(principal, request)
                return view(request, principal, **path)
            except Exception as error:  # the door: whatever happens behind it is answered in the envelope
                return envelope(problem_of(error))

        return wrapped

    return decorate


@door("POST")
def moderations(request: HttpRequest, principal: Principal) -> HttpResponse:
    """POST /v1/moderations: scores and a decision for each text, or for one item of texts and images."""
    asked = _read(request)
    older = is_older(asked.model)
    if isinstance(asked.input, list) and not isinstance(asked.input[0], str):
        parts: Any = asked.input
        has_text = bool(text_of(parts).strip())
        results = [result_of(_score(parts, principal), has_text=has_text, older=older)]
        count_work(request, texts=has_text, images=len(images_of(parts)))
    else:
        texts: Any = [asked.input] if isinstance(asked.input, str) else asked.input
        scored = score_texts(texts, client_id=principal.client_id)
        results = [result_of(one, has_text=True, older=older) for one in scored]
        count_work(request, texts=len(texts))
    return _answer({"id": f"modr-{secrets.token_hex(16)}", "model": OWN_MODEL, "results": results})


@door("GET")
def models(request: HttpRequest, principal: Principal) -> HttpResponse:
    """GET /v1/models: our own model, and the names under which OpenAI's clients ask for it."""
    return _answer({"object": "list", "data": [_model(name) for name in MODELS]})


@door("GET")
def model(request: HttpRequest, principal: Principal, name: str) -> HttpResponse:
    """GET /v1/models/{id}."""
    if name not in MODELS:
        raise invalid("model", "model_not_found", "there is no model of this name; see /v1/models", "not_found")
    return _answer(_model(name))


@csrf_exempt
def unknown_path(request: HttpRequest) -> HttpResponse:
    """Anything else under /v1/."""
    return envelope(Problem("not_found", "There is no such address."))


def _read(request: HttpRequest) -> ModerationIn:
    """The body. One with images in it may be as large as an image, any other as large as elsewhere."""
    options = conf.load()
    plain = options.api.max_body_bytes
    body = read_body(request, max_bytes=plain + (options.images.max_bytes + 2) // 3 * 4)
    try:
        asked = ModerationIn.model_validate(parse_json(body))
    except ValidationError as error:
        raise fault_of(error) from error
    if len(body) > plain and not _has_data(asked):
        raise Problem("body_too_large", f"A body without images may have {plain} bytes.")
    return asked


def _has_data(asked: ModerationIn) -> bool:
    parts = asked.input if isinstance(asked.input, list) else []
    return any(isinstance(part, ImagePart) and is_data(part.image_url.url) for part in parts)


def _score(parts: list[TextPart | ImagePart], principal: Principal) -> Scored:
    urls = images_of(parts)
    with seat_for_long_work(wanted=urls):
        prepared = [
            _prepared(part.image_url.url, f"input[{place}].image_url.url")
            for place, part in enumerate(parts)
            if isinstance(part, ImagePart) and is_data(part.image_url.url)
        ]
        named = [url for url in urls if not is_data(url)]
        return score_item(text_of(parts), prepared, named, client_id=principal.client_id)


def _prepared(url: str, param: str) -> PreparedImage:
    from moderation.detectors.images.faults import ImageFault

    try:
        return prepare_image(bytes_of(url))
    except binascii.Error as error:
        raise invalid(param, "invalid_image_url", "is no data: URL of base64") from error
    except ImageFault as fault:
        raise invalid(param, fault.code, str(fault).rstrip(".")) from fault


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": _CREATED, "owned_by": OWN_MODEL}


def _answer(body: dict[str, Any]) -> HttpResponse:
    return HttpResponse(orjson.dumps(body), content_type="application/json")
