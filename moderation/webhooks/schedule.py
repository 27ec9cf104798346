"""When to try again: after a refusal, after silence, and as the receiver itself asks."""

import random
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from moderation.webhooks.options import webhook_options

LONGEST_HOLD = 300.0
"""Seconds after which at the latest a silent receiver is tried again, so that it is soon known to be up."""

LONGEST_RETRY_AFTER = 3600.0
SHORTEST_RETRY_AFTER = 1.0
JITTER = 0.1


def delay_after_refusal(refusals: int) -> timedelta | None:
    """How long an event waits after its ``refusals``-th refusal (from 1); None: it was the last."""
    steps = webhook_options().retry_seconds
    return _jittered(steps[refusals - 1]) if refusals <= len(steps) else None


def delay_after_silence(rounds: int, retry_after: float | None = None) -> timedelta:
    """How long to wait for a receiver that was silent ``rounds`` times running (from 1), or asked for a pause."""
    if retry_after is not None:
        return timedelta(seconds=retry_after)
    steps = webhook_options().retry_seconds or [int(LONGEST_HOLD)]
    return _jittered(min(steps[min(rounds, len(steps)) - 1], LONGEST_HOLD))


def read_retry_after(value: str | None, *, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for, held between one second and one hour; None if it says nothing.

    RFC 9110, section 10.2.3: seconds, or a date.
    """
    if not value:
        return None
    if value.strip().isdecimal():
        seconds = float(value.strip()[:10])
    else:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds()
    return min(max(seconds, SHORTEST_RETRY_AFTER), LONGEST_RETRY_AFTER)


def _jittered(seconds: float) -> timedelta:
    """Spread, so that events that failed together do not come back together."""
    return timedelta(seconds=seconds * random.uniform(1 - JITTER, 1 + JITTER))
