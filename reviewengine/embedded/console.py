"""What the supervisor tells the person at the terminal: a line a step with its time, and plain sentences."""

import contextlib
import sys
import time
from collections.abc import Iterator
from typing import TextIO

WIDTH = 34


class Console:
    """Writes to a terminal that may go away: a closed one silences us, it does not stop the stack."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stdout
        self._in_step = False

    def say(self, text: str = "") -> None:
        """Write a line, after ending a step's half-written one."""
        self._write(("\n" if self._in_step else "") + text + "\n")
        self._in_step = False

    @contextlib.contextmanager
    def step(self, title: str, *, done: str = "started", since: float | None = None) -> Iterator[None]:
        """Write `title ...... done in 0.4 s` around the block; time counts from `since` (monotonic), if given."""
        start = time.monotonic() if since is None else since
        self._write(f"  {title} ".ljust(WIDTH, ".") + " ")
        self._in_step = True
        yield
        if self._in_step:
            self._write(f"{done} in {time.monotonic() - start:.1f} s\n")
        self._in_step = False

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
            self._stream.flush()
