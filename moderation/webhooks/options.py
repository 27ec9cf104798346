"""How webhooks are delivered, as configured; tests put their own options in its place."""

from datetime import timedelta

from reviewengine import conf
from reviewengine.sections import Webhooks


def webhook_options() -> Webhooks:
    """The ``webhooks`` section of the configuration."""
    return conf.load().webhooks


def lifetime() -> timedelta:
    """How long an event is tried: the whole retry schedule, about three days by default."""
    return timedelta(seconds=sum(webhook_options().retry_seconds))


def lease_time() -> timedelta:
    """How long a drain holds what it claimed: as configured, but never less than two attempts can take."""
    options = webhook_options()
    return timedelta(seconds=max(options.lease_seconds, 2 * options.timeout_seconds + 1))
