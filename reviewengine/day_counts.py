"""Counts that all processes share for a UTC day. They lie in Valkey or Redis: a flush begins the day anew."""

from redis.exceptions import RedisError

from reviewengine.hints import hints

_KEPT_SECONDS = 2 * 86_400


def count_today(name: str, day: str) -> int | None:
    """Adds one to the count ``name`` of ``day`` and answers the sum, or None when Valkey is away. Never raises."""
    key = f"reviewengine:day:{day}:{name}"
    try:
        with hints() as redis:
            pipeline = redis.pipeline()
            pipeline.incr(key)
            pipeline.expire(key, _KEPT_SECONDS)
            return int(pipeline.execute()[0])
    except RedisError:
        return None
