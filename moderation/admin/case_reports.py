"""What users reported of a content, as a moderator should see it: how many, why, and their words; never who."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from moderation.admin.categories import category_title
from moderation.enums import ReportStatus
from moderation.models import Report, ReviewCase

COMMENTS = 5


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """A reason as people read it, and how many users gave it."""

    title: str
    count: int


@dataclass(frozen=True, slots=True)
class ReportComment:
    """What one user wrote, and about which version of the content."""

    text: str
    title: str
    content_version: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class CaseReports:
    """The reports that a case is about: users, their reasons, most frequent first, and the newest comments."""

    users: int
    reasons: list[ReasonCount]
    comments: list[ReportComment]


def reports_of(case: ReviewCase) -> CaseReports | None:
    """The open reports, None and one query where there are none.

    Who is asked a second time reads those that the first one had, though they are answered now.
    """
    if case.is_quality:
        rows = Report.objects.filter(case__decision=case.first_decision_id, case__decision__isnull=False)
    else:
        rows = Report.objects.filter(content=case.content_id, status=ReportStatus.OPEN)
    counted = rows.values_list("reason").annotate(users=Count("reporter_external_id", distinct=True))
    reasons = [ReasonCount(category_title(reason), users) for reason, users in counted.order_by("-users", "reason")]
    if not reasons:
        return None
    users = rows.aggregate(users=Count("reporter_external_id", distinct=True))["users"]
    comments = [
        ReportComment(row.comment, category_title(row.reason), row.content_version, row.created_at)
        for row in rows.exclude(comment="").order_by("-created_at", "-id")[:COMMENTS]
    ]
    return CaseReports(users, reasons, comments)
