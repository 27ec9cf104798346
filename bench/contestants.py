"""The two that are compared: how each is set up, loaded and drained."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import redis

from bench.services import Services, free_port

ROOT = Path(__file__).resolve().parent.parent
LOAD = str(ROOT / "bench" / "load.lua")
REFERENCE_VENV = ROOT / ".venv-reference"
BULK = 1000


class Contestant:
    """What both have in common: a server that wrk loads, and a Celery worker of two processes."""

    name = ""
    database = ""
    done = ""  # a query that counts what the worker has finished
    text_field = "text"

    def __init__(self, services: Services) -> None:
        self.services = services
        self.environment: dict[str, str] = {**os.environ}
        self.load: dict[str, str] = {}

    def set_up(self) -> None:
        raise NotImplementedError

    def server(self, port: int) -> list[str]:
        raise NotImplementedError

    def worker(self) -> list[str]:
        raise NotImplementedError

    @contextlib.contextmanager
    def running(self, command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
        process = subprocess.Popen(
            command, env=self.environment, cwd=self.folder, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @property
    def folder(self) -> Path:
        return ROOT

    def submit(self, seconds: int) -> float:
        """Submissions a second, 16 connections."""
        return self._wrk(seconds, "/api/v1/content", connections=16, bulk=0)

    def _wrk(self, seconds: int, path: str, *, connections: int, bulk: int) -> float:
        port = free_port()
        with self.running(self.server(port)):
            wait_for_http(port)
            base = ["wrk", "-t2", f"-c{connections}", "-s", LOAD]
            url = f"http://127.0.0.1:{port}{path}"
            env = {**os.environ, **self.load, "TEXT_FIELD": self.text_field, "BULK": str(bulk)}
            subprocess.run([*base, "-d2s", url], env=env, check=True, capture_output=True)
            before = self.count_stored()
            started = time.monotonic()
            output = subprocess.run([*base, f"-d{seconds}s", url], env=env, check=True, capture_output=True, text=True)
            elapsed = time.monotonic() - started
            if "Non-2xx" in output.stdout:
                sys.exit(f"{self.name} refused requests:\n{output.stdout}")
            stored = (self.count_stored() - before) / elapsed
            answered = float(re.search(r"Requests/sec:\s+([\d.]+)", output.stdout).group(1)) * max(bulk, 1)
            return min(stored, answered)

    def count_stored(self) -> int:
        return self.services.scalar(self.database, "SELECT count(*) FROM content")

    def drain(self, items: int) -> float:
        """Items a second from the moment the workers are warm: the first tenth is not timed."""
        self.refill(items)
        start, goal = self.finished(), items
        with self.running(self.worker()):
            while (done := self.finished() - start) < goal / 10:
                time.sleep(0.02)
            first, began = done, time.monotonic()
            while (done := self.finished() - start) < goal:
                time.sleep(0.02)
            return (done - first) / (time.monotonic() - began)

    def finished(self) -> int:
        return self.services.scalar(self.database, self.done)

    def refill(self, items: int) -> None:
        raise NotImplementedError


class Product(Contestant):
    """Review Engine, with keys, limits, validation, policy, results, decisions and audit on."""

    name = "product"
    database = "bench_product"
    done = "SELECT count(*) FROM moderation_decision"

    def __init__(self, services: Services, home: Path) -> None:
        super().__init__(services)
        self.environment |= {
            "DATABASE_URL": services.url(self.database),
            "REDIS_URL": f"{services.redis_url}/1",
            "REVIEWENGINE_HOME": str(home),
            "REVIEWENGINE_LOGGING__LEVEL": "WARNING",
            "DJANGO_SETTINGS_MODULE": "reviewengine.settings",
        }

    def manage(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, env=self.environment, cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout

    def set_up(self) -> None:
        self.services.create_database(self.database)
        self.manage("migrate", "-v0")
        self.load = {"API_KEY": self.manage("apikey_create", "bench", "--rate-limit", "100000000").strip()}

    def server(self, port: int) -> list[str]:
        self.environment["PORT"] = str(port)
        return [sys.executable, "-m", "gunicorn", "-c", "python:reviewengine.gunicorn_conf", "reviewengine.wsgi"]

    def worker(self) -> list[str]:
        return [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "reviewengine.celery",
            "worker",
            "-c",
            "2",
            "-Q",
            "moderation_queue",
        ]

    def submit_bulk(self, seconds: int) -> float:
        """Items a second, a thousand a call, 4 connections."""
        return self._wrk(seconds, "/api/v1/content/bulk", connections=4, bulk=BULK)

    def refill(self, items: int) -> None:
        """Exactly ``items`` rows wait, and the wake-up that their submission would have sent."""
        self._run("DELETE FROM content c WHERE status = 'pending'")
        self._run(
            "INSERT INTO content (id, client_id, external_id, version, text, text_digest, conversation_id,"
            " parent_external_id, url, metadata, language, status, attempts, created_at, updated_at)"
            " SELECT gen_random_uuid(), (SELECT min(id) FROM moderation_apiclient), gen_random_uuid()::text, 1, t,"
            " md5(t), '', '', '', '{}', '', 'pending', 0, now(), now() FROM (SELECT (ARRAY["
            + ", ".join(f"'{text}'" for text in TEXTS)
            + f"])[n % {len(TEXTS)} + 1] AS t FROM generate_series(1, {items}) n) texts"
        )
        self.manage("shell", "-c", "from moderation.tasks import wake_moderation; wake_moderation()")

    def _run(self, statement: str) -> None:
        with contextlib.closing(self.services.connect(self.database)) as connection:
            connection.autocommit = True
            connection.cursor().execute(statement)


class Reference(Contestant):
    """The stack in SEED_STACK: FastAPI, asyncpg, one Celery task an item."""

    name = "reference"
    database = "seed_stack"
    done = "SELECT count(*) FROM moderation_result"
    text_field = "body"

    def __init__(self, services: Services, folder: Path) -> None:
        super().__init__(services)
        self.seed_stack = folder
        self.python = REFERENCE_VENV / "bin" / "python"
        self.environment |= {"SEED_STACK_DSN": services.dsn(self.database), "SEED_STACK_REDIS": services.redis_url}

    @property
    def folder(self) -> Path:
        return self.seed_stack

    def set_up(self) -> None:
        if not self.python.exists():
            print("  installing what the reference needs", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", str(REFERENCE_VENV)], check=True)
            wanted = str(ROOT / "bench" / "requirements-reference.txt")
            subprocess.run([str(self.python), "-m", "pip", "install", "-q", "-r", wanted], check=True)
        self.services.create_database(self.database)
        subprocess.run([str(self.python), "db.py"], env=self.environment, cwd=self.seed_stack, check=True)

    def server(self, port: int) -> list[str]:
        return [
            str(self.python),
            "-m",
            "uvicorn",
            "main:app",
            "--workers",
            "2",
            "--port",
            str(port),
            "--log-level",
            "error",
        ]

    def worker(self) -> list[str]:
        return [str(self.python), "-m", "celery", "-A", "tasks", "worker", "-c", "2"]

    def refill(self, items: int) -> None:
        """Exactly ``items`` rows and messages, made the way its API makes them."""
        redis.Redis(port=self.services.redis_port).delete("moderation_queue")
        script = (
            "from db import Content, sync_engine; from sqlalchemy.orm import Session; from tasks import moderate\n"
            f"import uuid\ntexts = {TEXTS!r}\n"
            "with Session(sync_engine()) as session:\n"
            "    rows = [Content(external_id=str(uuid.uuid4()), body=texts[n % len(texts)], status='pending')"
            f" for n in range({items})]\n"
            "    session.add_all(rows); session.commit(); ids = [row.id for row in rows]\n"
            "for content_id in ids: moderate.delay(content_id)\n"
        )
        subprocess.run([str(self.python), "-c", script], env=self.environment, cwd=self.seed_stack, check=True)


TEXTS = [
    "Does anyone know when the library opens on Sunday? The page still shows the old hours.",
    "Thanks for the quick answer, the new part fits and the washing machine runs again.",
    "What a stupid idea, only an idiot would think that this works.",
    "Huge sale today only, claim your free voucher at http://shop.example.com/voucher now",
]


def wait_for_http(port: int, seconds: float = 60) -> None:
    """Until anything at all answers."""
    stop_at = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1)
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > stop_at:
                sys.exit(f"Nothing answers on port {port}.")
            time.sleep(0.2)
        else:
            return
