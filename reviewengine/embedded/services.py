"""PostgreSQL and Valkey without the rest of the stack: for tests, and for an engineer's own dev server."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from reviewengine.embedded.binaries import find_postgres, find_valkey
from reviewengine.embedded.home import Home
from reviewengine.embedded.postgres import Postgres
from reviewengine.embedded.process import Child
from reviewengine.embedded.valkey import Valkey


@contextlib.contextmanager
def running_services(
    folder: Path, *, postgres: bool = True, valkey: bool = True, throwaway: bool = False
) -> Iterator[Home]:
    """Run the wanted services under `folder` for the length of the block.

    `throwaway` trades safety for speed: right for tests, wrong for data you keep.
    """
    home = Home(folder)
    home.prepare()
    with contextlib.ExitStack() as stack:
        stack.enter_context(home.lock())
        if valkey:
            _start_valkey(home, stack)
        if postgres:
            _start_postgres(home, stack, throwaway=throwaway)
        yield home


def _start_postgres(home: Home, stack: contextlib.ExitStack, *, throwaway: bool) -> None:
    server = Postgres.of(home, find_postgres(), throwaway=throwaway)
    server.prepare()
    child = Child(server.spec())
    stack.callback(child.stop)
    server.wait_until_ready(child)


def _start_valkey(home: Home, stack: contextlib.ExitStack) -> None:
    server = Valkey(home, find_valkey())
    child = Child(server.spec())
    stack.callback(child.stop)
    server.wait_until_ready(child)
