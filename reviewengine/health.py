"""Is this process alive, and can it do its work? For balancers, orchestrators and people; no login, no secrets.

A dependency that refuses or breaks is down at once. One that is merely slow is not: a busy machine answers late, and
taking it out of service would push its work to the next one. Silence counts as an outage after ten seconds of it.
"""

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NoAnswer
from dataclasses import dataclass

from django.db import Error as DatabaseError
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django_redis import get_redis_connection
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
DATABASE, REDIS, MIGRATIONS = "database", "redis", "migrations"
ANSWER_SECONDS = 1.0
SILENCE_SECONDS = 10.0
# What PostgreSQL says when it has no connection left: it lives, and those who are connected are served.
FULL = ("too many clients", "remaining connection slots")
NO_CACHE = {"Cache-Control": "no-cache"}


@dataclass(frozen=True, slots=True)
class Health:
    """What a check found: ok, busy, down, or waiting (migrations). ``detail`` is for people and holds no secret."""

    state: str
    detail: str = ""

    @property
    def is_up(self) -> bool:
        return self.state in ("ok", "busy")


# The checks run in threads of their own, so `connection` is theirs: opened anew, since the one that the request has may
# be the thing that is broken, and closed again, since a probe should hold nothing.
def check_database() -> Health:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        if any(words in str(error) for words in FULL):
            return Health("busy", "no connection is free")
        return Health("down", "PostgreSQL does not answer")
    finally:
        connection.close()
    return Health("ok")


def check_redis() -> Health:
    try:
        get_redis_connection("default").ping()
    except RedisError:
        return Health("down", "Redis does not answer")
    return Health("ok")


def check_migrations() -> Health:
    """Whether the database has the shape that this version expects. A newer one is fine: a roll-out looks like that."""
    global _migrated
    if _migrated:
        return Health("ok")
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return Health("down", "cannot be read while PostgreSQL does not answer")
    finally:
        connection.close()
    _migrated = not waiting
    return Health("ok") if _migrated else Health("waiting", f"{len(waiting)} to apply: run manage.py migrate")


CHECKS: dict[str, Callable[[], Health]] = {DATABASE: check_database, REDIS: check_redis, MIGRATIONS: check_migrations}
_migrated = False
_lock = threading.Lock()
_running: dict[str, Future[Health]] = {}
_silent_since: dict[str, float] = {}
_threads = ThreadPoolExecutor(max_workers=len(CHECKS), thread_name_prefix="health")


def health_of(name: str) -> Health:
    """What the named check finds within a second; a check that hangs is not started a second time."""
    with _lock:
        if name not in _running or _running[name].done():
            _running[name] = _threads.submit(CHECKS[name])
        answer = _running[name]
    try:
        health = answer.result(timeout=ANSWER_SECONDS)
    except NoAnswer:
        # Counted from the first question without an answer: before it, nobody asked.
        now = time.monotonic()
        silence = now - _silent_since.setdefault(name, now - ANSWER_SECONDS)
        return Health("busy" if silence < SILENCE_SECONDS else "down", f"no answer for {silence:.0f} s")
    _silent_since.pop(name, None)
    return health


def dependency_is_up(name: str) -> bool:
    """Whether the database or Redis answers, as /readyz would say."""
    return health_of(name).is_up


@csrf_exempt
@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers: no more is asked. An orchestrator restarts what fails here."""
    return HttpResponse("ok\n", content_type="text/plain", headers=NO_CACHE)


@csrf_exempt
@require_safe
def readyz(request: HttpRequest, name: str = "") -> HttpResponse:
    """200 when every dependency is up, else 503 with the names of those that are down.

    ``?verbose`` tells of every check, ``?exclude=redis`` leaves one out, ``/readyz/redis`` asks for one alone.
    """
    wanted = [name] if name else [check for check in CHECKS if check not in request.GET.getlist("exclude")]
    if any(check not in CHECKS for check in wanted):
        return _plain(f"There is no check '{name}'. Known: {', '.join(CHECKS)}.\n", 404)
    found = {check: health_of(check) for check in wanted}
    down = [check for check, health in found.items() if not health.is_up]
    if down:
        logger.warning("health.not_ready", extra={"down": ",".join(down)})
    lines = [_line(check, health) for check, health in found.items() if "verbose" in request.GET or not health.is_up]
    return _plain("".join(lines) + ("not ready\n" if down else "ok\n"), 503 if down else 200)


@csrf_exempt
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """One look for a person or a dashboard: every dependency by name; 503 when the database is down."""
    found = {name: health_of(name) for name in CHECKS}
    body = {"api": "ok"} | {name: health.state for name, health in found.items()}
    return JsonResponse(body, status=200 if found[DATABASE].is_up else 503, headers=NO_CACHE)


def _line(name: str, health: Health) -> str:
    return f"[{'+' if health.is_up else '-'}]{name} {health.state}{': ' if health.detail else ''}{health.detail}\n"


def _plain(text: str, status: int) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain", headers=NO_CACHE)
