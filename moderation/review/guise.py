"""Step 6, in what guise a content is shown to whoever answers a case that measures them: as before it was decided.

A second person finds what the first one found. Whoever is asked a golden case finds a content that the policy leaves
to a person, with its case and nothing else. ``blindness`` says of which contents this holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet

from moderation.enums import FINAL_OUTCOMES, ContentStatus, Outcome, ReportStatus
from moderation.models import Content, Decision, Report, ReviewCase
from moderation.review.blindness import measuring_now


@dataclass(frozen=True, slots=True)
class Guise:
    """How one content looks to whoever has ``case``, which measures them."""

    case: ReviewCase

    @property
    def before(self) -> Decision | None:
        """What counted when the first person was asked."""
        return self.case.first_decision.overrides if self.case.first_decision else None

    @property
    def outcome(self) -> str:
        """What was in force: mostly that a person is to decide."""
        return self.before.outcome if self.before else Outcome.REVIEW

    @property
    def status(self) -> str:
        """The status of a content with that outcome."""
        return ContentStatus.DECIDED if self.outcome in FINAL_OUTCOMES else ContentStatus.IN_REVIEW

    @property
    def decided_at(self) -> datetime | None:
        """When a final outcome came to be in force."""
        return self.before.created_at if self.before and self.outcome in FINAL_OUTCOMES else None

    @property
    def known(self) -> Q:
        """The decisions and reports that were there when the first person was asked."""
        first = self.case.first_decision
        return Q(created_at__lt=first.created_at) if first else Q()


def guises_for(person: User) -> dict[UUID, Guise]:
    """By content; of whom nothing is measured now, none. One query."""
    rows = measuring_now(person).select_related("queue", "first_decision__overrides", "first_decision__case")
    return {case.content_id: Guise(case) for case in rows}


def as_shown(guises: dict[UUID, Guise], content: Content) -> Content:
    """The content as its reader may see it; it is not to be saved."""
    if guise := guises.get(content.pk):
        content.status, content.decision, content.decided_at = guise.status, guise.outcome, guise.decided_at
    return content


def report_as_shown(guises: dict[UUID, Guise], report: Report) -> Report:
    """The report as it was when the first person was asked: not answered yet. It is not to be saved."""
    guise = guises.get(report.content_id)
    if guise and was_open(guise, report):
        report.status, report.resolved_at, report.case = ReportStatus.OPEN, None, guise.case
    return report


def was_open(guise: Guise, report: Report) -> bool:
    """Whether the report was one of those that the first person answered."""
    first = guise.case.first_decision
    return first is not None and (report.resolved_at is None or report.resolved_at >= first.created_at)


def decisions_shown(guises: dict[UUID, Guise], rows: QuerySet[Decision]) -> QuerySet[Decision]:
    """Of a content in a guise only what had been decided when the first person was asked."""
    for content_id, guise in guises.items():
        known = guise.known if guise.case.first_decision else Q(outcome=Outcome.REVIEW)
        rows = rows.filter(~Q(content=content_id) | known)
    return rows


def reports_shown(guises: dict[UUID, Guise], rows: QuerySet[Report]) -> QuerySet[Report]:
    """Of a content in a guise only what had been reported by then; a golden case is not about reports."""
    for content_id, guise in guises.items():
        known = guise.known if guise.case.first_decision else Q(pk__in=[])
        rows = rows.filter(~Q(content=content_id) | known)
    return rows


def reports_in_guise(guises: dict[UUID, Guise]) -> QuerySet[Report]:
    """All reports of the contents that are in a guise."""
    return Report.objects.filter(content__in=list(guises)).only("pk", "content", "status", "resolved_at", "case")


def with_value(rows: QuerySet[Any], shown: Mapping[Any, Any], field: str, value: str) -> QuerySet[Any]:
    """The rows of which ``field`` is shown as ``value``; ``shown`` are keys with what is shown of them instead."""
    if not shown:
        return rows.filter(**{field: value})
    same = [pk for pk, instead in shown.items() if instead == value]
    return rows.filter(Q(pk__in=same) | Q(**{field: value}) & ~Q(pk__in=list(shown)))
