"""Keeps the numbers of hours that are over in the cache, so that a busy day is counted once and not on every look."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.core.cache import cache
from django.db import connection
from django_redis.exceptions import ConnectionInterrupted
from redis.exceptions import RedisError

from dashboard.queries import Period

logger = logging.getLogger(__name__)

HOUR = timedelta(hours=1)
KEEP_SECONDS = 25 * 3600
CACHE_AWAY = (RedisError, ConnectionInterrupted)
# A row is dated when its transaction begins and seen when that ends: an hour is over for good a while later.
SETTLES = timedelta(minutes=5)

Number = TypeVar("Number")


def hour_by_hour(name: str, read: Callable[[Period], dict[datetime, Number]], period: Period) -> dict[datetime, Number]:
    """``read(period)``, of which only the hours that nobody has counted yet are read.

    ``name`` keeps apart what is counted. Without the cache all hours are read; the answer is the same.
    """
    hours = period.hours()
    known: dict[datetime, Number] = _known(name, hours)
    first_unknown = next(hour for hour in [*hours, period.end] if hour not in known)
    fresh = read(Period(first_unknown, period.end))
    _keep(name, {hour: number for hour, number in fresh.items() if hour + HOUR + SETTLES <= period.end})
    return {hour: fresh[hour] if hour in fresh else known[hour] for hour in hours}


def _key(name: str, hour: datetime) -> str:
    # Two installations may share a Valkey; they do not share a database.
    return f"dashboard:{connection.settings_dict['NAME']}:{name}:{hour:%Y%m%d%H}"


def _known(name: str, hours: list[datetime]) -> dict[datetime, Number]:
    keys = {_key(name, hour): hour for hour in hours}
    try:
        return {keys[key]: number for key, number in cache.get_many(list(keys)).items()}
    except CACHE_AWAY as error:
        logger.warning("dashboard.cache_away", extra={"error": type(error).__name__})
        return {}


def _keep(name: str, numbers: dict[datetime, Number]) -> None:
    if not numbers:
        return
    try:
        cache.set_many({_key(name, hour): number for hour, number in numbers.items()}, timeout=KEEP_SECONDS)
    except CACHE_AWAY as error:
        logger.warning("dashboard.cache_away", extra={"error": type(error).__name__})
