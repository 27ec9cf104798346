"""Wake-ups: a hint to a worker that rows wait, at most one in the broker however many rows come in.

Losing one is harmless: PostgreSQL holds the work, and beat's sweep wakes the workers again.
"""

import logging

from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from reviewengine import conf
from reviewengine.celery import app
from reviewengine.hints import hints
from reviewengine.request_ids import request_id, trace_headers, trace_id

logger = logging.getLogger(__name__)


def _key(task: str, args: tuple[str | int, ...]) -> str:
    return ":".join(["reviewengine", "wake", task, *map(str, args)])


def wake(task: str, *, queue: str, args: tuple[str | int, ...] = ()) -> bool:
    """Publishes ``task`` to ``queue`` unless the same wake-up is already waiting; answers whether it did.

    The message names the request that woke the worker, in its header ``woken_by``.

    Never raises: a broker that is down delays the work until the next sweep and no longer.
    """
    try:
        with hints() as redis:
            if not redis.set(_key(task, args), 1, nx=True, ex=conf.load().pipeline.wake_seconds):
                return False
        context = {"request_id": request_id.get(), **trace_headers(trace_id.get())}
        app.send_task(task, args=args, queue=queue, headers={"woken_by": context})
    except (RedisError, OperationalError) as error:
        logger.warning("wake.failed", extra={"task": task, "error": type(error).__name__})
        return False
    return True


def awake(task: str, *, args: tuple[str | int, ...] = ()) -> None:
    """Called first thing by the woken task: from here on a new row needs a new wake-up."""
    try:
        with hints() as redis:
            redis.delete(_key(task, args))
    except RedisError as error:
        logger.warning("wake.failed", extra={"task": task, "error": type(error).__name__})
