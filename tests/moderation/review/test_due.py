"""When a case is due: by the clock, or by the site's hours with its weekends, holidays and changes of summer time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.models import ReviewQueue
from moderation.review.due import add_business_time, due_at
from reviewengine import conf
from reviewengine.people_sections import BusinessHours

BERLIN = {"timezone": "Europe/Berlin"}


def at(text: str, zone: str = "Europe/Berlin") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def hours(**options) -> BusinessHours:
    return BusinessHours(**{**BERLIN, **options})


def test_by_the_clock_every_hour_counts():
    queue = ReviewQueue(due_minutes=90)
    assert due_at(queue, at("2026-11-22T23:30")) == at("2026-11-23T01:00")


def test_by_business_hours_the_configured_ones_count(monkeypatch):
    monkeypatch.setenv("REVIEWENGINE_REVIEW__BUSINESS_HOURS__TIMEZONE", "Europe/Berlin")
    conf.load.cache_clear()
    queue = ReviewQueue(due_minutes=90, due_clock="business")
    try:
        assert due_at(queue, at("2026-11-20T16:30")) == at("2026-11-23T10:00")  # from a Friday over the weekend
    finally:
        monkeypatch.undo()
        conf.load.cache_clear()


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-11-23T09:00", 60, "2026-11-23T10:00"),  # a Monday
        ("2026-11-23T07:00", 60, "2026-11-23T10:00"),
        ("2026-11-23T16:30", 60, "2026-11-24T09:30"),
        ("2026-11-23T16:30", 30, "2026-11-23T17:00"),
        ("2026-11-21T12:00", 60, "2026-11-23T10:00"),
        ("2026-11-23T09:00", 480, "2026-11-23T17:00"),
        ("2026-11-23T09:00", 5 * 480, "2026-11-27T17:00"),
        ("2026-11-23T17:00", 1, "2026-11-24T09:01"),
    ],
)
def test_evenings_and_weekends_do_not_count(start, minutes, due):
    assert add_business_time(at(start), timedelta(minutes=minutes), hours()) == at(due)


def test_holidays_do_not_count():
    calendar = hours(holidays=[date(2026, 12, 25), date(2026, 12, 28)])
    assert add_business_time(at("2026-12-24T16:00"), timedelta(hours=2), calendar) == at("2026-12-29T10:00")


def test_business_through_the_night_goes_on_until_morning():
    night = hours(opens="22:00", closes="06:00")
    # Friday's night ends on Saturday; the next begins on Monday.
    assert add_business_time(at("2026-11-28T05:00"), timedelta(hours=2), night) == at("2026-11-30T23:00")
    assert add_business_time(at("2026-11-27T23:00"), timedelta(hours=2), night) == at("2026-11-28T01:00")


def test_business_around_the_clock_is_the_clock():
    always = hours(opens="00:00", closes="00:00", days=["mon", "tue", "wed", "thu", "fri", "sat", "sun"])
    start = at("2026-10-24T12:00")
    assert add_business_time(start, timedelta(hours=30), always) == start.astimezone(UTC) + timedelta(hours=30)


def test_the_hour_that_summer_time_leaves_out_is_not_waited_for():
    sundays = hours(days=["sun"], opens="00:00", closes="08:00")
    # On 29 March 2026 the clock goes from 2 to 3: that Sunday's eight hours are seven.
    assert add_business_time(at("2026-03-29T00:00"), timedelta(hours=7), sundays) == at("2026-03-29T08:00")
    assert add_business_time(at("2026-03-29T00:00"), timedelta(hours=8), sundays) == at("2026-04-05T01:00")
    # On 25 October the hour from 2 to 3 comes twice: they are nine.
    assert add_business_time(at("2026-10-25T00:00"), timedelta(hours=9), sundays) == at("2026-10-25T08:00")


def test_a_calendar_of_holidays_alone_falls_back_to_the_clock():
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(4000)]
    start = at("2026-01-01T00:00")
    assert add_business_time(start, timedelta(hours=2), hours(holidays=days)) == start.astimezone(UTC) + timedelta(
        hours=2
    )


ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe"])
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
# Two of them fit into a quarter of an hour a week before MOST_DAYS have passed, and the clock takes over.
WAITS = st.integers(0, 3_500).map(lambda minutes: timedelta(minutes=minutes))
DAYS = st.lists(st.sampled_from(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), min_size=1, unique=True)
TIMES = st.builds("{:02d}:{:02d}".format, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
CALENDARS = st.builds(BusinessHours, timezone=ZONES, days=DAYS, opens=TIMES, closes=TIMES)


@given(MOMENTS, WAITS, CALENDARS)
def test_no_case_is_due_before_as_much_time_has_passed_by_the_clock(start, wait, calendar):
    assert add_business_time(start, wait, calendar) >= start + wait


@given(MOMENTS, WAITS, WAITS, CALENDARS)
def test_waiting_twice_is_waiting_for_both(start, first, second, calendar):
    once = add_business_time(start, first + second, calendar)
    assert add_business_time(add_business_time(start, first, calendar), second, calendar) == once


@given(MOMENTS, MOMENTS, WAITS, CALENDARS)
def test_who_comes_later_is_not_due_earlier(one, other, wait, calendar):
    earlier, later = sorted([one, other])
    assert add_business_time(earlier, wait, calendar) <= add_business_time(later, wait, calendar)
