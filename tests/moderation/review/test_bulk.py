"""Many cases, one decision: what is chosen and left out, row by row, in batches, undone as a whole."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from moderation.enums import BulkStatus, CaseStatus, ContentStatus, Outcome
from moderation.models import AuditEntry, BulkItem, BulkRun, Content, ContentFingerprint, Decision, ReviewCase
from moderation.review.bulk import progress, start_run, undo_run, work_off
from moderation.review.claims import claim_next
from moderation.review.holds import release_due_holds
from moderation.review.refusals import ActRefused
from moderation.review.selection import Selection, fitting, preview
from tests import factories

pytestmark = pytest.mark.django_db
GENERAL = Selection(queue="general")


def cases(number: int, **facts) -> list[ReviewCase]:
    return [factories.CaseFactory(**facts) for _ in range(number)]


def look(senior, selection=GENERAL, outcome=Outcome.REJECT):
    return preview(selection, moderator=senior, outcome=outcome, now=timezone.now())


def run_of(senior, selection=GENERAL, **more) -> BulkRun:
    return start_run(selection=selection, moderator=senior, outcome=Outcome.REJECT, reasoning="A wave of spam", **more)


def test_every_case_is_decided_with_its_own_record(senior):
    cases(5)
    run = run_of(senior, label="spam")
    assert Decision.objects.in_effect().filter(moderator=senior).count() == 0
    far = work_off(run_id=run.pk, moderator=senior, size=2)
    run.refresh_from_db()
    assert (far.total, far.decided, far.left, run.status) == (5, 5, 0, BulkStatus.DONE)
    decided = Decision.objects.filter(moderator=senior)
    assert {(row.label, row.reasoning, row.rule) for row in decided} == {("spam", "A wave of spam", "review-toxicity")}
    entries = AuditEntry.objects.filter(action="decision.recorded", actor="user:senior", data__via=f"bulk:{run.pk}")
    assert entries.count() == 5
    assert set(Content.objects.values_list("decision", flat=True)) == {Outcome.REJECT}
    assert set(ReviewCase.objects.values_list("status", flat=True)) == {CaseStatus.RESOLVED}


def test_preview_says_what_is_left_out_and_why(senior, alice):
    free = cases(2)
    claim_next(moderator=alice)
    author = factories.AuthorFactory(reach=500_000)
    cases(1, content=factories.InReviewContentFactory(author=author, client=author.client))
    later = timezone.now() + timedelta(hours=1)
    cases(1, assigned_to=alice, assigned_until=later)
    cases(1, assigned_to=alice, assigned_until=later, on_hold_until=later)
    shown = look(senior)
    assert (shown.number, shown.matching, [str(one.why) for one in shown.left_out]) == (
        1,
        5,
        [
            "somebody else has them open now",
            "on hold",
            "handed to somebody else",
            "the author reaches many people: a second person has to look",
        ],
    )
    assert set(shown.sample) < set(free)
    assert look(senior, outcome=Outcome.APPROVE).number == 2


def test_selection_narrows_by_what_cases_have_in_common(senior):
    spam, other = factories.CaseFactory(categories=["spam"]), factories.CaseFactory(categories=["hate"])
    author = factories.AuthorFactory()
    theirs = factories.CaseFactory(content=factories.InReviewContentFactory(author=author, client=author.client))
    old = factories.CaseFactory(opened_at=timezone.now() - timedelta(hours=9))
    ReviewCase.objects.filter(pk=other.pk).update(queue=factories.QueueFactory(slug="hate", name="Hate"))
    for selection, expected in (
        (Selection(category="spam"), {spam}),
        (Selection(queue="hate"), {other}),
        (Selection(author=author.pk), {theirs}),
        (Selection(client=author.client_id), {theirs}),
        (Selection(min_hours=8), {old}),
        (Selection(rule="review-toxicity"), {spam, other, theirs, old}),
        (Selection(rule="another"), set()),
    ):
        found = fitting(selection, moderator=senior, outcome=Outcome.REJECT, now=timezone.now())
        assert set(found) == expected, selection


def test_cluster_of_near_duplicates_is_chosen_with_the_case_itself(senior):
    wave, other = cases(3), factories.CaseFactory()
    now = timezone.now()
    ContentFingerprint.objects.bulk_create(
        ContentFingerprint(
            content=case.content, client=case.client, cluster=wave[0].content_id, bits=7, submitted_at=now
        )
        for case in wave
    )
    found = fitting(Selection(alike=wave[1].content_id), moderator=senior, outcome=Outcome.REJECT, now=timezone.now())
    assert set(found) == set(wave)
    assert other not in found


def test_nothing_chosen_and_nothing_to_decide_are_refused(senior):
    factories.CaseFactory()
    with pytest.raises(ActRefused, match="Choose"):
        run_of(senior, Selection())
    with pytest.raises(ActRefused, match="Nothing"):
        run_of(senior, Selection(category="spam"))
    assert not BulkRun.objects.exists()


def test_right_is_needed_and_ones_own_queues(alice, senior, auditor):
    cases(1)
    with pytest.raises(PermissionDenied):
        run_of(alice)
    ReviewCase.objects.get().queue.groups.set(auditor.groups.all())
    with pytest.raises(ActRefused):
        run_of(senior)


def test_what_came_after_the_preview_is_left_alone(senior):
    (seen,) = cases(1)
    before = timezone.now()
    cases(1, opened_at=before + timedelta(seconds=5))
    run = run_of(senior, seen_at=before + timedelta(seconds=1))
    assert [item.case for item in BulkItem.objects.filter(run=run)] == [seen]


def test_row_that_changed_meanwhile_is_refused_alone(senior, alice):
    edited, taken, escalated, fine = cases(4)
    run = run_of(senior)
    Content.objects.filter(pk=edited.content_id).update(version=2)
    ReviewCase.objects.exclude(pk=taken.pk).update(opened_at=timezone.now() + timedelta(days=9))
    assert claim_next(moderator=alice) == taken
    ReviewCase.objects.filter(pk=escalated.pk).update(status=CaseStatus.CANCELLED)
    far = work_off(run_id=run.pk, moderator=senior)
    refusals = {item.case: item.refusal for item in BulkItem.objects.all()}
    assert (far.decided, far.refused, far.left) == (1, 3, 0)
    assert "version 2" in refusals[edited]
    assert refusals[taken] == "somebody else has them open now"
    assert refusals[fine] == ""
    taken.refresh_from_db()
    assert (taken.status, taken.claimed_by) == (CaseStatus.OPEN, alice)


def test_run_that_died_is_continued_where_it_stands(senior):
    cases(5)
    run = run_of(senior)
    far = work_off(run_id=run.pk, moderator=senior, size=2, until=timezone.now() - timedelta(seconds=1))
    assert (far.decided, far.left, BulkRun.objects.get().status) == (2, 3, BulkStatus.RUNNING)
    far = work_off(run_id=run.pk, moderator=senior, size=2)
    assert (far.decided, far.left, BulkRun.objects.get().status) == (5, 0, BulkStatus.DONE)
    assert Decision.objects.filter(moderator=senior).count() == 5


def test_whole_run_is_undone_within_its_time(senior, review_options):
    review_options(undo_seconds=10)
    rows = cases(5)
    run = run_of(senior)
    work_off(run_id=run.pk, moderator=senior, size=2)
    assert undo_run(run_id=run.pk, moderator=senior) == (5, 0)
    release_due_holds(now=timezone.now() + timedelta(hours=1))
    assert set(ReviewCase.objects.values_list("status", "decision", "claimed_by")) == {(CaseStatus.OPEN, None, None)}
    assert set(Content.objects.values_list("status", flat=True)) == {ContentStatus.IN_REVIEW}
    assert not Decision.objects.in_effect().filter(moderator=senior).exists()
    assert AuditEntry.objects.filter(action="decision.withdrawn").count() == len(rows)
    assert BulkRun.objects.get().status == BulkStatus.UNDONE


def test_undo_says_what_counts_already(senior, review_options):
    review_options(undo_seconds=10)
    cases(3)
    run = run_of(senior)
    work_off(run_id=run.pk, moderator=senior)
    release_due_holds(now=timezone.now() + timedelta(hours=1))
    assert undo_run(run_id=run.pk, moderator=senior) == (0, 3)


def test_undone_run_goes_no_further(senior, review_options):
    review_options(undo_seconds=10)
    cases(4)
    run = run_of(senior)
    work_off(run_id=run.pk, moderator=senior, size=2, until=timezone.now())
    undo_run(run_id=run.pk, moderator=senior)
    assert work_off(run_id=run.pk, moderator=senior).left == 2
    assert ReviewCase.objects.filter(status=CaseStatus.OPEN).count() == 4


def test_run_belongs_to_who_began_it(senior, lead):
    cases(1)
    run = run_of(senior)
    for act in (work_off, undo_run):
        with pytest.raises(BulkRun.DoesNotExist):
            act(run_id=run.pk, moderator=lead)
    assert progress(run).decided == 0


def test_a_batch_costs_the_same_queries_for_more_rows(senior, django_assert_max_num_queries):
    cases(20)
    run = run_of(senior)
    with django_assert_max_num_queries(45):
        work_off(run_id=run.pk, moderator=senior)
