"""Celery's tasks, counted and timed in the worker that runs them, and how many processes are alive."""

import os
import time
from typing import Any

from celery import signals
from prometheus_client import Counter, Gauge, Histogram, multiprocess

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0)

tasks_total = Counter("celery_tasks_total", "Tasks that ended, by how they did.", ["task", "state"])
task_seconds = Histogram("celery_task_duration_seconds", "Seconds a task ran.", ["task"], buckets=BUCKETS)
tasks_active = Gauge("celery_tasks_active", "Tasks that run now.", multiprocess_mode="livesum")
processes = Gauge(
    "reviewengine_processes", "Processes that are alive, by what they do.", ["role"], multiprocess_mode="livesum"
)

_started: dict[str, float] = {}


def connect() -> None:
    """Has every worker of this process's Celery count its tasks; doing so twice changes nothing."""
    signals.task_prerun.connect(_task_begins, weak=False, dispatch_uid="reviewengine.metrics")
    signals.task_postrun.connect(_task_ended, weak=False, dispatch_uid="reviewengine.metrics")
    signals.worker_process_init.connect(_pool_process_begins, weak=False, dispatch_uid="reviewengine.metrics")
    signals.worker_process_shutdown.connect(_pool_process_ended, weak=False, dispatch_uid="reviewengine.metrics")
    signals.worker_ready.connect(_worker_begins, weak=False, dispatch_uid="reviewengine.metrics")
    signals.beat_init.connect(_beat_begins, weak=False, dispatch_uid="reviewengine.metrics")


def process_started(role: str) -> None:
    """Counts this process among the living: ``web``, ``worker`` or ``beat``."""
    processes.labels(role).set(1)


def _task_begins(task_id: str, **_: Any) -> None:
    _started[task_id] = time.perf_counter()
    tasks_active.inc()


def _task_ended(task_id: str, task: Any, state: str | None = None, **_: Any) -> None:
    started = _started.pop(task_id, None)
    if started is None:
        return
    tasks_active.dec()
    tasks_total.labels(task.name, state or "UNKNOWN").inc()
    task_seconds.labels(task.name).observe(time.perf_counter() - started)


def _pool_process_begins(**_: Any) -> None:
    # What the parent counted is the parent's.
    _started.clear()
    process_started("worker")


def _pool_process_ended(pid: int | None = None, **_: Any) -> None:
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        multiprocess.mark_process_dead(pid or os.getpid())  # type: ignore[no-untyped-call]


def _worker_begins(sender: Any, **_: Any) -> None:
    # A pool of threads has no processes of its own.
    if "prefork" not in type(sender.pool).__module__:
        process_started("worker")


def _beat_begins(**_: Any) -> None:
    process_started("beat")
