"""What the supervisor runs: anything that can be prepared, started and asked whether it is ready."""

import time
from collections.abc import Callable
from typing import Protocol

from reviewengine.embedded.errors import StackError
from reviewengine.embedded.process import Child, ChildSpec

READY_SECONDS = 90.0


class Unit(Protocol):
    """One member of the stack. `title` is what the user reads, such as `PostgreSQL 18.6`."""

    @property
    def title(self) -> str: ...

    def prepare(self) -> None:
        """Put everything in place for a start, the first or a later one. Raises StackError."""

    def spec(self) -> ChildSpec:
        """Answer how the process is run and ended."""

    def is_ready(self, child: Child) -> bool:
        """Answer, without waiting, whether the started process does its work."""


def wait_until_ready(unit: Unit, child: Child, pause: Callable[[float], None] = time.sleep) -> None:
    """Return once the unit is ready. `pause` waits that many seconds, or raises to break off.

    Raises StackError, with the tail of the log, when the process ends or is not ready in time.
    """
    while not unit.is_ready(child):
        if not child.alive:
            raise StackError(
                f"{unit.title} stopped while it was starting ({child.how_it_ended()}). Its last words:",
                f"\n{child.log_tail()}\n  The whole log: {child.spec.log}",
            )
        if child.age > READY_SECONDS:
            raise StackError(f"{unit.title} was not ready after {READY_SECONDS:.0f} s.", f"See {child.spec.log}.")
        pause(0.03)
