"""What became of a client's contents: every figure from rows that are known."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from moderation.enums import DecisionSource, Outcome
from moderation.models import Content, ContentVersion, Decision
from moderation.statistics import Backlog, Counted, Decided, Period, Times, read_statistics
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 18)
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.fixture
def person(groups):
    return factories.ModeratorFactory()


@pytest.fixture
def decide(platform, person):
    """Receives a content and decides it, some seconds later and perhaps once more."""

    def of(outcome, *, at=NOON, after=1, then=None, then_after=0, client=platform, category="spam", rule="spam-rule"):
        content = factories.ContentFactory(client=client, created_at=at)
        result = factories.ResultFactory(
            content=content, outcome=outcome, rule=rule, reasons=[{"category": category}] if category else []
        )
        by_policy = Decision.objects.create(
            content=content, content_version=1, outcome=outcome, source="policy", rule=rule, result=result,
            created_at=at + timedelta(seconds=after),
        )  # fmt: skip
        if then:
            Decision.objects.create(
                content=content, content_version=1, outcome=then, source="moderator", moderator=person, rule=rule,
                overrides=by_policy, created_at=at + timedelta(seconds=then_after),
            )  # fmt: skip
        return content

    return of


def read(platform, first=DAY, last=DAY):
    return read_statistics(client_id=platform.pk, first=first, last=last)


def test_nothing_is_nothing_and_not_a_division_by_zero(platform):
    found = read(platform)
    assert found.current == found.previous == Period()
    assert (found.current.automation_rate, found.current.overturn_rate) == (None, None)
    assert found.backlog == Backlog(0, 0, None)


def test_every_figure_of_a_day(platform, decide):
    decide("approve", after=2, category=None, rule="default")
    decide("reject", after=4)
    decide("reject", after=6, then="approve", then_after=600)
    decide("review", after=1, then="reject", then_after=100)
    factories.ContentFactory(client=platform, created_at=NOON)
    current = read(platform).current
    assert current.received == 5
    assert current.decided == [
        Decided(Outcome.APPROVE, DecisionSource.MODERATOR, 1),
        Decided(Outcome.APPROVE, DecisionSource.POLICY, 1),
        Decided(Outcome.REJECT, DecisionSource.MODERATOR, 1),
        Decided(Outcome.REJECT, DecisionSource.POLICY, 2),
        Decided(Outcome.REVIEW, DecisionSource.POLICY, 1),
    ]
    assert (current.settled_by_policy, current.settled_by_people, current.automation_rate) == (3, 1, 0.75)
    assert (current.overturned, current.overturn_rate) == (1, 0.3333)
    assert current.rules == [Counted("spam-rule", 3), Counted("default", 1)]
    assert current.categories == [Counted("spam", 3)]
    assert current.policy_times == Times(3, 4.0, 5.8)
    assert current.people_times == Times(1, 100.0, 100.0)


def test_a_decision_that_confirms_the_policy_overturns_nothing(platform, decide):
    decide("reject", then="reject", then_after=5)
    assert read(platform).current.overturned == 0


def test_an_erased_content_was_judged_by_nobody(platform, decide):
    content = decide("review")
    earlier = Decision.objects.get()
    Decision.objects.create(
        content=content, content_version=1, outcome="reject", source="api", rule="erased", overrides=earlier,
        created_at=NOON + timedelta(seconds=9),
    )  # fmt: skip
    current = read(platform).current
    assert (current.settled_by_people, current.overturned, current.people_times) == (0, 0, Times())
    assert Decided(Outcome.REJECT, DecisionSource.API, 1) in current.decided


def test_a_later_version_is_timed_from_its_own_beginning(platform, decide):
    content = decide("approve", after=2)
    ContentVersion.objects.create(
        content=content, version=1, text="", text_digest="", superseded_at=NOON + timedelta(hours=1)
    )
    Decision.objects.create(
        content=content,
        content_version=2,
        outcome="reject",
        source="policy",
        created_at=NOON + timedelta(hours=1, seconds=8),
    )
    assert read(platform).current.policy_times.median == 5.0


def test_the_period_before_is_of_equal_length(platform, decide):
    edges = [
        datetime(2026, 11, 15, 23, 59, 50, tzinfo=UTC),  # before both
        datetime(2026, 11, 16, tzinfo=UTC),
        datetime(2026, 11, 17, 23, 59, 50, tzinfo=UTC),
        datetime(2026, 11, 18, tzinfo=UTC),
        datetime(2026, 11, 19, 23, 59, 50, tzinfo=UTC),
        datetime(2026, 11, 20, tzinfo=UTC),  # after both
    ]
    for at in edges:
        decide("approve", at=at, after=1)
    found = read(platform, date(2026, 11, 18), date(2026, 11, 19))
    assert (found.previous.received, found.current.received) == (2, 2)
    assert (found.previous.settled_by_policy, found.current.settled_by_policy) == (2, 2)


def test_another_client_s_contents_do_not_count(platform, stranger, decide):
    decide("reject", client=stranger)
    factories.CaseFactory(content__client=stranger)
    found = read(platform)
    assert found.current == Period()
    assert found.backlog.open == 0


def test_the_backlog_is_what_waits_now(platform):
    late = factories.CaseFactory(content__client=platform, opened_at=NOON, due_at=NOON + timedelta(minutes=1))
    factories.CaseFactory(content__client=platform)
    factories.ResolvedCaseFactory(content__client=platform)
    assert read(platform).backlog == Backlog(2, 1, late.opened_at)


def test_the_number_of_queries_is_fixed(platform, decide):
    for _ in range(3):
        decide("reject", then="approve", then_after=3)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        read(platform, date(2026, 9, 1), DAY)
    assert len(queries) == 5


def test_contents_are_unchanged_by_reading(platform, decide):
    decide("approve")
    before = list(Content.objects.values())
    read(platform)
    assert list(Content.objects.values()) == before
