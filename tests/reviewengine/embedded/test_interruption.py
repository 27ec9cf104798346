"""Signals end a wait early; the second one hurries a stop."""

import io
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewengine.embedded.console import Console
from reviewengine.embedded.errors import StackError
from reviewengine.embedded.interruption import STOPPING, Interruption, StopRequested
from reviewengine.embedded.process import ChildSpec
from reviewengine.embedded.supervisor import Supervisor


@pytest.fixture
def interruption():
    before = {number: signal.getsignal(number) for number in (*STOPPING, signal.SIGCHLD)}
    yield Interruption()
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        signal.signal(number, handler)


@dataclass(frozen=True)
class Script:
    """A unit that is a line of shell; ready once it has said so."""

    log: Path
    line: str
    title: str = "Script"

    def prepare(self):
        pass

    def spec(self):
        return ChildSpec(name="script", command=["sh", "-c", self.line], log=self.log, stop_seconds=60.0)

    def is_ready(self, child):
        return "ready" in child.log_since_start()


@pytest.mark.parametrize("number", STOPPING)
def test_a_stop_signal_ends_the_wait(interruption, number):
    os.kill(os.getpid(), number)

    with pytest.raises(StopRequested):
        interruption.pause(60)
    assert not interruption.hurried


def test_the_end_of_a_child_ends_the_wait_without_a_stop(interruption):
    os.kill(os.getpid(), signal.SIGCHLD)

    interruption.pause(60)


def test_a_second_signal_ends_a_stubborn_child_by_force(interruption, tmp_path):
    said = io.StringIO()
    supervisor = Supervisor(Console(said), interruption, tmp_path / "children.json")
    supervisor.start(Script(tmp_path / "log", "trap '' TERM; echo ready; while :; do sleep 0.1; done"))
    os.kill(os.getpid(), signal.SIGINT)
    os.kill(os.getpid(), signal.SIGINT)
    begun = time.monotonic()
    supervisor.stop()

    assert time.monotonic() - begun < 30
    assert said.getvalue().endswith("  script did not end and is stopped by force.\n")


def test_a_unit_that_ends_while_starting_is_shown_with_its_last_words(interruption, tmp_path):
    supervisor = Supervisor(Console(io.StringIO()), interruption, tmp_path / "children.json")

    with pytest.raises(StackError) as raised:
        supervisor.start(Script(tmp_path / "log", "echo no such table; exit 3"))

    assert raised.value.fault == "Script stopped while it was starting (exit code 3). Its last words:"
    assert raised.value.mend == f"\n    no such table\n  The whole log: {tmp_path / 'log'}"
