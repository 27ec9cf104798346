"""Step 6, users report: a report raises the open case of its content, or opens one about what is decided already.

What was decided stays in force until a person decides. A case's priority is what it would be without reports (the
policy's, or 40 where reports opened it, and what else moderation.review.priority counts) and 10 for every user who
reports, 100 at most. How often one user may report is the platform's to limit: it knows them, and we count each once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Count, F, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.audit import record_audit
from moderation.enums import (
    OTHER_REASON,
    UNRESOLVED_STATUSES,
    UNSETTLED_STATUSES,
    CaseSource,
    CaseStatus,
    Category,
    Outcome,
    ReportStatus,
    SubjectType,
)
from moderation.models import Content, Report, ReviewCase, ReviewQueue
from moderation.review.case_facts import Subject
from moderation.review.due import due_at
from moderation.review.newest import newest_result
from moderation.review.priority import SEVERITY, raised, terms_of, total
from moderation.review.queue import NewCase, ensure_queues, open_cases
from moderation.review.refusals import ActRefused
from moderation.review.routing import routed_queue

QUEUE = "reports"
# Where a case with a report of this kind belongs: whoever works there is prepared for it, and it cannot wait a day.
QUEUES = {
    Category.SEXUAL_MINORS: "child-safety",
    Category.SELF_HARM: "self-harm",
    Category.SELF_HARM_INTENT: "self-harm",
    Category.SELF_HARM_INSTRUCTIONS: "self-harm",
}
BASE_PRIORITY = 40


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
        raise ActRefused(_("The content was erased: nobody can look at it any more."))
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
    record_audit(
        action="report.received", actor=actor, subject_type=SubjectType.REPORT, subject_id=report.pk, data=data
    )
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
    return answer_reports(content_ids=[content.pk], outcome=outcome)


def answer_reports(*, content_ids: Sequence[UUID], outcome: Outcome) -> int:
    """The same for many contents of one outcome."""
    status = ReportStatus.UPHELD if outcome == Outcome.REJECT else ReportStatus.DISMISSED
    rows = Report.objects.filter(content__in=content_ids, status=ReportStatus.OPEN)
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


@dataclass(frozen=True, slots=True)
class _Said:
    """What users say of a content in their open reports: how many they are, and what they complain of."""

    reporters: int
    categories: tuple[str, ...]

    @property
    def prepared(self) -> str:
        """The queue that is prepared for what they complain of, if one is."""
        return min((QUEUES[Category(one)] for one in self.categories if one in QUEUES), default="")


def _bring_before_a_person(content: Content, *, more: int) -> ReviewCase:
    """Raises the case by the ``more`` users who report now, or opens one; the open reports belong to it.

    A case whose decision does not count yet is raised as well: the decision may be taken back.
    """
    open_reports = Report.objects.filter(content=content, status=ReportStatus.OPEN)
    rows = list(open_reports.order_by("created_at").values_list("reporter_external_id", "reason"))
    categories = dict.fromkeys(reason for _, reason in rows if reason != OTHER_REASON)
    said = _Said(len({reporter for reporter, _ in rows}), tuple(categories))
    cases = ReviewCase.objects.ordinary().select_related("queue", "result")
    unresolved = cases.filter(content=content, status__in=UNRESOLVED_STATUSES)
    case = unresolved.select_for_update(of=("self",)).first()
    if case is None:
        case = _open_case(content, said)
    else:
        _raise_case(case, content, said, more)
    open_reports.update(case=case)
    return case


def _raise_case(case: ReviewCase, content: Content, said: _Said, more: int) -> None:
    terms = raised(case, more=more)
    case.priority, case.priority_terms = total(terms), terms
    case.categories = list(dict.fromkeys([*case.categories, *said.categories]))
    if queue := _better_queue(case, content, said):
        case.queue, case.due_at = queue, min(case.due_at, due_at(queue, timezone.now()))
    case.save(update_fields=["priority", "priority_terms", "categories", "queue", "due_at"])


def _better_queue(case: ReviewCase, content: Content, said: _Said) -> ReviewQueue | None:
    """Where a case that nobody has taken goes now: by its routing, or to the queue that is prepared for what is said.

    No case leaves a prepared queue, unless a routing says so.
    """
    if case.status != CaseStatus.OPEN or case.claimed_by_id or case.assigned_to_id:
        return None
    severity = terms_of(case)[SEVERITY]
    subject = Subject(content, case.result, case.queue.slug, severity, said.reporters, case.source)
    if queue := routed_queue(subject):
        return queue if queue != case.queue else None
    if not said.prepared or case.queue.slug in QUEUES.values():
        return None
    ensure_queues(slugs=[said.prepared])
    return ReviewQueue.objects.get(slug=said.prepared)


def _open_case(content: Content, said: _Said) -> ReviewCase:
    """About what is decided: the newest result says what detectors and policy thought of it."""
    slug = said.prepared or QUEUE
    ensure_queues(slugs=[slug])
    item = NewCase(
        content=content,
        content_version=content.version,
        result=newest_result(content),
        queue_slug=slug,
        priority=BASE_PRIORITY,
        source=CaseSource.REPORT,
        reporters=said.reporters,
        categories=said.categories,
    )
    return open_cases(items=[item])[0]
