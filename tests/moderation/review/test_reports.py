"""Users report: what waits moves up, what was decided gets a person, and the person's decision answers the reports."""

from datetime import timedelta

import pytest

from moderation.detectors.base import DetectionReport
from moderation.enums import CaseSource, CaseStatus, Category, ContentStatus, EventType, Outcome
from moderation.ingest.store import Submission, submit_content
from moderation.models import AuditEntry, Content, Report, ReviewCase, WebhookEvent
from moderation.pipeline import drain
from moderation.retention import clean_up, erase_contents
from moderation.review.claims import claim_next
from moderation.review.refusals import ActRefused
from moderation.review.reports import report_content
from moderation.review.resolve import resolve_case
from tests import factories

pytestmark = pytest.mark.django_db


def report(content: Content, reporter: str = "reader", reason: str = "insult", comment: str = ""):
    content = Content.objects.select_for_update().get(pk=content.pk)
    return report_content(content=content, reporter=reporter, reason=reason, comment=comment, actor="key:re_1")


def decide(case: ReviewCase, moderator, outcome: Outcome):
    return resolve_case(
        case_id=case.pk,
        moderator=moderator,
        lease_token=case.lease_token,
        content_version=case.content_version,
        outcome=outcome,
    ).decision


@pytest.fixture
def approved(platform) -> Content:
    """A content that the policy approved."""
    content = factories.DecidedContentFactory(client=platform)
    result = factories.ResultFactory(content=content, outcome=Outcome.APPROVE, rule="default")
    factories.PolicyDecisionFactory(content=content, result=result)
    return content


def test_content_in_review_moves_up_by_ten_for_each_user():
    case = factories.CaseFactory(priority=50)
    for reporter in ("anna", "ben", "anna"):
        report(case.content, reporter)
    case.refresh_from_db()
    assert (case.priority, case.source, ReviewCase.objects.count()) == (70, CaseSource.POLICY, 1)
    assert {row.case_id for row in Report.objects.all()} == {case.pk}


def test_no_number_of_reports_lifts_a_case_above_100():
    case = factories.CaseFactory(priority=75)
    for number in range(9):
        report(case.content, f"reader{number}")
    case.refresh_from_db()
    assert case.priority == 100


def test_decided_content_gets_a_case_and_its_decision_stays_in_force(approved):
    stored = report(approved)
    case = ReviewCase.objects.get()
    approved.refresh_from_db()
    assert (case.queue.slug, case.source, case.priority) == ("reports", CaseSource.REPORT, 50)
    assert case.result == approved.results.get()
    assert (approved.status, approved.decision) == (ContentStatus.DECIDED, Outcome.APPROVE)
    assert (stored.is_new, stored.report.case_id) == (True, case.pk)


def test_further_reports_join_the_case(approved):
    for reporter in ("anna", "ben", "cleo"):
        report(approved, reporter)
    assert ReviewCase.objects.get().priority == 70
    assert ReviewCase.objects.get().reports.count() == 3


@pytest.mark.parametrize(
    ("reason", "queue", "minutes"),
    [("sexual/minors", "child-safety", 60), ("self-harm/intent", "self-harm", 60), ("other", "reports", 1440)],
)
def test_what_cannot_wait_goes_where_people_are_prepared_for_it(approved, reason, queue, minutes):
    report(approved, reason=reason)
    found = ReviewCase.objects.get().queue
    assert (found.slug, found.due_minutes) == (queue, minutes)


def test_a_case_that_nobody_has_taken_moves_to_the_queue_that_is_prepared_for_the_next_report(approved):
    report(approved, "anna", "other")
    report(approved, "ben", "sexual/minors")
    case = ReviewCase.objects.get()
    assert (case.queue.slug, case.priority) == ("child-safety", 60)
    assert timedelta(minutes=59) < case.due_at - case.opened_at <= timedelta(minutes=61)


def test_a_case_that_somebody_holds_stays_where_it_is(approved, alice):
    report(approved, "anna", "other")
    claim_next(moderator=alice)
    report(approved, "ben", "sexual/minors")
    assert ReviewCase.objects.get().queue.slug == "reports"


def test_no_case_leaves_a_queue_that_is_prepared():
    case = factories.CaseFactory(queue=factories.QueueFactory(slug="child-safety"))
    report(case.content, "anna", "self-harm")
    case.refresh_from_db()
    assert case.queue.slug == "child-safety"


def test_the_same_user_about_the_same_version_is_heard_once(approved):
    first, second = report(approved, "anna", "insult"), report(approved, "anna", "spam")
    assert (first.is_new, second.is_new) == (True, False)
    assert second.report == first.report
    assert (Report.objects.get().reason, ReviewCase.objects.get().priority) == ("insult", 50)
    assert AuditEntry.objects.filter(action="report.received").count() == 1


def test_the_audit_names_neither_the_user_nor_the_words(approved):
    report(approved, "anna", comment="Calls me names")
    entry = AuditEntry.objects.get(action="report.received")
    assert entry.data == {"content": str(approved.pk), "content_version": 1, "reason": "insult"}


@pytest.mark.parametrize(("outcome", "status"), [(Outcome.REJECT, "upheld"), (Outcome.APPROVE, "dismissed")])
def test_the_decision_answers_the_reports(approved, alice, outcome, status):
    report(approved, "anna")
    report(approved, "ben")
    decision = decide(claim_next(moderator=alice), alice, outcome)
    assert {row.status for row in Report.objects.all()} == {status}
    assert Report.objects.exclude(resolved_at=None).count() == 2
    approved.refresh_from_db()
    assert (approved.status, approved.decision) == (ContentStatus.DECIDED, outcome)
    assert decision.overrides.outcome == Outcome.APPROVE


def test_reports_in_an_ordinary_case_are_answered_too(alice):
    report(factories.CaseFactory().content)
    decide(claim_next(moderator=alice), alice, Outcome.REJECT)
    assert Report.objects.get().status == "upheld"


@pytest.mark.parametrize(
    ("outcome", "event"),
    [(Outcome.REJECT, EventType.DECISION_OVERRIDDEN), (Outcome.APPROVE, EventType.CONTENT_APPROVED)],
)
def test_a_confirmed_decision_is_not_told_as_overridden(approved, alice, outcome, event):
    factories.EndpointFactory(client=approved.client)
    report(approved)
    assert not WebhookEvent.objects.exists()
    decision = decide(claim_next(moderator=alice), alice, outcome)
    told = WebhookEvent.objects.get()
    assert told.type == event
    assert told.payload["data"]["decision_id"] == str(decision.pk)
    assert told.payload["data"]["overrides"]["decision"] == "approve"


def test_after_a_decision_new_reports_open_a_new_case(approved, alice):
    report(approved, "anna")
    decide(claim_next(moderator=alice), alice, Outcome.APPROVE)
    report(approved, "ben")
    assert ReviewCase.objects.filter(status=CaseStatus.OPEN).get().priority == 50
    assert sorted(Report.objects.values_list("status", flat=True)) == ["dismissed", "open"]


def test_erased_content_cannot_be_reported(approved):
    erase_contents(contents=[approved], actor="system", reason="test")
    with pytest.raises(ActRefused, match="was erased"):
        report(approved)
    assert not Report.objects.exists()


def test_erasing_takes_what_names_the_user_and_the_reports_lapse(approved, alice):
    report(approved, "anna", comment="Calls me names")
    report(approved, "ben")
    erase_contents(contents=[approved], actor="system", reason="test")
    rows = list(Report.objects.values_list("reporter_external_id", "comment", "status"))
    assert rows == [("", "", "lapsed")] * 2
    assert ReviewCase.objects.get().status == CaseStatus.CANCELLED


def test_age_erases_nothing_about_which_a_person_is_asked(approved, alice, noon):
    report(approved)
    assert sum(clean_up(older_than_days=1, now=noon.replace(year=2050)).counts.values()) == 0
    decide(claim_next(moderator=alice), alice, Outcome.APPROVE)
    assert sum(clean_up(older_than_days=1, now=noon.replace(year=2050)).counts.values()) == 1


def submit(client, text: str) -> Content:
    receipt = submit_content(client_id=client.pk, submission=Submission("post-1", text))
    return Content.objects.get(pk=receipt.id)


def test_content_that_waits_is_brought_before_a_person_after_its_verdict(platform):
    content = submit(platform, "The soup was warm.")
    assert report(content, "anna").report.case_id is None
    report(content, "ben")
    drain()
    case = ReviewCase.objects.get()
    assert (case.source, case.priority, case.content.status) == (CaseSource.REPORT, 60, ContentStatus.DECIDED)
    assert {row.case_id for row in Report.objects.all()} == {case.pk}


def test_a_verdict_of_review_begins_higher_with_reports(platform):
    content = submit(platform, "Das ist ein ganz gewöhnlicher deutscher Satz über Suppe und Regen, nichts weiter.")
    report(content)
    drain()
    case = ReviewCase.objects.get()
    assert (case.source, case.result.rule, case.priority) == (CaseSource.POLICY, "unsupported-language", 30)


def test_an_edit_does_not_shake_off_the_reports(platform):
    content = submit(platform, "The soup was warm.")
    drain()
    report(content)
    edited = submit(platform, "The soup was cold.")
    assert ReviewCase.objects.get().status == CaseStatus.CANCELLED
    drain()
    case = ReviewCase.objects.get(status=CaseStatus.OPEN)
    assert (case.content_version, Report.objects.get().content_version) == (2, 1)
    assert (Report.objects.get().case, edited.pk) == (case, content.pk)


def test_who_reports_both_versions_counts_once(platform):
    content = submit(platform, "The soup was warm.")
    drain()
    report(content)
    submit(platform, "The soup was cold.")
    drain()
    assert report(content).is_new
    assert ReviewCase.objects.get(status=CaseStatus.OPEN).priority == 50


def test_a_rejection_by_the_policy_upholds_what_was_reported_before(platform, panel_that):
    panel_that(lambda text: DetectionReport(scores=dict.fromkeys(Category, 0.0) | {Category.SEXUAL: 0.99}))
    content = submit(platform, "A text that a detector finds certain.")
    report(content)
    drain()
    content.refresh_from_db()
    assert (content.decision, Report.objects.get().status, ReviewCase.objects.count()) == ("reject", "upheld", 0)
