"""Real processes on the test database: workers and beat, started as operators start them."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx
import pytest
from django.core.management import call_command
from django.db import connection
from django_redis import get_redis_connection

FAST = {
    "REVIEWENGINE_PIPELINE__LEASE_SECONDS": "2",
    "REVIEWENGINE_IMAGES__BATCH_SECONDS": "1",
    "REVIEWENGINE_PIPELINE__BATCH_SIZE": "20",
    "REVIEWENGINE_SCHEDULE__MODERATION_SWEEP__EVERY_SECONDS": "1",
    "REVIEWENGINE_WEB__SILENT_SECONDS": "2",
}
CELERY = [sys.executable, "-m", "celery", "-A", "reviewengine.celery"]
WORKER = [*CELERY, "worker", "-c", "2", "-Q", "moderation_queue,webhooks,maintenance", "--loglevel", "WARNING"]


def url_of_the_database() -> str:
    """The test database, for processes that are started beside the test."""
    database = connection.settings_dict
    host = database["OPTIONS"].get("host") or database["HOST"]
    return f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?host={host}"


def wait_until(condition: Callable[[], bool], *, seconds: float = 60) -> None:
    """Waits for what real processes do; fails when it does not come."""
    stop_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < stop_at, f"{condition.__name__} did not come true in {seconds} s"
        time.sleep(0.01)


@pytest.fixture
def processes(transactional_db):
    """Starts commands on the test database; every process group that still runs is ended with the test."""
    get_redis_connection("default").flushdb()
    call_command("schedule_load")
    url = url_of_the_database()
    started: list[subprocess.Popen[bytes]] = []

    def start(command: list[str], **environment: str) -> subprocess.Popen[bytes]:
        env = {**os.environ, **FAST, "DATABASE_URL": url, **environment}
        started.append(subprocess.Popen(command, env=env, start_new_session=True))
        return started[-1]

    yield start
    for process in started:
        kill(process)


def kill(process: subprocess.Popen[bytes]) -> None:
    """kill -9 for the process and all its children."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass(frozen=True)
class Web:
    """A running gunicorn: its address, and its process."""

    url: str
    process: "subprocess.Popen[bytes]"

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@pytest.fixture
def web(processes) -> Callable[..., Web]:
    """Starts gunicorn on the test database, as operators start it; environment variables may be given."""

    def start(**environment: str) -> Web:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [sys.executable, "-m", "gunicorn", "-c", "python:reviewengine.gunicorn_conf", "reviewengine.wsgi"]
        running = Web(f"http://127.0.0.1:{port}", processes(command, PORT=str(port), **environment))

        def it_answers() -> bool:
            assert running.process.poll() is None, "gunicorn has ended"
            with contextlib.suppress(httpx.TransportError):
                return httpx.get(f"{running.url}/livez").status_code == 200
            return False

        wait_until(it_answers)
        return running

    return start
