"""Reports: what users of the platform say of its content, and what became of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from pydantic import AfterValidator, Field, StrictStr
from pydantic_core import PydanticCustomError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from moderation.api.content_shapes import Whole
from moderation.api.platform import PlatformView, find
from moderation.api.references import ContentFacts, ContentReference, conflict, lock_content
from moderation.api.words import Comment
from moderation.enums import REPORT_REASONS, ReportStatus, Scope
from moderation.ingest.schemas import Identifier, Name
from moderation.models import Report
from moderation.review.refusals import ActRefused
from moderation.review.reports import report_content

TAG = ["reports"]
AN_INSULT = OpenApiExample(
    "An insult",
    {"external_id": "comment-18", "reporter": "u7", "reason": "insult", "comment": "Calls me names in every thread."},
    request_only=True,
)


def _reason(value: str) -> str:
    if value not in REPORT_REASONS:
        raise PydanticCustomError("unknown_value", "is a category, or 'other'")
    return value


Reason = Annotated[
    StrictStr, AfterValidator(_reason), Field(json_schema_extra={"enum": list(REPORT_REASONS)}, examples=["insult"])
]


class ReportIn(ContentReference):
    """Who reports which content, and why."""

    reporter: Identifier = Field(description="Your own id of the user who reports: each counts once")
    reason: Reason
    comment: Comment = Field("", description="In the user's words; moderators see it")


class ReportOut(Whole):
    """A report, and what became of it: upheld by a rejection, dismissed by an approval, lapsed with its content."""

    id: UUID
    content_id: UUID
    external_id: str
    content_version: int = Field(description="The version that stood when the user reported")
    reporter: str | None = Field(description="Null once the content is erased")
    reason: str
    comment: str
    status: ReportStatus
    case_id: UUID | None = Field(description="The case in which a person looks at it, or did")
    created_at: datetime
    resolved_at: datetime | None

    @classmethod
    def of(cls, report: Report) -> Self:
        return cls(
            id=report.pk,
            content_id=report.content_id,
            external_id=report.content.external_id,
            content_version=report.content_version,
            reporter=report.reporter_external_id or None,
            reason=report.reason,
            comment=report.comment,
            status=ReportStatus(report.status),
            case_id=report.case_id,
            created_at=report.created_at,
            resolved_at=report.resolved_at,
        )


class ReportPage(Whole):
    """A page of reports; follow ``next`` and ``previous`` as they are."""

    results: list[ReportOut]
    next: str | None
    previous: str | None


class ReportQuery(ContentFacts):
    """What the list is narrowed by."""

    COLUMNS = {"reporter": "reporter_external_id"}

    reporter: Name | None = None
    reason: Reason | None = None
    status: ReportStatus | None = None


class ReportView(PlatformView):
    """What the views of reports share: only those about the caller's own contents are there."""

    def reports(self) -> QuerySet[Report]:
        rows = Report.objects.filter(client_id=self.principal.client_id).select_related("content")
        return rows.defer("content__text", "content__metadata")


class Reports(ReportView):
    """/api/v1/reports."""

    scopes = {"GET": Scope.REPORTS_READ, "POST": Scope.REPORTS_WRITE}
    rereads = True

    @extend_schema(
        operation_id="listReports",
        tags=TAG,
        summary="Reports, newest first",
        parameters=[ReportQuery],  # type: ignore[list-item]  # the stubs know serializers alone
        responses=ReportPage,
    )
    def get(self, request: Request) -> Response:
        return self.page(self.reports().filter(**self.query(ReportQuery).conditions()), _show)

    @extend_schema(
        operation_id="reportContent",
        tags=TAG,
        summary="Tell that a user reports a content",
        description="Content in review moves up in its queue; about content that is decided a case is opened, and "
        "what was decided stays in force until a person decides. The same user about the same version again: 200 "
        "with the report that is there. Limit how often one user may report: each counts once a content, but you "
        "know who they are.",
        request=ReportIn,
        responses={201: ReportOut, 200: ReportOut},
        examples=[AN_INSULT],
    )
    @transaction.atomic
    def post(self, request: Request) -> Response:
        sent = self.body(ReportIn)
        content = lock_content(self.principal.client_id, sent)
        try:
            reported = report_content(
                content=content,
                reporter=sent.reporter,
                reason=sent.reason,
                comment=sent.comment,
                actor=self.principal.actor,
            )
        except ActRefused as refusal:
            raise conflict(refusal) from refusal
        shown = ReportOut.of(reported.report)
        place = {"Location": reverse("report-detail", args=[shown.id])}
        return Response(shown, status=201 if reported.is_new else 200, headers=place)

    def reread(self, location: str, status: int) -> Response:
        """The report is not kept a second time: who reported is erased with the content."""
        shown = ReportOut.of(find(self.reports(), location.rpartition("/")[2]))
        return Response(shown, status=status, headers={"Location": location})


class ReportDetail(ReportView):
    """/api/v1/reports/{id}."""

    scopes = {"GET": Scope.REPORTS_READ}

    @extend_schema(operation_id="getReport", tags=TAG, summary="One report", responses=ReportOut)
    def get(self, request: Request, report_id: str) -> Response:
        return Response(ReportOut.of(find(self.reports(), report_id)))


def _show(rows: Sequence[Report]) -> list[ReportOut]:
    return [ReportOut.of(row) for row in rows]
