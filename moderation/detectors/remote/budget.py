"""Step 3, remote detector: so many requests a UTC day, over all processes where they can be counted together."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime

SHARES = 16
"""A process that cannot count with the others spends at most this part of the day's budget: few sites run more."""


class DayBudget:
    """Counts requests. Thread-safe.

    ``count_together`` adds one to what all processes have counted today and answers the sum, or None when it cannot be
    told. A process never spends more than the whole by itself, whatever the common count says.
    """

    def __init__(self, most: int, count_together: Callable[[str], int | None] = lambda day: None) -> None:
        self._most = most
        self._count_together = count_together
        self._lock = threading.Lock()
        self._day = ""
        self._own = 0  # requests of this process today
        self._alone = 0  # those of them that nobody else knows of
        self._spent = False

    def spent(self) -> bool:
        """Whether it is known that nothing is left today. Asks nobody."""
        with self._lock:
            self._turn_page()
            return self._spent

    def spend(self) -> bool:
        """Takes one request from the budget; False when there is none left."""
        with self._lock:
            day = self._turn_page()
            if self._spent or self._own >= self._most:
                self._spent = True
                return False
        together = self._count_together(day)  # asks the network: other threads need not wait for it
        with self._lock:
            self._own += 1
            if together is None:
                self._alone += 1
                return self._alone <= max(1, self._most // SHARES)
            if together > self._most and day == self._day:
                self._spent = True
            return together <= self._most

    def _turn_page(self) -> str:
        today = datetime.now(UTC).date().isoformat()
        if today != self._day:
            self._day, self._own, self._alone, self._spent = today, 0, 0, False
        return today
