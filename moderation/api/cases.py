"""Review cases for people who build their own console: the queues, and what waits in them."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.case_shapes import (
    CaseDecisionOut,
    CaseDetailOut,
    CaseOut,
    CasePage,
    CaseQuery,
    CaseReportOut,
    QueueList,
    QueueOut,
    claim_of,
)
from moderation.api.keyset import page_in_order
from moderation.api.platform import PlatformView, find
from moderation.api.serializers import represent
from moderation.enums import CaseStatus, Scope
from moderation.models import ReviewCase
from moderation.review.available import NEXT_FIRST
from moderation.review.sla import client_loads

MOST_REPORTS = 50


class CaseView(PlatformView):
    """What the views of cases share: only cases of the caller's own contents are there."""

    def cases(self) -> QuerySet[ReviewCase]:
        rows = ReviewCase.objects.ordinary().filter(client_id=self.principal.client_id)
        return rows.select_related("queue", "claimed_by", "decision__moderator", "content__author")

    def page(
        self, rows: QuerySet[Any], show: Callable[[Sequence[Any]], Sequence[Any]], *, ordering: tuple[str, ...] = ()
    ) -> Response:
        """A page in the order of the queue: thousands of cases share a priority."""
        return page_in_order(self.request, rows, show, ordering=ordering)


class Queues(CaseView):
    """/api/v1/review/queues."""

    scopes = {"GET": Scope.CASES_READ}

    @extend_schema(
        operation_id="listQueues", tags=["cases"], summary="The queues, and what waits in them", responses=QueueList
    )
    def get(self, request: Request) -> Response:
        loads = client_loads(client_id=self.principal.client_id)
        return Response(QueueList(results=[QueueOut.of(load) for load in loads]))


class Cases(CaseView):
    """/api/v1/review/cases."""

    scopes = {"GET": Scope.CASES_READ}

    @extend_schema(
        operation_id="listCases",
        tags=["cases"],
        summary="Cases, the most urgent first",
        parameters=[CaseQuery],  # type: ignore[list-item]
        responses=CasePage,
    )
    def get(self, request: Request) -> Response:
        query = self.query(CaseQuery)
        rows = self.cases().filter(_wanted(query)).defer("content__text", "content__metadata")
        return self.page(rows, show_cases, ordering=NEXT_FIRST)


def _wanted(query: CaseQuery) -> Q:
    wanted = Q() if query.status == "all" else Q(status=query.status)
    if query.queue is not None:
        wanted &= Q(queue__slug=query.queue)
    if query.claimed_by is not None:
        wanted &= Q(claimed_by__username=query.claimed_by)
    if query.content_id is not None:
        wanted &= Q(content=query.content_id)
    if query.overdue is not None:
        late = Q(status=CaseStatus.OPEN, due_at__lt=timezone.now())
        wanted &= late if query.overdue else ~late
    return wanted


class Case(CaseView):
    """/api/v1/review/cases/{id}."""

    scopes = {"GET": Scope.CASES_READ}

    @extend_schema(operation_id="getCase", tags=["cases"], summary="One case with its content", responses=CaseDetailOut)
    def get(self, request: Request, case_id: str) -> Response:
        return Response(CaseDetailOut(**detail_of(find(self.cases(), case_id))))


def show_cases(cases: Sequence[ReviewCase]) -> list[CaseOut]:
    """The cases as a list tells them."""
    return [CaseOut(**_facts(case), claim=claim_of(case)) for case in cases]


def detail_of(case: ReviewCase) -> dict[str, Any]:
    """The fields of ``CaseDetailOut``."""
    reports = case.reports.order_by("created_at", "id")[:MOST_REPORTS]
    return {
        **_facts(case),
        "claim": claim_of(case),
        "hide_text": case.queue.hide_text,
        "content": represent([case.content], with_text=True, with_near_duplicates=True)[0],
        "reports": [CaseReportOut.of(report) for report in reports],
    }


def _facts(case: ReviewCase) -> dict[str, Any]:
    """All that every form of a case tells, but for its claim."""
    counting = case.decision if case.status != CaseStatus.DECIDED else None
    return {
        "id": case.pk,
        "status": case.status,
        "source": case.source,
        "queue": case.queue.slug,
        "priority": case.priority,
        "content_id": case.content_id,
        "external_id": case.content.external_id,
        "content_version": case.content_version,
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "overdue": case.status == CaseStatus.OPEN and case.due_at < timezone.now(),
        "decision": CaseDecisionOut.of(counting) if counting else None,
        "resolved_at": case.resolved_at,
    }
