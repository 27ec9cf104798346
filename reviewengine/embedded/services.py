"""PostgreSQL and Valkey without the rest of the stack, for the length of a block: what the tests stand on."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from reviewengine.embedded.home import Home
from reviewengine.embedded.postgres import Postgres
from reviewengine.embedded.process import Child
from reviewengine.embedded.unit import Unit, wait_until_ready
from reviewengine.embedded.valkey import Valkey


@contextlib.contextmanager
def running_services(
    folder: Path, *, postgres: bool = True, valkey: bool = True, throwaway: bool = False
) -> Iterator[Home]:
    """Run the wanted services under `folder` and answer its Home, which knows their addresses.

    `throwaway` trades safety for speed: right for tests, wrong for data you keep. Raises StackError.
    """
    home = Home(folder)
    home.prepare()
    with contextlib.ExitStack() as stack:
        stack.enter_context(home.lock())
        if valkey:
            _start(Valkey.of(home), stack)
        if postgres:
            _start(Postgres.of(home, throwaway=throwaway), stack)
        yield home


def _start(unit: Unit, stack: contextlib.ExitStack) -> None:
    unit.prepare()
    child = Child(unit.spec())
    stack.callback(child.stop)
    wait_until_ready(unit, child)
