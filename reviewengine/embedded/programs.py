"""The processes of the product itself: web server, two workers and beat, each a command line and its manners."""

import secrets
import shutil
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from reviewengine.embedded.home import Home
from reviewengine.embedded.plan import BASE_DIR, StackPlan
from reviewengine.embedded.process import Child, ChildSpec

CELERY = ("-m", "celery", "-A", "reviewengine.celery")
# One broker, one machine: workers have no need to chat with each other.
QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")


# Names the folder where the processes of this start share what they count.
_THIS_START = secrets.token_hex(8)


def metrics_folder(home: Home) -> Path:
    """A new folder a start, and the same one for a process that is started again: the others still write there."""
    return home.metrics / _THIS_START


def _environment(home: Home) -> dict[str, str]:
    # glibc keeps a heap a thread otherwise, which costs memory and gains little under Python's lock.
    return {"MALLOC_ARENA_MAX": "2", "PROMETHEUS_MULTIPROC_DIR": str(metrics_folder(home))}


@dataclass(frozen=True)
class Program:
    """A Celery process. It is ready once its log says so; without a sentence to wait for, once it is started."""

    name: str
    title: str
    home: Home
    arguments: Sequence[str]
    ready_sentence: str | None = None
    stop_seconds: float = 20.0
    # Django's checks build the detectors, and what is loaded stays: only the process that will use them runs them.
    runs_checks: bool = False

    def prepare(self) -> None:
        pass

    def spec(self) -> ChildSpec:
        return ChildSpec(
            name=self.name,
            command=[sys.executable, *self.arguments],
            log=self.home.logs / f"{self.name}.log",
            # For Celery a cold stop: no broker is left to finish with, and leases bring the work back.
            orphan_signal=signal.SIGQUIT,
            stop_seconds=self.stop_seconds,
            environment=_environment(self.home) | ({} if self.runs_checks else {"CELERY_SKIP_CHECKS": "1"}),
            folder=BASE_DIR,
        )

    def is_ready(self, child: Child) -> bool:
        if self.ready_sentence is None:
            return child.alive
        return child.alive and self.ready_sentence in child.log_since_start()


@dataclass(frozen=True)
class Web:
    """gunicorn; how many processes and threads it has stands in `reviewengine.gunicorn_conf`."""

    plan: StackPlan
    home: Home
    title: str = field(init=False, default="Web server")

    def prepare(self) -> None:
        """Make the folder of the metrics, and remove those of earlier starts: their numbers are not ours."""
        folder = metrics_folder(self.home)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for other in self.home.metrics.iterdir():
            if other != folder:
                shutil.rmtree(other, ignore_errors=True)

    def spec(self) -> ChildSpec:
        return ChildSpec(
            name="web",
            command=[sys.executable, "-m", "gunicorn", "-c", "python:reviewengine.gunicorn_conf", "reviewengine.wsgi"],
            log=self.home.logs / "web.log",
            orphan_signal=signal.SIGQUIT,
            environment=_environment(self.home),
            folder=BASE_DIR,
        )

    def is_ready(self, child: Child) -> bool:
        """Answer whether the server answers HTTP, whatever it answers."""
        host, port = self.plan.address.removeprefix("http://").rsplit(":", 1)
        try:
            with socket.create_connection((host, int(port)), timeout=2) as client:
                client.sendall(b"GET /livez HTTP/1.0\r\nHost: localhost\r\n\r\n")
                return child.alive and client.recv(16).startswith(b"HTTP/")
        except OSError:
            return False


def product_units(plan: StackPlan, home: Home) -> list[Web | Program]:
    """Answer the product's processes, in the order of their start."""
    # Celery says so at this level; at a higher one nothing is waited for.
    ready = " ready." if plan.log_level in ("DEBUG", "INFO") else None
    level = ("--loglevel", plan.log_level)
    pool = ("--pool", "prefork", "--concurrency", "2", "-Q", "moderation_queue", "-n", "worker@%h")
    threads = ("--pool", "threads", "--concurrency", "8", "-Q", "webhooks,maintenance", "-n", "worker-io@%h")
    return [
        Web(plan, home),
        Program(
            "worker", "Worker (moderation)", home, (*CELERY, "worker", *pool, *QUIET, *level), ready, runs_checks=True
        ),
        Program("worker-io", "Worker (webhooks, upkeep)", home, (*CELERY, "worker", *threads, *QUIET, *level), ready),
        Program("beat", "Beat (schedules)", home, (*CELERY, "beat", *level), stop_seconds=5.0),
    ]
