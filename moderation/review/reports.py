"""Step 6, users report: a report raises the open case of its content, or opens one about what is decided already.

What was decided stays in force until a person decides. A case's priority is what it would be without reports (the
policy's, or 40 where reports opened it) and 10 for every user who reports, 100 at most. How often one user may report
is the platform's to limit: it knows them, and we count each once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Count, F, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from moderation.audit import record_audit
from moderation.enums import UNSETTLED_STATUSES, CaseSource, CaseStatus, Category, Outcome, ReportStatus
from moderation.models import Content, ModerationResult, Report, ReviewCase, ReviewQueue
from moderation.review.queue import NewCase, ensure_queues, open_cases
from moderation.review.refusals import ActRefused

QUEUE = "reports"
# Where a case with a report of this kind belongs: whoever works there is prepared for it, and it cannot wait a day.
QUEUES = {
    Category.SEXUAL_MINORS: "child-safety",
    Category.SELF_HARM: "self-harm",
    Category.SELF_HARM_INTENT: "self-harm",
    Category.SELF_HARM_INSTRUCTIONS: "self-harm",
}
BASE_PRIORITY = 40
A_REPORTER = 10
MOST = 100


@dataclass(frozen=True, slots=True)
class Reported:
    """The report as it is stored; ``is_new`` is false for one that the same user had made before."""

    report: Report
    is_new: bool


@transaction.atomic
def report_content(*, content: Content, reporter: str, reason: str, comment: str, actor: str) -> Reported:
    """Stores what a user says of the content's present version, once, and brings it before a person.

    The caller holds the content's row lock. ``reporter`` is the platform's own id of the user, ``reason`` one of
    REPORT_REASONS, ``comment`` has up to 1,000 characters. Content that no verdict has been spoken on yet is brought
    before a person after it. Raises ActRefused for erased content.
    """
    if content.erased_at is not None:
        raise ActRefused("The content was erased: nobody can look at it any more.")
    of_reporter = Report.objects.filter(content=content, reporter_external_id=reporter)
    if earlier := of_reporter.filter(content_version=content.version).first():
        return Reported(earlier, is_new=False)
    is_counted = of_reporter.filter(status=ReportStatus.OPEN).exists()
    report = Report.objects.create(
        client_id=content.client_id,
        content=content,
        content_version=content.version,
        reporter_external_id=reporter,
        reason=reason,
        comment=comment,
    )
    data = {"content": str(content.pk), "content_version": content.version, "reason": reason}
    record_audit(action="report.received", actor=actor, subject_type="report", subject_id=report.pk, data=data)
    if content.status not in UNSETTLED_STATUSES:
        report.case = _bring_before_a_person(content, more=0 if is_counted else 1)
    return Reported(report, is_new=True)


def attend_to_reports(*, contents: Sequence[Content]) -> None:
    """Follows new verdicts: reports that were there before them, also of an earlier version, get their person now.

    A rejection upholds them at once. Call it in the transaction of the verdicts, which holds the contents' row locks;
    one query where nobody has reported.
    """
    rows = Report.objects.filter(content__in=[content.pk for content in contents], status=ReportStatus.OPEN)
    counts = rows.values_list("content").annotate(Count("reporter_external_id", distinct=True)).order_by()
    reporters: dict[UUID, int] = dict(counts)
    if not reporters:
        return
    for content in Content.objects.filter(pk__in=reporters):
        if content.decision == Outcome.REJECT:
            close_reports(content=content, outcome=Outcome.REJECT)
        else:
            _bring_before_a_person(content, more=reporters[content.pk])


def close_reports(*, content: Content, outcome: Outcome) -> int:
    """A rejection upholds the open reports of the content, an approval dismisses them; answers how many there were.

    To be called in the transaction of the decision.
    """
    status = ReportStatus.UPHELD if outcome == Outcome.REJECT else ReportStatus.DISMISSED
    rows = Report.objects.filter(content=content, status=ReportStatus.OPEN)
    return rows.update(status=status, resolved_at=timezone.now())


def forget_reports(*, content_ids: Sequence[UUID]) -> None:
    """Takes from the reports of erased contents what names a person; those that were open lapse.

    To be called in the transaction that erases.
    """
    Report.objects.filter(content__in=content_ids).update(
        status=Case(When(status=ReportStatus.OPEN, then=Value(ReportStatus.LAPSED)), default=F("status")),
        resolved_at=Coalesce("resolved_at", timezone.now()),
        reporter_external_id="",
        comment="",
    )


def _bring_before_a_person(content: Content, *, more: int) -> ReviewCase:
    """Raises the open case by the ``more`` users who report now, or opens one; the open reports belong to it."""
    open_reports = Report.objects.filter(content=content, status=ReportStatus.OPEN)
    said = list(open_reports.values_list("reporter_external_id", "reason"))
    prepared = min((QUEUES[Category(reason)] for _, reason in said if reason in QUEUES), default="")
    cases = ReviewCase.objects.select_for_update(of=("self",)).select_related("queue")
    case = cases.filter(content=content, status=CaseStatus.OPEN).first()
    if case is None:
        case = _open_case(content, prepared or QUEUE, reporters=len({reporter for reporter, _ in said}))
    else:
        _raise_case(case, prepared, more)
    open_reports.update(case=case)
    return case


def _raise_case(case: ReviewCase, prepared: str, more: int) -> None:
    """A case that nobody has taken goes to the queue that is prepared for what is reported; no case leaves such one."""
    raised: dict[str, Any] = {"priority": Least(F("priority") + A_REPORTER * more, Value(MOST))}
    if prepared and case.claimed_by_id is None and case.queue.slug not in QUEUES.values():
        ensure_queues(slugs=[prepared])
        queue = ReviewQueue.objects.get(slug=prepared)
        raised |= {"queue": queue, "due_at": min(case.due_at, timezone.now() + timedelta(minutes=queue.due_minutes))}
    ReviewCase.objects.filter(pk=case.pk).update(**raised)


def _open_case(content: Content, slug: str, *, reporters: int) -> ReviewCase:
    """About what is decided: the newest result says what detectors and policy thought of it."""
    ensure_queues(slugs=[slug])
    results = ModerationResult.objects.filter(content=content, content_version=content.version)
    item = NewCase(
        content=content,
        content_version=content.version,
        result=results.order_by("-created_at", "-id").first(),
        queue_slug=slug,
        priority=min(MOST, BASE_PRIORITY + A_REPORTER * reporters),
        source=CaseSource.REPORT,
    )
    return open_cases(items=[item])[0]
