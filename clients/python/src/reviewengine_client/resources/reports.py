"""What users of your platform say of its content."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reviewengine_client.calls import Call, R, Resource, many, one

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from reviewengine_client.shapes import (
        ListReportsQuery,
        ReportIn,
        ReportOut,
    )


class Reports(Resource[R]):
    @one("reportContent", "POST", "/api/v1/reports")
    def create(self, **report: Unpack[ReportIn]) -> Call[ReportOut]:
        """Tells that a user reports a content: a case is opened or moves up. The same user counts once a version."""
        return Call(body=report)

    @many("listReports", "GET", "/api/v1/reports")
    def list(self, **query: Unpack[ListReportsQuery]) -> Iterable[Call[ReportOut]]:
        """Reports, newest first."""
        return [Call(query=query)]

    @one("getReport", "GET", "/api/v1/reports/{report_id}")
    def get(self, report_id: str) -> Call[ReportOut]:
        """A report, and what became of it."""
        return Call((report_id,))
