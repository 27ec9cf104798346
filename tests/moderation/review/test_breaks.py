"""When a break is offered: after work at a stretch, and not while it was put off."""

from datetime import timedelta

import pytest

from moderation.models import ModeratorSettings
from moderation.review.breaks import break_of, is_break_due, note_work, put_off_break, start_break

pytestmark = pytest.mark.django_db


def work(person, begin, minutes: int, every: int = 5):
    """Somebody works and is heard of now and then; answers the stretch and the moment."""
    for passed in range(0, minutes + 1, every):
        now = begin + timedelta(minutes=passed)
        spell = note_work(moderator=person, now=now)
    return spell, now


def due(person, spell, now, **limits) -> bool:
    return is_break_due(spell, ModeratorSettings(moderator=person, **limits), now=now)


def test_it_is_due_after_so_much_work(alice, noon):
    assert not due(alice, *work(alice, noon, 85))
    assert due(alice, *work(alice, noon, 90))


def test_pause_of_its_own_begins_a_new_stretch(alice, noon):
    work(alice, noon, 60)
    assert not due(alice, *work(alice, noon + timedelta(minutes=70), 60))


def test_short_pause_does_not(alice, noon):
    work(alice, noon, 60)
    assert due(alice, *work(alice, noon + timedelta(minutes=65), 30))


def test_lead_sets_it_for_one_person(alice, noon):
    spell, now = work(alice, noon, 30)
    assert due(alice, spell, now, break_after_minutes=30)
    assert not due(alice, *work(alice, noon, 200), break_after_minutes=0)


def test_put_off_it_is_quiet_for_a_while(alice, noon):
    _spell, now = work(alice, noon, 90)
    put_off_break(moderator=alice, now=now)
    assert not due(alice, *work(alice, now, 10))
    assert due(alice, *work(alice, now, 15))


def test_whole_break_begins_a_new_stretch(alice, noon):
    work(alice, noon, 90)
    begun = noon + timedelta(minutes=91)
    assert start_break(moderator=alice, now=begun).break_until == begun + timedelta(minutes=10)
    spell = note_work(moderator=alice, now=begun + timedelta(minutes=11))
    assert spell.since == begun + timedelta(minutes=11)
    assert break_of(alice) is None


def test_who_comes_back_early_is_left_alone_for_a_while(alice, noon):
    work(alice, noon, 90)
    start_break(moderator=alice, now=noon + timedelta(minutes=91))
    back = noon + timedelta(minutes=94)
    assert not due(alice, note_work(moderator=alice, now=back), back)


def test_reloading_the_page_of_a_break_does_not_prolong_it(alice, noon):
    first = start_break(moderator=alice, now=noon).break_until
    assert start_break(moderator=alice, now=noon + timedelta(minutes=5)).break_until == first
