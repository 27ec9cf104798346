"""Numbers that are read when somebody asks, one cheap query each: who contributes, and how a scrape survives an outage.

Counters live in the processes that count. What can be read from PostgreSQL or Redis is not counted but looked up here,
so that it is true after a restart too.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.db import Error as DatabaseError
from django.db import connection, transaction
from kombu.exceptions import OperationalError as BrokerError
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from reviewengine.health import DATABASE, REDIS, dependency_is_up

logger = logging.getLogger(__name__)
CACHE_SECONDS = 2.0
STATEMENT_TIMEOUT_MS = 2000
Collect = Callable[[], Iterable[Metric]]


@dataclass(frozen=True, slots=True)
class _Contributor:
    name: str
    collect: Collect
    needs: tuple[str, ...]


_contributors: list[_Contributor] = []
_queue_rows: dict[str, Callable[[], int]] = {}


def gauge(name: str, documentation: str, samples: Iterable[tuple[dict[str, str], float]]) -> Metric:
    """A gauge with its samples, each a mapping of labels and the value. All samples carry the same labels."""
    rows = list(samples)
    family = GaugeMetricFamily(name, documentation, labels=list(rows[0][0]) if rows else [])
    for labels, value in rows:
        family.add_metric(list(labels.values()), value)
    return family


def register_collector(collect: Collect, *, needs: tuple[str, ...] = (DATABASE,)) -> None:
    """Has ``collect`` asked at each scrape, unless a dependency it ``needs`` is down.

    It may query freely: every query ends after two seconds, and its readings are kept for two. To be called from an
    app's ``ready``; registering the same function again changes nothing.
    """
    contributor = _Contributor(collect.__name__, collect, needs)
    if contributor not in _contributors:
        _contributors.append(contributor)


def register_queue_rows(queue: str, count: Callable[[], int]) -> None:
    """Has ``celery_queue_length`` of ``queue`` include ``count()`` rows that wait in PostgreSQL."""
    _queue_rows[queue] = count


def rows_waiting(queue: str) -> int:
    """How many rows wait in PostgreSQL for the workers of ``queue``."""
    return _queue_rows[queue]() if queue in _queue_rows else 0


class ScrapeCollector(Collector):
    """Asks every contributor, at most once in two seconds however many scrape. One that fails costs only its own."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readings: list[Metric] = []
        self._fresh_until = 0.0

    def collect(self) -> list[Metric]:
        with self._lock:
            if time.monotonic() >= self._fresh_until:
                self._readings = list(_read_all())
                self._fresh_until = time.monotonic() + CACHE_SECONDS
            return self._readings

    def forget(self) -> None:
        """Makes the next scrape read everything anew."""
        self._fresh_until = 0.0


def _read_all() -> Iterator[Metric]:
    up = {name: dependency_is_up(name) for name in (DATABASE, REDIS)}
    for name, is_up in up.items():
        yield gauge(f"reviewengine_{name}_up", f"1 when {name} answers, 0 when it does not.", [({}, float(is_up))])
    answered = {}
    for contributor in _contributors:
        readings = _read(contributor) if all(up[need] for need in contributor.needs) else None
        answered[contributor.name] = readings is not None
        yield from readings or []
    yield gauge(
        "reviewengine_collector_up",
        "1 when the numbers of this collector could be read.",
        [({"collector": name}, float(fine)) for name, fine in answered.items()],
    )


def _read(contributor: _Contributor) -> list[Metric] | None:
    """The contributor's readings, or None when what it asks did not answer."""
    try:
        if DATABASE not in contributor.needs:
            return list(contributor.collect())
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = %s", [STATEMENT_TIMEOUT_MS])
            return list(contributor.collect())
    except (DatabaseError, RedisError, BrokerError) as error:
        logger.warning("metrics.failed", extra={"collector": contributor.name, "error": type(error).__name__})
        return None


scrape_registry = CollectorRegistry(auto_describe=False)
scrape_collector = ScrapeCollector()
scrape_registry.register(scrape_collector)
