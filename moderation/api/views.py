"""Content and images at their addresses."""

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.authentication import Principal
from moderation.api.content_shapes import ContentDetailOut, ContentPage, ContentQuery
from moderation.api.errors import Problem, problem_response
from moderation.api.keyset import page_in_order
from moderation.api.platform import PlatformView, find, hot
from moderation.api.serializers import represent
from moderation.api.submit import submit, submit_bulk
from moderation.api.upload import upload
from moderation.enums import Scope
from moderation.models import Content
from moderation.retention import erase_contents


class ContentList(PlatformView):
    """/api/v1/content: submitting takes the hot path, reading DRF's."""

    scopes = {"GET": Scope.CONTENT_READ, "POST": Scope.CONTENT_WRITE}
    post = hot(submit)

    @extend_schema(
        operation_id="listContent",
        tags=["content"],
        summary="List contents",
        description="Newest first, or with `order=updated` in the order in which they last changed.",
        parameters=[ContentQuery],  # type: ignore[list-item]
        responses={200: ContentPage},
    )
    def get(self, request: Request) -> Response:
        query = self.query(ContentQuery)
        rows = _contents_of(self.principal).filter(**query.conditions())
        if query.order == "updated":
            return page_in_order(request, rows, represent, ordering=("updated_at", "id"))
        return self.page(rows, represent)


class ContentBulk(PlatformView):
    """/api/v1/content/bulk."""

    scopes = {"POST": Scope.CONTENT_WRITE}
    post = hot(submit_bulk)


class Media(PlatformView):
    """/api/v1/media."""

    scopes = {"POST": Scope.CONTENT_WRITE}
    post = hot(upload)


class ContentDetail(PlatformView):
    """GET and DELETE /api/v1/content/{id}."""

    scopes = {"GET": Scope.CONTENT_READ, "DELETE": Scope.CONTENT_WRITE}

    @extend_schema(
        operation_id="getContent",
        tags=["content"],
        summary="Read a content with its decision and why",
        responses={200: ContentDetailOut},
    )
    def get(self, request: Request, content_id: str) -> Response:
        content = find(_contents_of(self.principal), content_id)
        return self.tagged(represent([content], with_text=True, with_near_duplicates=True)[0])

    @extend_schema(
        operation_id="eraseContent",
        tags=["content"],
        summary="Erase the text and the personal data of a content",
        responses={204: None},
    )
    @transaction.atomic
    def delete(self, request: Request, content_id: str) -> Response:
        """The record of what was decided is kept."""
        content = find(_contents_of(self.principal).select_for_update(of=("self",)), content_id)
        erase_contents(contents=[content], actor=self.principal.actor, reason="asked for by the client")
        return Response(status=204)


def _contents_of(principal: Principal) -> QuerySet[Content]:
    """The caller's own contents: another client's are as good as absent."""
    return Content.objects.filter(client_id=principal.client_id).select_related("author")


@csrf_exempt
def unknown_path(request: HttpRequest) -> HttpResponse:
    """Anything else under /api/ is a problem too, not an HTML page."""
    return problem_response(Problem("not_found", "There is no such address."), request)
