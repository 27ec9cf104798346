"""The connection to Valkey or Redis for what may be lost: wake-ups and rate limits.

A server that hangs must not slow down every request: after a failure nobody in this process asks again for a while.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django_redis import get_redis_connection
from redis.exceptions import RedisError

REST_SECONDS = 5.0


class Resting(RedisError):
    """It failed a moment ago and is left alone."""


_rests_until = 0.0


@contextmanager
def hints() -> Iterator[Any]:
    """The connection, for as long as it answers. Raises RedisError: it fails now, or failed a moment ago (Resting)."""
    global _rests_until
    if time.monotonic() < _rests_until:
        raise Resting("left alone after a failure")
    try:
        yield get_redis_connection("default")
    except RedisError:
        _rests_until = time.monotonic() + REST_SECONDS
        raise
