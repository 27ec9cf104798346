"""What is counted of double reviews and golden cases, by queue, category and person."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.enums import Outcome
from moderation.models import QualityReview
from moderation.review.quality_figures import (
    measure_all,
    measure_categories,
    measure_people,
    measure_person,
    measure_queues,
    reviews_between,
)
from tests import factories

pytestmark = pytest.mark.django_db


def _recent():
    now = timezone.now()
    return reviews_between(now - timedelta(days=30), now)


@pytest.fixture
def doubles(alice, bob, general, spam_queue):
    """Alice first: Bob rejects too four times, and approves twice. Bob first, in another queue: Alice approves once."""
    for outcome, times in ((Outcome.REJECT, 4), (Outcome.APPROVE, 2)):
        factories.DisagreementFactory.create_batch(
            times, first_decision__moderator=alice, moderator=bob, outcome=outcome
        )
    factories.DisagreementFactory(
        first_decision__moderator=bob, moderator=alice, queue=spam_queue, categories=["spam", "url_risk"]
    )


@pytest.fixture
def golden_answers(alice, bob, lead, general):
    """One golden case that Alice answered rightly and Bob did not; of another Alice was right too."""
    first, second = factories.GoldenCaseFactory.create_batch(2, queue=general, added_by=lead)
    factories.GoldenAnswerFactory(golden=first, moderator=alice)
    factories.GoldenAnswerFactory(golden=first, moderator=bob, outcome=Outcome.APPROVE)
    factories.GoldenAnswerFactory(golden=second, moderator=alice)


def test_pairs_are_counted_by_queue(doubles, general, spam_queue):
    queues = measure_queues(_recent())
    assert queues[general.pk].pairs == {("reject", "reject"): 4, ("reject", "approve"): 2}
    assert queues[spam_queue.pk].pairs == {("reject", "approve"): 1}
    assert queues[general.pk].agreed == pytest.approx(4 / 6)


def test_content_about_two_categories_counts_for_both(doubles):
    categories = measure_categories(_recent())
    assert {name: measured.doubles for name, measured in categories.items()} == {
        "toxicity": 6, "spam": 1, "url_risk": 1,
    }  # fmt: skip


def test_person_counts_as_first_and_as_second(doubles, alice, bob):
    people = measure_people(_recent())
    assert people[alice.pk].pairs == {("reject", "reject"): 4, ("reject", "approve"): 2, ("approve", "reject"): 1}
    assert people[bob.pk].pairs == {("reject", "reject"): 4, ("approve", "reject"): 2, ("reject", "approve"): 1}
    assert measure_person(_recent(), alice) == people[alice.pk]


def test_golden_answers_are_right_or_wrong(golden_answers, alice, bob, general):
    people = measure_people(_recent())
    assert (people[alice.pk].golden_right, people[alice.pk].golden) == (2, 2)
    assert (people[bob.pk].golden_right, people[bob.pk].golden) == (0, 1)
    assert people[bob.pk].accuracy.low == 0
    assert (measure_queues(_recent())[general.pk].golden_right, measure_all(_recent()).golden) == (2, 3)


def test_alpha_counts_what_several_said_of_one_golden_case(golden_answers, general):
    """Two people spoke of the same case, and differ; what one alone spoke of says nothing."""
    assert measure_queues(_recent())[general.pk].alpha == pytest.approx(0)


def test_settled_disagreements_count_for_who_was_right(doubles, alice, bob, lead, general):
    QualityReview.objects.filter(agrees=False, queue=general).update(
        settled_at=timezone.now(), settled_by=lead, settled_outcome=Outcome.APPROVE
    )
    people = measure_people(_recent())
    assert (people[alice.pk].settled_right, people[alice.pk].settled) == (0, 2)
    assert (people[bob.pk].settled_right, people[bob.pk].settled) == (2, 2)
    assert measure_all(_recent()).settled_right == 0


def test_what_was_said_before_the_period_does_not_count(doubles):
    QualityReview.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert measure_all(_recent()).doubles == 0
    assert measure_queues(_recent()) == {}


def test_nothing_measured_says_nothing(db):
    nothing = measure_all(_recent())
    assert (nothing.agreed, nothing.kappa, nothing.alpha, nothing.accuracy) == (None, None, None, None)


@pytest.mark.parametrize("measure", [measure_all, measure_queues, measure_categories, measure_people])
def test_queries_do_not_grow_with_the_reviews(doubles, golden_answers, measure, django_assert_max_num_queries):
    with django_assert_max_num_queries(5):
        measure(_recent())
