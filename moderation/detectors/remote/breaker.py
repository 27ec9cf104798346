"""Step 3, remote detector: the circuit breaker, so that an endpoint that is down costs a moment and not every batch."""

import threading
import time
from collections.abc import Callable

LONGEST_REST_SECONDS = 3600.0


class Breaker:
    """Opens after so many failures in a row; then, after a rest, lets one request through to see. Thread-safe.

    Each process has its own. ``on_change`` is told True when it opens and False when it closes, once each.
    """

    def __init__(self, *, failures: int, rest_seconds: float, on_change: Callable[[bool], None]) -> None:
        self._most = failures
        self._rest = rest_seconds
        self._on_change = on_change
        self._lock = threading.Lock()
        self._failures = 0
        self._open = False
        self._rests_until = 0.0
        self._trying_until = 0.0

    @property
    def is_open(self) -> bool:
        """Whether it is open, or open but for one request."""
        return self._open

    def admits(self) -> bool:
        """Whether a request may go out now. What comes of it is to be told by one of the calls below."""
        now = time.monotonic()
        with self._lock:
            if now < self._rests_until or (self._open and now < self._trying_until):
                return False
            self._trying_until = now + self._rest  # a trial that nobody tells the end of does not keep it open
            return True

    def succeeded(self) -> None:
        """The endpoint works: closes."""
        with self._lock:
            closed, self._open = self._open, False
            self._failures, self._trying_until = 0, 0.0
        if closed:
            self._on_change(False)

    def failed(self) -> None:
        """The endpoint failed. Opens after enough of that, at once when it was only tried."""
        with self._lock:
            self._failures += 1
            opened = not self._open and self._failures >= self._most
            if self._open or opened:
                self._open = True
                self._rests_until = max(self._rests_until, time.monotonic() + self._rest)
            self._trying_until = 0.0
        if opened:
            self._on_change(True)

    def told_to_wait(self, seconds: float) -> None:
        """The endpoint is busy and named a pause: it is kept, up to an hour, and counts as no failure."""
        with self._lock:
            pause = min(max(seconds, 0.0), LONGEST_REST_SECONDS)
            self._rests_until = max(self._rests_until, time.monotonic() + pause)
            self._trying_until = 0.0

    def undecided(self) -> None:
        """The request says nothing of the endpoint's health."""
        with self._lock:
            self._trying_until = 0.0
