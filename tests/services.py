"""Pytest plugin (`-p tests.services`): real PostgreSQL and Valkey for the run, up before pytest-django reads settings.

Each run has its own throwaway services in a temp folder, so several runs go side by side. Workers of pytest-xdist
share the servers, each with databases of its own. A DATABASE_URL or REDIS_URL that is already set is used as it is.
"""

import atexit
import contextlib
import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from reviewengine.embedded.services import running_services

_running = contextlib.ExitStack()
# Broken settings end pytest before it unconfigures.
atexit.register(_running.close)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Start the services. A wrapper runs before pytest-django's own hook, which imports the settings."""
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        # pytest-django gives each worker a database of its own; this does the same for Valkey and the files.
        os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].partition('?')[0]}?db={int(worker[2:]) + 1}"
        if home := os.environ.get("REVIEWENGINE_HOME"):
            os.environ["REVIEWENGINE_HOME"] = str(Path(home, worker))
            Path(home, worker).mkdir(exist_ok=True)
    else:
        _start_services()
    return (yield)


def pytest_unconfigure() -> None:
    _running.close()


def _start_services() -> None:
    postgres, valkey = "DATABASE_URL" not in os.environ, "REDIS_URL" not in os.environ
    if not (postgres or valkey):
        return
    folder = Path(tempfile.mkdtemp(prefix="reviewengine-test-"))
    _running.callback(shutil.rmtree, folder, ignore_errors=True)
    home = _running.enter_context(running_services(folder, postgres=postgres, valkey=valkey, throwaway=True))
    addresses = {"REVIEWENGINE_HOME": str(folder)}
    # What is decided counts at once, but where a test is about undoing it.
    addresses["REVIEWENGINE_REVIEW__UNDO_SECONDS"] = "0"
    addresses |= {"DATABASE_URL": home.database_url} if postgres else {}
    addresses |= {"REDIS_URL": home.redis_url} if valkey else {}
    _running.callback(_restore_environment, {name: os.environ.get(name) for name in addresses})
    os.environ.update(addresses)


def _restore_environment(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value
