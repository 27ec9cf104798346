"""What each key uses: counted in the process as it answers, and added to PostgreSQL every few seconds.

Counting costs a request a lock and an addition, never a round trip. A process that is killed outright loses what it
has counted since the last flush, FLUSH_SECONDS at most; one that ends in order flushes first; while the database is
away the counts wait.
"""

import atexit
import logging
import os
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from django.db import DatabaseError, InterfaceError, connection, connections
from django.db.models import Sum

from moderation.enums import Door
from moderation.models import ApiUsage

logger = logging.getLogger(__name__)
FLUSH_SECONDS = 3.0
COUNTED = ("requests", "refused", "rate_limited", "items", "texts", "images")
_Place = tuple[int, date, str]  # a key, a UTC day, a door
_Counts = list[int]  # in the order of COUNTED

ADD = f"""
INSERT INTO api_usage (client_id, key_id, day, door, {", ".join(COUNTED)})
SELECT k.client_id, k.id, u.day, u.door, {", ".join(f"u.{name}" for name in COUNTED)}
  FROM unnest(%s::bigint[], %s::date[], %s::text[]{", %s::bigint[]" * len(COUNTED)})
    AS u(key_id, day, door, {", ".join(COUNTED)})
  JOIN moderation_apikey k ON k.id = u.key_id
 ORDER BY k.id, u.day, u.door
    ON CONFLICT (key_id, day, door)
    DO UPDATE SET {", ".join(f"{name} = api_usage.{name} + EXCLUDED.{name}" for name in COUNTED)}
"""  # noqa: S608 - made of the constants above; sorted, so that two processes lock rows in one order


class Tally:
    """The counts of this process that PostgreSQL does not have yet. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[_Place, _Counts] = {}
        self._flusher: threading.Thread | None = None
        self._ends = threading.Event()
        # Tests, whose rows nobody but their own transaction sees, flush by themselves.
        self.in_background = True

    def add(self, place: _Place, counts: Sequence[int]) -> None:
        """Adds ``counts``, in the order of COUNTED."""
        with self._lock:
            known = self._counts.setdefault(place, [0] * len(COUNTED))
            for index, count in enumerate(counts):
                known[index] += count
        if self._flusher is None and self.in_background:
            self._start()

    def take(self) -> dict[_Place, _Counts]:
        """All that is counted, which begins anew."""
        with self._lock:
            taken, self._counts = self._counts, {}
        return taken

    def forget_parent(self) -> None:
        """In a process that was forked: the parent's counts are the parent's to flush."""
        self.__init__()  # type: ignore[misc]

    def _start(self) -> None:
        with self._lock:
            if self._flusher is None:
                self._flusher = threading.Thread(target=self._flush_for_ever, name="usage", daemon=True)
                self._flusher.start()
                atexit.register(self._end)

    def _flush_for_ever(self) -> None:
        while not self._ends.wait(FLUSH_SECONDS):
            flush()
            # An idle process holds no connection for this.
            connections.close_all()

    def _end(self) -> None:
        self._ends.set()
        if self._flusher:
            self._flusher.join(FLUSH_SECONDS)
        flush()
        connections.close_all()


tally = Tally()
os.register_at_fork(after_in_child=tally.forget_parent)


def count_request(*, key_id: int, door: Door, status: int) -> None:
    """Counts one request that was answered with this HTTP status."""
    tally.add(_place(key_id, door), (1, 400 <= status < 500, status == 429))


def count_work(*, key_id: int, door: Door, items: int = 0, texts: int = 0, images: int = 0) -> None:
    """Counts contents that were taken in, and texts and images that were handed over to be looked at."""
    if items or texts or images:
        tally.add(_place(key_id, door), (0, 0, 0, items, texts, images))


def flush() -> int:
    """Adds what this process has counted to PostgreSQL, in one statement; answers how many rows it concerned.

    While the database is away the counts are kept. A key that was deleted meanwhile takes its counts with it.
    """
    taken = tally.take()
    if not taken:
        return 0
    places, counts = zip(*taken.items(), strict=True)
    columns = [*map(list, zip(*places, strict=True)), *map(list, zip(*counts, strict=True))]
    try:
        with connection.cursor() as cursor:
            cursor.execute(ADD, columns)
            return cursor.rowcount
    except (DatabaseError, InterfaceError) as error:
        logger.warning("usage.kept", extra={"rows": len(taken), "error": type(error).__name__})
        for place, known in taken.items():
            tally.add(place, known)
        return 0


GroupBy = Literal["day", "key", "door"]
COLUMNS: dict[GroupBy, tuple[str, ...]] = {"day": ("day",), "key": ("key__prefix", "key__name"), "door": ("door",)}


@dataclass(frozen=True, slots=True)
class UsageRow:
    """The counts of one day, one key or one door."""

    of: tuple[Any, ...]  # the values of COLUMNS
    counts: Mapping[str, int]


def read_usage(*, client_id: int, first: date, last: date, group_by: GroupBy) -> list[UsageRow]:
    """A client's counts between two UTC days, both included, as far as they have been flushed.

    Every day has its row, also one without a request; of keys and doors only those that were used.
    """
    columns = COLUMNS[group_by]
    rows = ApiUsage.objects.filter(client=client_id, day__range=(first, last)).values_list(*columns).order_by(*columns)
    sums = [Sum(name) for name in COUNTED]
    width = len(columns)
    found = {
        row[:width]: UsageRow(row[:width], dict(zip(COUNTED, row[width:], strict=True)))
        for row in rows.annotate(*sums).values_list(*columns, *(f"{name}__sum" for name in COUNTED))
    }
    if group_by != "day":
        return list(found.values())
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [found.get((day,), UsageRow((day,), dict.fromkeys(COUNTED, 0))) for day in days]


def total(rows: Sequence[UsageRow]) -> dict[str, int]:
    """The sum of all rows."""
    summed: Counter[str] = Counter(dict.fromkeys(COUNTED, 0))
    for row in rows:
        summed.update(row.counts)
    return dict(summed)


def today() -> date:
    """The UTC day that requests are counted on now."""
    return datetime.now(UTC).date()


def _place(key_id: int, door: Door) -> _Place:
    return key_id, today(), door.value
