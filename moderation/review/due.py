"""Step 6, when a case is due: so many minutes after it was opened, of every hour or of the site's business hours."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from moderation.enums import DueClock
from moderation.models import ReviewQueue
from reviewengine import conf
from reviewengine.people_sections import BusinessHours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# A calendar may be all holidays: then every hour counts, rather than none for ever.
MOST_DAYS = 3660


def due_at(queue: ReviewQueue, opened_at: datetime) -> datetime:
    """When a case that is opened in ``queue`` at this moment is due, in UTC. Cases keep what they were given."""
    wait = timedelta(minutes=queue.due_minutes)
    if queue.due_clock == DueClock.BUSINESS:
        return add_business_time(opened_at, wait, conf.load().review.business_hours)
    return opened_at + wait


def add_business_time(start: datetime, wait: timedelta, hours: BusinessHours) -> datetime:
    """The moment at which ``wait`` of business hours has passed since ``start``, in UTC.

    Time is what a clock measures: the hour that a change to summer time leaves out of business hours does not count,
    and the one that comes twice counts twice. No wait ends at ``start``, or when business next opens.
    """
    left = wait
    for opens, closes in _openings(start, hours):
        begins = max(opens, start)
        if begins >= closes:
            continue
        if left <= closes - begins:
            return begins + left
        left -= closes - begins
    return start.astimezone(UTC) + wait


def _openings(start: datetime, hours: BusinessHours) -> Iterator[tuple[datetime, datetime]]:
    """Every time of business from the one before ``start`` on, as two moments in UTC.

    Business that closes at or before the hour at which it opens goes on until the next day.
    """
    zone = ZoneInfo(hours.timezone)
    opens, closes = time.fromisoformat(hours.opens), time.fromisoformat(hours.closes)
    holidays = frozenset(hours.holidays)
    day = start.astimezone(zone).date() - timedelta(days=1)
    for _ in range(MOST_DAYS):
        if DAYS[day.weekday()] in hours.days and day not in holidays:
            last_day = day if opens < closes else day + timedelta(days=1)
            yield _moment(day, opens, zone), _moment(last_day, closes, zone)
        day += timedelta(days=1)


def _moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)
