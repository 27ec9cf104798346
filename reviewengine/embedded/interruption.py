"""Turns signals into something the supervisor waits for: a stop asked for, a hurry, a child that ended."""

import os
import select
import signal
from types import FrameType

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequested(Exception):
    """Ctrl-C, SIGTERM or a closed terminal, while the stack was starting or running."""


class Interruption:
    """Waits that end early when a signal arrives. Handlers only count: nothing is torn in the middle."""

    def __init__(self) -> None:
        self._stops = 0
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._reader, False)
        os.set_blocking(self._writer, False)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        for number in STOPPING:
            signal.signal(number, self._count)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)

    @property
    def hurried(self) -> bool:
        """Whether a stop was asked for a second time."""
        return self._stops > 1

    def pause(self, seconds: float) -> None:
        """Wait, at most until the next signal. Raises StopRequested when a stop was asked for."""
        self.wait(seconds)
        if self._stops:
            raise StopRequested

    def wait(self, seconds: float) -> None:
        """Wait, at most until the next signal, without raising: for the time of stopping."""
        if select.select([self._reader], [], [], seconds)[0]:
            os.read(self._reader, 4096)

    def _count(self, number: int, frame: FrameType | None) -> None:
        self._stops += 1
