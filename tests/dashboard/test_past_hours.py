"""Hours that are over are counted once; the running one is counted on every look."""

from datetime import timedelta

import pytest

from dashboard.past_hours import hour_by_hour
from dashboard.queries import Period, received_by_hour
from tests.dashboard.conftest import NOW, ago

pytestmark = pytest.mark.django_db


@pytest.fixture
def count(nothing_cached):
    """``count(now)``: the received of the day until then, and the hours that had to be read for it."""

    def of(now):
        read = []

        def noting(period: Period):
            read.extend(period.hours())
            return received_by_hour(period)

        return hour_by_hour("received", noting, Period.last_day(now)), len(read)

    return of


def test_the_second_look_reads_the_running_hour_alone(receive, count):
    receive(ago(hours=3))
    first, hours_read = count(NOW)
    assert (sum(first.values()), hours_read) == (1, 24)
    receive(ago(minutes=1))
    second, hours_read = count(NOW)
    assert (sum(second.values()), hours_read) == (2, 1)


def test_an_hour_that_has_just_ended_is_read_once_more(receive, count):
    half_past = NOW
    just_after = NOW + timedelta(minutes=34)
    count(half_past)
    assert count(just_after)[1] == 2
    receive(half_past)
    assert sum(count(just_after)[0].values()) == 1


def test_the_answer_is_the_same_as_without_keeping(receive, count, period):
    for hours in range(0, 26, 2):
        receive(ago(hours=hours, minutes=1))
    count(NOW)
    assert count(NOW)[0] == received_by_hour(period)


def test_a_cache_that_is_away_costs_only_time(receive, count, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    receive(ago(hours=3))
    for _ in range(2):
        numbers, hours_read = count(NOW)
        assert (sum(numbers.values()), hours_read) == (1, 24)
