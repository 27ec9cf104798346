"""Reading and erasing content, the pages of the problem types, and which view a method goes to."""

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.authentication import Principal
from moderation.api.errors import PROBLEMS, TYPE_PREFIX, Problem, problem_response
from moderation.api.filters import filter_contents
from moderation.api.platform import PlatformView, find
from moderation.api.serializers import represent
from moderation.api.submit import submit, submit_bulk
from moderation.api.upload import upload
from moderation.enums import Scope
from moderation.models import Content
from moderation.retention import erase_contents


class ContentList(PlatformView):
    """GET /api/v1/content: the caller's contents, newest first."""

    scopes = {"GET": Scope.CONTENT_READ}
    beside = ("POST",)

    def get(self, request: Request) -> Response:
        return self.page(filter_contents(_contents_of(self.principal), request.query_params), represent)


class ContentDetail(PlatformView):
    """GET and DELETE /api/v1/content/{id}."""

    scopes = {"GET": Scope.CONTENT_READ, "DELETE": Scope.CONTENT_WRITE}

    def get(self, request: Request, content_id: str) -> Response:
        content = find(_contents_of(self.principal), content_id)
        return Response(represent([content], with_text=True, with_near_duplicates=True)[0])

    @transaction.atomic
    def delete(self, request: Request, content_id: str) -> Response:
        """Erases the text and the personal data, and keeps the record of what was decided."""
        content = find(_contents_of(self.principal).select_for_update(of=("self",)), content_id)
        erase_contents(contents=[content], actor=self.principal.actor, reason="asked for by the client")
        return Response(status=204)


def _contents_of(principal: Principal) -> QuerySet[Content]:
    """The caller's own contents: another client's are as good as absent."""
    return Content.objects.filter(client_id=principal.client_id).select_related("author")


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
