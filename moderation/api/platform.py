"""What every view of the platform API shares: strict bodies and queries, pages, ETags, headers."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from functools import partial, wraps
from typing import Any, TypeVar, cast
from uuid import UUID

import orjson
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from pydantic import BaseModel, ConfigDict, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from moderation.api.authentication import Principal
from moderation.api.body import read_json
from moderation.api.errors import Problem
from moderation.api.idempotency import is_asked_for, once
from moderation.api.pagination import NewestFirst
from moderation.enums import Scope
from moderation.ingest.faults import faults
from reviewengine import conf
from reviewengine.middleware import PACKED_TAG

Shape = TypeVar("Shape", bound=BaseModel)
Row = TypeVar("Row", bound=Model)


class Answer(BaseModel):
    """The shape of an answer. It is made from these models, so that the schema can say nothing else."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class PlatformView(APIView):
    """A view of the platform API: its scopes by method."""

    scopes: dict[str, Scope] = {}
    # Since when the view is deprecated, and when it goes (docs/api.md, Versions); both in UTC.
    deprecated: datetime | None = None
    sunset: datetime | None = None
    # Whether a POST answers a secret that can be seen this once: then no answer is kept for its Idempotency-Key.
    shows_secret = False
    # Whether its answers show a text or the data of a person, which can be erased: then none is kept either.
    shows_persons = False
    # Whether a POST changes nothing: then it is run as often as it is sent, and its Idempotency-Key does not matter.
    changes_nothing = False
    # Whether what was made is read again for a repeated POST, by ``reread``.
    rereads = False

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view; a method that was made by ``hot`` is answered without DRF."""
        slow = super().as_view(**initkwargs)
        methods = {name.upper(): getattr(cls, name, None) for name in cls.http_method_names}
        skipping = {name: method.hot for name, method in methods.items() if method and hasattr(method, "hot")}
        if not skipping:
            return slow

        @csrf_exempt
        @wraps(slow)
        def view(request: HttpRequest, **named: Any) -> Any:
            return skipping.get(request.method or "", slow)(request, **named)

        return view

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        if self.deprecated:
            response["Deprecation"] = f"@{int(self.deprecated.timestamp())}"  # RFC 9745: a Structured Field date
        if self.sunset:
            response["Sunset"] = format_datetime(self.sunset, usegmt=True)  # RFC 8594: an HTTP date
        return response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Key, scope and limit; then, where the request carries an Idempotency-Key, its method is run once only."""
        super().initial(request, *args, **kwargs)
        if not self.changes_nothing and is_asked_for(request._request) and isinstance(request.user, Principal):
            method = (request.method or "").lower()
            setattr(self, method, partial(self._once, getattr(self, method)))

    def _once(self, method: Callable[..., Any], request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        def run() -> HttpResponse:
            try:
                response = method(request, *args, **kwargs)
            except Exception as error:  # as dispatch does: the answer must be whole before the transaction ends
                response = self.handle_exception(error)
            return self._whole(request, response, *args, **kwargs)

        def reread(location: str, status: int) -> HttpResponse:
            return self._whole(request, self.reread(location, status), *args, **kwargs)

        return once(
            request._request,
            self.principal,
            run,
            keeps_answer=not (self.shows_secret or self.shows_persons),
            reread=reread if self.rereads else None,
        )

    def _whole(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().finalize_response(request, response, *args, **kwargs)
        return response.render() if isinstance(response, Response) else response

    def reread(self, location: str, status: int) -> Response:
        """What a POST has made at this address, as it stands; ``status`` was that of its answer. Raises Problem.

        For a view that ``rereads``.
        """
        raise NotImplementedError

    @property
    def principal(self) -> Principal:
        """Who calls; only a view whose method names a scope may ask."""
        return cast(Principal, self.request.user)

    def body(self, shape: type[Shape], *, optional: bool = False) -> Shape:
        """The JSON body as ``shape``. Raises Problem with a JSON pointer for each fault.

        ``optional``: no body at all is an empty one.
        """
        if optional and not _has_body(self.request.META):
            return shape()
        value = read_json(self.request._request, max_bytes=conf.load().api.max_body_bytes)
        try:
            return shape.model_validate(value)
        except ValidationError as error:
            raise Problem("validation_failed", errors=faults(error)) from error

    def query(self, shape: type[Shape]) -> Shape:
        """The query string as ``shape``, without the page's own. Raises Problem that names each fault."""
        parameters = self.request.query_params
        if doubled := [name for name, values in parameters.lists() if len(values) > 1]:
            fault = {"code": "duplicate", "detail": "stands twice"}
            raise Problem("invalid_parameter", errors=[{"parameter": name, **fault} for name in doubled])
        given = {name: value for name, value in parameters.items() if name not in ("cursor", "limit")}
        try:
            return shape.model_validate(given)
        except ValidationError as error:
            found = [
                {"parameter": fault["pointer"].lstrip("/"), "code": fault["code"], "detail": fault["detail"]}
                for fault in faults(error)
            ]
            raise Problem("invalid_parameter", errors=found) from error

    def page(
        self, rows: QuerySet[Row], show: Callable[[Sequence[Row]], Sequence[Any]], *, ordering: tuple[str, ...] = ()
    ) -> Response:
        """One page of ``rows``, newest first unless ``ordering`` (which must be unique) says otherwise."""
        pages = NewestFirst()
        if ordering:
            pages.ordering = ordering
        return pages.get_paginated_response(show(pages.paginate_queryset(rows, self.request, self) or []))

    def tagged(
        self, answer: BaseModel | dict[str, Any], status: int = 200, *, state: BaseModel | None = None
    ) -> Response:
        """A mutable resource with its ETag; 304 where the caller has this state already (RFC 9110, 13.1.2).

        ``state``: what the ETag speaks for, where that is not the whole answer.
        """
        tag = etag_of(state or answer)
        known = self.request.headers.get("If-None-Match", "")
        if self.request.method in ("GET", "HEAD") and _names(known, tag, weak=True):
            return Response(status=304, headers={"ETag": tag})
        return Response(answer, status=status, headers={"ETag": tag})

    def require_match(self, answer: BaseModel) -> None:
        """Refuses a change of a state that is not the one in ``If-Match`` (RFC 9110, 13.1.1). Hold the row's lock.

        ``answer`` is the resource as it stands. Without the header the change is taken as it comes.
        """
        known = self.request.headers.get("If-Match")
        if known is not None and not _names(known, etag_of(answer), weak=False):
            raise Problem("precondition_failed")


def hot(view: Callable[..., HttpResponse]) -> Any:
    """A plain Django view as a method of a PlatformView: ``post = hot(submit)``.

    The view asks for key, scope and limit itself and pays nothing for DRF, which only sees the method to describe it.
    """

    @wraps(view)
    def method(self: PlatformView, request: Request, **named: Any) -> HttpResponse:
        return view(request._request, **named)

    method.hot = view  # type: ignore[attr-defined]
    return method


def _has_body(meta: Mapping[str, Any]) -> bool:
    """RFC 9112, section 6.3: a request without either header has none."""
    return bool(meta.get("HTTP_TRANSFER_ENCODING")) or meta.get("CONTENT_LENGTH") not in (None, "", "0", 0)


def etag_of(answer: BaseModel | dict[str, Any]) -> str:
    """A strong entity tag: the same for the same representation, whichever process answers.

    A ``dict`` is an answer that is written as it was read, without a model between: of what orjson can write.
    """
    plain = answer if isinstance(answer, dict) else answer.model_dump(mode="json")
    written = orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)
    return f'"{hashlib.sha256(written).hexdigest()[:32]}"'


def _names(header: str, tag: str, *, weak: bool) -> bool:
    # The same state, packed for its way (reviewengine.middleware).
    given = [part.strip().replace(f'{PACKED_TAG}"', '"') for part in header.split(",")]
    return "*" in given or tag in given or (weak and f"W/{tag}" in given)


def find(rows: QuerySet[Row], identifier: str) -> Row:
    """The row of this id. Raises Problem ``not_found``, also for what is no UUID: absent is absent."""
    key = uuid_of(identifier)
    found = rows.filter(pk=key).first() if key else None
    if found is None:
        raise Problem("not_found")
    return found


def uuid_of(identifier: str) -> UUID | None:
    """The UUID that this says in the one form in which we write them: an opaque id has no other spellings."""
    try:
        found = UUID(identifier)
    except ValueError:
        return None
    return found if str(found) == identifier else None
