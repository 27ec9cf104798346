"""The whole stack as a newcomer gets it: `manage.py runstack` on an empty folder, to the banner and back."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg2
import pytest

from reviewengine.embedded import first_run
from reviewengine.embedded.home import Home
from reviewengine.embedded.plan import BASE_DIR

# One running stack for all of them: they tell its story in order, and `--dist loadfile` keeps a file in one worker.
pytestmark = pytest.mark.slow
PATIENCE = 120.0
UP = "Review Engine runs."


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {PATIENCE:.0f} s in vain"
        time.sleep(0.1)


class Run:
    """One `manage.py runstack`, seen from the outside."""

    def __init__(self, home: Home, port: int) -> None:
        self.home = home
        self.url = f"http://127.0.0.1:{port}"
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        home.root.mkdir(exist_ok=True)
        self.output = home.root / f"said-{time.monotonic_ns()}.txt"
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "runstack"],
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=BASE_DIR,
                env={**kept, "REVIEWENGINE_HOME": str(home.root), "PORT": str(port)},
            )

    @property
    def said(self) -> str:
        return self.output.read_text()

    def up(self) -> "Run":
        wait_for(lambda: UP in self.said or self.process.poll() is not None)
        assert UP in self.said, self.said
        return self

    def pid(self, name: str) -> int:
        rows = json.loads((self.home.run / "children.json").read_text())
        return next(row["pid"] for row in rows if row["name"] == name)

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(scope="module")
def home() -> Iterator[Home]:
    folder = Path(tempfile.mkdtemp(prefix="re-"))
    yield Home(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def stack(home) -> Iterator[Run]:
    """The stack after its first start. The tests below share it, in their order."""
    run = Run(home, free_port())
    yield run.up()
    if run.process.poll() is None:
        run.end()


def test_every_step_is_shown_with_its_time(stack):
    steps = [re.sub(r" \.+ (\w+) in [\d.]+ s", r": \1", line).strip() for line in stack.said.splitlines()[2:9]]

    assert [re.sub(r"[\d.]+", "N", step) for step in steps] == [
        "PostgreSQL N: started",
        "Valkey N: started",
        "Tables and demo data: done",
        "Web server: started",
        "Worker (moderation): started",
        "Worker (webhooks, upkeep): started",
        "Beat (schedules): started",
    ]


def test_the_console_is_where_the_banner_says(stack):
    assert f"Console   {stack.url}/admin/" in stack.said
    assert httpx.get(f"{stack.url}/admin/login/").status_code == 200


def test_the_curl_line_works_as_it_stands(stack):
    line = next(line for line in stack.said.splitlines() if "curl" in line).partition("Try it")[2].strip()
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    answer = subprocess.run(line, shell=True, capture_output=True, text=True, check=True)  # noqa: S602 - as a user would

    assert json.loads(answer.stdout)["decision"] == "approve"


def test_the_secrets_are_for_their_owner_alone(stack, home):
    assert first_run.path(home.root).stat().st_mode & 0o777 == 0o600
    assert first_run.read(home.root).password in stack.said


@pytest.mark.parametrize("name", ["web", "worker", "worker-io", "beat", "valkey", "postgres"])
def test_a_killed_child_is_started_again(stack, name):
    before = stack.pid(name)
    os.kill(before, signal.SIGKILL)
    wait_for(lambda: stack.pid(name) != before)

    wait_for(lambda: _answers(stack))
    assert "ended (signal 9); started again in" in stack.said


def _answers(stack) -> bool:
    try:
        return httpx.get(f"{stack.url}/readyz", timeout=5).status_code == 200
    except httpx.HTTPError:
        return False


def test_a_taken_port_is_one_sentence(stack):
    folder = Path(tempfile.mkdtemp(prefix="re-"))
    port = int(stack.url.rsplit(":", 1)[1])
    second = Run(Home(folder), port)

    assert second.process.wait(PATIENCE) == 1
    assert second.said == (
        f"Port {port} on 127.0.0.1 is in use by another program. Choose another: `make run PORT={port + 1}`.\n"
    )
    shutil.rmtree(folder)


def test_an_orderly_stop_ends_with_0_and_a_restart_keeps_the_data(stack, home):
    with psycopg2.connect(home.database_url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT 42 AS number")
    connection.close()
    assert stack.end() == 0
    assert stack.said.endswith(f"Stopped. The data stays in {home.root}.\n")

    again = Run(home, free_port()).up()
    with psycopg2.connect(home.database_url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT number FROM kept")
        assert cursor.fetchall() == [(42,)]
    connection.close()
    assert first_run.read(home.root).api_key in again.said
    assert "Database tables" in again.said
    assert again.end() == 0


def test_a_deleted_key_is_not_shown_again(stack, home):
    key = first_run.read(home.root).api_key
    first_run.path(home.root).unlink()
    again = Run(home, free_port()).up()

    assert key not in again.said
    assert "API key" not in again.said
    assert again.end() == 0


def test_a_reset_removes_what_was_made(stack, home):
    command = [sys.executable, "manage.py", "runstack", "--reset"]
    found = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        cwd=BASE_DIR,
        env={**os.environ, "REVIEWENGINE_HOME": str(home.root)},
    )

    assert found.stdout.startswith(f"Removed the data in {home.root}.")
    assert not home.postgres_data.exists()
