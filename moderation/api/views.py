"""Reading and erasing content, the pages of the problem types, and which view a method goes to."""

from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from moderation.api.authentication import Principal
from moderation.api.errors import PROBLEMS, TYPE_PREFIX, Problem, problem_response
from moderation.api.filters import filter_contents
from moderation.api.pagination import NewestFirst
from moderation.api.serializers import represent
from moderation.api.submit import submit, submit_bulk
from moderation.api.throttling import add_headers
from moderation.api.upload import upload
from moderation.enums import Scope
from moderation.models import Content
from moderation.retention import erase_contents


class PlatformView(APIView):
    """A view of the platform API: its scopes by method, its rate limit told in every answer."""

    scopes: dict[str, Scope] = {}
    # What the hot path answers at the same address, for the header Allow.
    beside: tuple[str, ...] = ()

    @property
    def allowed_methods(self) -> list[str]:
        return [*super().allowed_methods, *self.beside]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        add_headers(response, getattr(request._request, "allowance", None))
        return response

    @property
    def principal(self) -> Principal:
        """Who calls; only a view whose method names a scope may ask."""
        return cast(Principal, self.request.user)

    def contents(self) -> QuerySet[Content]:
        """The caller's own contents: another client's are as good as absent."""
        return Content.objects.filter(client_id=self.principal.client_id).select_related("author")


class ContentList(PlatformView):
    """GET /api/v1/content: the caller's contents, newest first."""

    scopes = {"GET": Scope.CONTENT_READ}
    beside = ("POST",)

    def get(self, request: Request) -> Response:
        page = NewestFirst()
        contents = page.paginate_queryset(filter_contents(self.contents(), request.query_params), request, self)
        return page.get_paginated_response(represent(contents or []))


class ContentDetail(PlatformView):
    """GET and DELETE /api/v1/content/{id}."""

    scopes = {"GET": Scope.CONTENT_READ, "DELETE": Scope.CONTENT_WRITE}

    def get(self, request: Request, content_id: str) -> Response:
        content = self._find(self.contents(), content_id)
        return Response(represent([content], with_text=True, with_near_duplicates=True)[0])

    @transaction.atomic
    def delete(self, request: Request, content_id: str) -> Response:
        """Erases the text and the personal data, and keeps the record of what was decided."""
        content = self._find(self.contents().select_for_update(of=("self",)), content_id)
        erase_contents(contents=[content], actor=self.principal.actor, reason="asked for by the client")
        return Response(status=204)

    @staticmethod
    def _find(contents: QuerySet[Content], content_id: str) -> Content:
        try:
            found = contents.filter(pk=UUID(content_id)).first()
        except ValueError:
            found = None
        if found is None:
            raise Problem("not_found")
        return found


read_list = ContentList.as_view()


@csrf_exempt
def content(request: HttpRequest) -> HttpResponse:
    """/api/v1/content: submissions take the hot path, everything else goes to DRF."""
    return submit(request) if request.method == "POST" else read_list(request)


class PostOnlyView(PlatformView):
    """Answers whoever does not POST."""

    beside = ("POST",)


refuse_others = PostOnlyView.as_view()


@csrf_exempt
def content_bulk(request: HttpRequest) -> HttpResponse:
    """/api/v1/content/bulk."""
    return submit_bulk(request) if request.method == "POST" else refuse_others(request)


@csrf_exempt
def media(request: HttpRequest) -> HttpResponse:
    """/api/v1/media."""
    return upload(request) if request.method == "POST" else refuse_others(request)


def problem_page(request: HttpRequest, code: str) -> HttpResponse:
    """The page that a problem's ``type`` points to."""
    if code not in PROBLEMS:
        raise Http404
    status, title, advice = PROBLEMS[code]
    return JsonResponse(
        {"type": f"{TYPE_PREFIX}{code}", "code": code, "status": status, "title": title, "advice": advice}
    )


def unknown_path(request: HttpRequest) -> HttpResponse:
    """Anything else under /api/ is a problem too, not an HTML page."""
    return problem_response(Problem("not_found", "There is no such address."), request)
