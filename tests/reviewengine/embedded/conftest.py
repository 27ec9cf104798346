"""Homes of their own for the embedded services, and supervisors that run in them.

The paths are short, since a socket's path must fit 103 bytes.
"""

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reviewengine.embedded import leftovers
from reviewengine.embedded.home import Home
from reviewengine.embedded.plan import BASE_DIR, StackPlan

PATIENCE = 60.0


@pytest.fixture
def home() -> Iterator[Home]:
    """A prepared home that nothing runs in."""
    folder = Path(tempfile.mkdtemp(prefix="re-"))
    made = Home(folder)
    made.prepare()
    yield made
    shutil.rmtree(folder, ignore_errors=True)


def wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s in vain"
        time.sleep(0.05)


class Drill:
    """A supervisor in a process of its own, watched from outside."""

    def __init__(self, home: Home, plan: StackPlan) -> None:
        self.home = home
        self._output = home.root / f"said-{time.monotonic_ns()}.txt"
        with self._output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "reviewengine.embedded", plan.to_json()],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=BASE_DIR,
                env={**os.environ, "REVIEWENGINE_HOME": str(home.root)},
            )

    @property
    def said(self) -> str:
        return self._output.read_text()

    def hears(self, sentence: str) -> None:
        wait_for(lambda: sentence in self.said or self.process.poll() is not None)
        assert sentence in self.said, self.said

    def pid(self, name: str) -> int | None:
        return next((row["pid"] for row in self._children() if row["name"] == name), None)

    def kill(self, name: str) -> None:
        """Kill a child and wait until another one runs in its place."""
        before = self.pid(name)
        os.kill(before, signal.SIGKILL)
        wait_for(lambda: self.process.poll() is not None or self.pid(name) != before)

    def _children(self) -> list[dict[str, Any]]:
        """Answer the supervisor's own record, which an orderly end removes."""
        try:
            return json.loads((self.home.run / "children.json").read_text())
        except FileNotFoundError:
            return []

    def die(self) -> None:
        """Kill the supervisor and wait until its children have noticed."""
        marks = [(row["pid"], row["started"]) for row in self._children()]
        self.process.kill()
        self.process.wait()
        wait_for(lambda: all(leftovers.start_mark(pid) != mark for pid, mark in marks))

    def end(self, how: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(how)
        return self.process.wait(PATIENCE)


@pytest.fixture
def start(home) -> Iterator[Callable[..., Drill]]:
    """Start a supervisor of `home`, services only unless told otherwise."""
    plan = StackPlan(
        home=str(home.root),
        bind="127.0.0.1",
        port=0,
        own_postgres=True,
        own_valkey=True,
        services_only=True,
        log_level="INFO",
    )
    drills: list[Drill] = []

    def begin(**changes: object) -> Drill:
        drills.append(Drill(home, dataclasses.replace(plan, **changes)))
        return drills[-1]

    yield begin
    for drill in drills:
        if drill.process.poll() is None:
            drill.end(signal.SIGTERM)
