"""Starts the stack in order, keeps it running, stops it in the opposite order."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from reviewengine.embedded import leftovers
from reviewengine.embedded.console import Console
from reviewengine.embedded.errors import StackError
from reviewengine.embedded.interruption import Interruption
from reviewengine.embedded.process import Child, ChildSpec, trim_log
from reviewengine.embedded.restarts import CRASHES_IN_A_ROW, Restarts
from reviewengine.embedded.unit import Unit, wait_until_ready

TICK_SECONDS = 5.0


@dataclass
class Member:
    """A unit with the process that runs it now, and when it is to be started again."""

    unit: Unit
    child: Child
    restarts: Restarts = field(default_factory=Restarts)
    due: float | None = None


class Supervisor:
    """Holds the running members, in the order of their start."""

    def __init__(self, console: Console, interruption: Interruption, record: Path) -> None:
        self._console = console
        self._interruption = interruption
        self._record = record
        self._members: list[Member] = []

    def start(self, *units: Unit) -> None:
        """Start the units together and return when all are ready. Raises StackError or StopRequested."""
        begun = time.monotonic()
        members = [self._launch(unit) for unit in units]
        for member in members:
            with self._console.step(member.unit.title, since=begun):
                wait_until_ready(member.unit, member.child, self._interruption.pause)

    def run_once(self, spec: ChildSpec, *, title: str) -> None:
        """Run a process to its end. Raises StackError, with the tail of its log, when it fails; or StopRequested."""
        child = Child(spec)
        try:
            with self._console.step(title, done="done"):
                while child.alive:
                    self._interruption.pause(TICK_SECONDS)
                if child.process.returncode:
                    raise StackError(
                        f"{title} failed ({child.how_it_ended()}). Its last words:",
                        f"\n{child.log_tail()}\n  The whole log: {spec.log}",
                    )
        finally:
            child.stop()

    def watch(self) -> None:
        """Start crashed members again, until StopRequested, or StackError for one that crashes for ever."""
        while True:
            self._interruption.pause(self._seconds_until_due())
            for member in self._members:
                self._look_after(member)

    def stop(self) -> None:
        """Stop what runs, the last started first; those of one batch together."""
        for batch in self._stop_batches():
            for child in batch:
                child.ask_to_stop()
            for child in batch:
                self._await_end(child)
        self._members.clear()
        self._record.unlink(missing_ok=True)

    def _launch(self, unit: Unit) -> Member:
        unit.prepare()
        member = Member(unit, Child(unit.spec()))
        self._members.append(member)
        self._write_record()
        return member

    def _look_after(self, member: Member) -> None:
        if member.due is None:
            if member.child.alive:
                trim_log(member.child.spec.log)
            else:
                self._after_crash(member)
        elif time.monotonic() >= member.due:
            member.unit.prepare()
            member.child, member.due = Child(member.unit.spec()), None
            self._write_record()

    def _after_crash(self, member: Member) -> None:
        child = member.child
        child.kill_group()
        delay = member.restarts.after_crash(child.age)
        if delay is None:
            raise StackError(
                f"{member.unit.title} crashed {CRASHES_IN_A_ROW} times in a row ({child.how_it_ended()}),"
                " so everything is stopped. Its last words:",
                f"\n{child.log_tail()}\n  The whole log: {child.spec.log}",
            )
        member.due = time.monotonic() + delay
        self._console.say(
            f"{member.unit.title} ended ({child.how_it_ended()}); started again in {delay:.1f} s. Log: {child.spec.log}"
        )

    def _seconds_until_due(self) -> float:
        due = [member.due for member in self._members if member.due is not None]
        return max(0.0, min(due) - time.monotonic()) if due else TICK_SECONDS

    def _stop_batches(self) -> list[list[Child]]:
        """Beat and workers end together, while the web server still answers; then it; then what they stand on."""
        children = [member.child for member in reversed(self._members)]
        workers = [child for child in children if child.spec.name in ("beat", "worker", "worker-io")]
        return [workers, *([child] for child in children if child not in workers)]

    def _await_end(self, child: Child) -> None:
        begun = time.monotonic()
        while child.alive and not self._interruption.hurried and time.monotonic() - begun < child.spec.stop_seconds:
            self._interruption.wait(0.2)
        if child.alive:
            why = "" if self._interruption.hurried else f" within {child.spec.stop_seconds:.0f} s"
            self._console.say(f"  {child.spec.name} did not end{why} and is stopped by force.")
        child.hurry()

    def _write_record(self) -> None:
        leftovers.record(self._record, (member.child for member in self._members))
