"""How urgent a case is: every term is kept, and together they are the priority and the place in the queue."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from moderation.enums import Outcome
from moderation.models import ReviewCase
from moderation.models.review import SECONDS_A_POINT
from moderation.review.priority import TERMS, points, points_for_waiting, reached_categories, terms_of, total
from moderation.review.queue import NewCase, open_cases
from tests import factories


def _result(score=0.9, threshold=0.8, category="insult", **row):
    reason = {"code": "rule_matched", "message": "", "category": category, "score": score, "threshold": threshold}
    return factories.ResultFactory.build(content=None, content_version=1, reasons=[reason], **row)


def test_the_policys_priority_is_the_severity():
    terms = points(severity=40, reach=None)
    assert (terms["severity"], total(terms)) == (40, 40)


@pytest.mark.parametrize(("score", "extra"), [(0.8, 0), (0.9, 4), (1.0, 9)])
def test_a_score_adds_by_how_far_it_is_above_what_the_rule_asks_for(score, extra):
    assert points(severity=40, result=_result(score), reach=None)["score"] == extra


def test_a_rule_that_asks_for_certainty_or_for_no_score_adds_nothing():
    assert points(severity=40, result=_result(1.0, 1.0), reach=None)["score"] == 0
    assert points(severity=40, result=_result(0.9, None), reach=None)["score"] == 0


def test_what_the_policy_approved_adds_nothing_by_its_scores():
    approved = _result(1.0, outcome=Outcome.APPROVE)
    assert points(severity=40, result=approved, reach=None)["score"] == 0
    assert reached_categories(approved) == []


def test_every_reporter_adds_ten():
    assert points(severity=40, reporters=3, reach=None)["reports"] == 30


@pytest.mark.parametrize(
    ("reach", "extra"), [(None, 0), (0, 0), (1_000, 0), (10_000, 5), (1_000_000, 15), (10**7, 20), (2**31 - 1, 20)]
)
def test_reach_counts_by_its_magnitude(reach, extra):
    assert points(severity=40, reach=reach)["reach"] == extra


@given(
    severity=st.integers(0, 100),
    score=st.floats(0, 1),
    reporters=st.integers(0, 50),
    reach=st.integers(0, 2**31 - 1) | st.none(),
)
def test_the_terms_sum_to_a_priority_between_0_and_100(severity, score, reporters, reach):
    terms = points(severity=severity, result=_result(score, 0.5), reporters=reporters, reach=reach)
    assert set(terms) == set(TERMS)
    assert all(term >= 0 for term in terms.values())
    assert total(terms) == min(100, sum(terms.values()))


@pytest.mark.django_db
def test_an_opened_case_keeps_its_terms_and_what_it_is_about(platform):
    author = factories.AuthorFactory(client=platform, reach=120_000)
    content = factories.InReviewContentFactory(client=platform, author=author)
    result = factories.ResultFactory(content=content)
    (case,) = open_cases(items=[NewCase(content, 1, result, "general", 40)])
    case.refresh_from_db()
    assert case.priority_terms == {"severity": 40, "score": 2, "reports": 0, "reach": 10}
    assert (case.priority, case.categories) == (52, ["toxicity"])


@pytest.mark.django_db
def test_waiting_is_worth_points_of_rank_and_overtakes():
    now = timezone.now()
    waited = factories.CaseFactory(priority=40, opened_at=now - timedelta(seconds=21 * SECONDS_A_POINT))
    graver = factories.CaseFactory(priority=60, opened_at=now)
    assert points_for_waiting(waited, now) == 21
    assert list(ReviewCase.objects.order_by("rank")) == [waited, graver]


@pytest.mark.django_db
def test_a_case_from_before_terms_were_kept_has_its_priority_for_its_severity():
    assert terms_of(factories.CaseFactory(priority=65)) == {"severity": 65, "score": 0, "reports": 0, "reach": 0}
