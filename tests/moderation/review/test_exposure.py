"""What is counted of a look: what the page says, and never more than the server's own clock allows."""

from datetime import timedelta

import pytest

from moderation.models import Exposure
from moderation.review.exposure import add_seconds, begin_look
from moderation.review.exposure_figures import Figures, KindFigures, figures_by_person, figures_of
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def look(alice, noon) -> Exposure:
    content = factories.ContentFactory()
    return begin_look(moderator=alice, content_id=content.pk, categories=["violence/graphic", "hate"], now=noon)


def tell(look, moderator, when, opened, text=0, images=0) -> Exposure:
    return add_seconds(
        look_id=look.pk, moderator=moderator, open_seconds=opened, text_seconds=text, image_seconds=images, now=when
    )


def counted(look) -> tuple[int, int, int]:
    look.refresh_from_db()
    return look.open_seconds, look.text_seconds, look.image_seconds


def test_seconds_add_up(look, alice, noon):
    tell(look, alice, noon + timedelta(seconds=15), 15, 10)
    tell(look, alice, noon + timedelta(seconds=30), 14, 14, 3)
    assert counted(look) == (29, 24, 3)
    assert look.is_graphic


def test_huge_number_is_cut_to_the_time_that_passed(look, alice, noon):
    tell(look, alice, noon + timedelta(seconds=20), 10**9, 10**9, 10**9)
    assert counted(look) == (20, 20, 20)


def test_repeated_report_adds_nothing(look, alice, noon):
    for _ in range(5):
        tell(look, alice, noon + timedelta(seconds=15), 15, 15)
    assert counted(look) == (15, 15, 0)


def test_nothing_is_uncovered_longer_than_it_was_open(look, alice, noon):
    tell(look, alice, noon + timedelta(seconds=60), 10, 40, 50)
    assert counted(look) == (10, 10, 10)


def test_fractions_of_seconds_are_not_lost(look, alice, noon):
    for number in range(1, 5):
        tell(look, alice, noon + timedelta(seconds=1.5 * number), 2)
    assert counted(look)[0] == 6


def test_nobody_adds_to_what_another_was_shown(look, bob, noon):
    with pytest.raises(Exposure.DoesNotExist):
        tell(look, bob, noon + timedelta(seconds=15), 15)
    assert counted(look) == (0, 0, 0)


def test_reload_is_the_same_look_and_a_later_visit_another(look, alice, noon):
    again = {"moderator": alice, "content_id": look.content_id, "categories": look.categories}
    assert begin_look(**again, now=noon + timedelta(seconds=30)) == look
    assert begin_look(**again, now=noon + timedelta(minutes=10)) != look


def test_figures_count_a_look_under_each_of_its_kinds_and_once_in_all(look, alice, noon):
    tell(look, alice, noon + timedelta(seconds=20), 20, 12, 5)
    kinds = tuple(KindFigures(kind, 1, 12, 5) for kind in ("hate", "violence/graphic"))
    assert figures_of(alice.pk, since=noon) == Figures(1, 1, 20, 12, 5, kinds)


def test_figures_hold_only_the_period_and_each_person_apart(look, alice, bob, noon):
    begin_look(moderator=bob, content_id=look.content_id, categories=[], now=noon)
    begin_look(moderator=bob, content_id=look.content_id, categories=[], now=noon - timedelta(days=2))
    figures = figures_by_person(since=noon)
    assert {key: one.looks for key, one in figures.items()} == {alice.pk: 1, bob.pk: 1}
    assert figures[bob.pk].kinds == ()
