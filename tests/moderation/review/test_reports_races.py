"""Reports, edits, moderators and the platform at one moment: the row locks decide who is first, and nothing is lost."""

from collections.abc import Callable
from threading import Barrier

import pytest
from django.db import transaction

from moderation.enums import CaseStatus, ContentStatus, DecisionSource, Outcome
from moderation.ingest.store import Submission, submit_content
from moderation.models import Content, Decision, Report, ReviewCase, ReviewQueue
from moderation.pipeline import drain
from moderation.review.claims import claim_next
from moderation.review.override import override_decision
from moderation.review.refusals import ActRefused
from moderation.review.reports import report_content
from moderation.review.resolve import resolve_case
from moderation.review.stale import StaleDecision
from tests import factories
from tests.moderation.ingest.test_store_races import in_threads

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROUNDS = 8


def at_once(*acts: Callable[[], object]) -> list[object]:
    """What each act answered, or the refusal it met; all start at the same moment."""
    start = Barrier(len(acts))

    def one(number: int) -> object:
        start.wait()
        try:
            return acts[number]()
        except (ActRefused, StaleDecision) as refusal:
            return refusal

    return in_threads(one, len(acts))


def report(content: Content, reporter: str) -> object:
    with transaction.atomic():
        locked = Content.objects.select_for_update(of=("self",)).get(pk=content.pk)
        return report_content(content=locked, reporter=reporter, reason="insult", comment="", actor="key:re_1")


def override(content: Content, outcome: Outcome, **more) -> object:
    with transaction.atomic():
        locked = Content.objects.select_for_update(of=("self",)).get(pk=content.pk)
        return override_decision(content=locked, outcome=outcome, reasoning="Seen.", actor="key:re_1", **more)


def decide(case: ReviewCase, moderator, outcome: Outcome) -> Decision:
    return resolve_case(
        case_id=case.pk,
        moderator=moderator,
        lease_token=case.lease_token,
        content_version=case.content_version,
        outcome=outcome,
    ).decision


@pytest.fixture
def approved(platform) -> Content:
    content = factories.DecidedContentFactory(client=platform, external_id="post-1", text="The soup was warm.")
    factories.PolicyDecisionFactory(content=content)
    return content


def test_twenty_users_at_once_open_one_case_and_count_each_once(approved):
    at_once(*(lambda n=n: report(approved, f"reader{n % 10}") for n in range(20)))
    case = ReviewCase.objects.get()
    assert (Report.objects.count(), case.priority) == (10, 100)
    assert set(Report.objects.values_list("case", flat=True)) == {case.pk}
    assert ReviewQueue.objects.filter(slug="reports").count() == 1


def test_an_override_and_a_moderator_leave_one_decision_each_seen_by_the_other(alice):
    for _ in range(ROUNDS):
        content = factories.CaseFactory().content
        case = claim_next(moderator=alice)
        by_api, by_hand = at_once(
            lambda: override(content, Outcome.REJECT),  # noqa: B023 - the threads end within the round
            lambda: decide(case, alice, Outcome.APPROVE),  # noqa: B023
        )
        assert isinstance(by_api, Decision)
        chain = list(Decision.objects.filter(content=content).order_by("created_at", "id"))
        if isinstance(by_hand, Decision):
            # The moderator was first: the platform overrides that decision, knowing of it.
            assert by_api.overrides == by_hand
            assert [d.source for d in chain] == [DecisionSource.POLICY, DecisionSource.MODERATOR, DecisionSource.API]
        else:
            assert isinstance(by_hand, StaleDecision)
            assert [d.source for d in chain] == [DecisionSource.POLICY, DecisionSource.API]
        content.refresh_from_db()
        assert (content.decision, content.status) == (Outcome.REJECT, ContentStatus.DECIDED)
        assert content.cases.get().status == CaseStatus.RESOLVED


def test_two_overrides_stand_one_upon_the_other(approved):
    at_once(lambda: override(approved, Outcome.REJECT), lambda: override(approved, Outcome.APPROVE))
    policy, first, second = Decision.objects.order_by("created_at", "id")
    approved.refresh_from_db()
    assert (first.overrides, second.overrides) == (policy, first)
    assert approved.decision == second.outcome


def test_of_two_overrides_that_mean_the_same_decision_one_is_refused(approved):
    meant = Decision.objects.get().pk
    answers = at_once(
        lambda: override(approved, Outcome.REJECT, expected_id=meant),
        lambda: override(approved, Outcome.APPROVE, expected_id=meant),
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["ActRefused", "Decision"]
    assert Decision.objects.count() == 2


def test_a_report_while_its_case_is_decided_is_answered_or_gets_a_case_of_its_own(approved, alice):
    for number in range(ROUNDS):
        report(approved, f"first{number}")
        case = claim_next(moderator=alice)
        at_once(
            lambda: decide(case, alice, Outcome.APPROVE),  # noqa: B023
            lambda: report(approved, f"late{number}"),  # noqa: B023
        )
        late = Report.objects.get(reporter_external_id=f"late{number}")
        if late.status == "open":
            assert late.case.status == CaseStatus.OPEN
        else:
            assert (late.status, late.case) == ("dismissed", case)
        ReviewCase.objects.filter(status=CaseStatus.OPEN).update(status=CaseStatus.CANCELLED)
        Report.objects.all().delete()


def test_an_edit_while_a_report_opens_a_case_leaves_no_case_of_the_old_version(approved):
    for number in range(ROUNDS):
        text = f"The soup was warm, they say, for the {number}. time."
        at_once(
            lambda: report(approved, f"reader{number}"),  # noqa: B023
            lambda: submit_content(client_id=approved.client_id, submission=Submission("post-1", text)),  # noqa: B023
        )
        assert not ReviewCase.objects.filter(status=CaseStatus.OPEN).exists()
        drain()
        approved.refresh_from_db()
        case = ReviewCase.objects.get(status=CaseStatus.OPEN)
        assert (case.content_version, approved.status) == (approved.version, ContentStatus.DECIDED)
        assert set(Report.objects.filter(status="open").values_list("case", flat=True)) == {case.pk}
