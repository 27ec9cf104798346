"""Rate limits: GCRA for any number of limits in one atomic script, exact under concurrency.

GCRA (generic cell rate algorithm, ITU-T I.371): whoever is limited has ``requests`` at once and regains them evenly
over ``seconds``. The script runs inside Valkey, so that two processes never spend the same request. A request passes
all its limits and is counted in each, or is refused and counted in none.
"""

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from redis.exceptions import RedisError

from moderation.api.errors import Problem
from reviewengine.hints import hints

logger = logging.getLogger(__name__)

# KEYS: each limit's state, the time at which its allowance is whole again. ARGV: requests and seconds of each.
# Answers remaining, seconds until it is whole, and seconds to wait (0: passed) for each, one after the other.
SCRIPT = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1e6
local states, after, waits, passes = redis.call('MGET', unpack(KEYS)), {}, {}, true
for i = 1, #KEYS do
    local requests, seconds = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
    after[i] = math.max(tonumber(states[i] or now), now) + seconds / requests
    waits[i] = after[i] - now - seconds
    if waits[i] > 1e-6 then passes = false else waits[i] = 0 end
end
local answer = {}
for i = 1, #KEYS do
    local requests, seconds = tonumber(ARGV[2 * i - 1]), tonumber(ARGV[2 * i])
    if passes then
        redis.call('SET', KEYS[i], string.format('%.6f', after[i]), 'PX', math.ceil((after[i] - now) * 1000) + 1)
    else
        after[i] = after[i] - seconds / requests
    end
    answer[3 * i - 2] = math.max(0, math.floor((seconds - (after[i] - now)) * requests / seconds + 1e-3))
    answer[3 * i - 1] = tostring(after[i] - now)
    answer[3 * i] = tostring(waits[i])
end
return answer
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """``requests`` in ``seconds`` for ``subject``. ``name`` is what the RateLimit fields call it."""

    name: str
    subject: str
    requests: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of one limit: ``remaining`` requests now, and in ``reset`` seconds there are more or all again.

    ``wait`` is above 0 where this limit refused the request: so many seconds until it passes one.
    """

    limit: Limit
    remaining: int
    reset: int
    wait: int = 0


def take(limits: Sequence[Limit]) -> tuple[Allowance, ...]:
    """Takes one request from each limit. Raises Problem ``rate_limited`` when one of them has none left.

    Valkey holds hints and never the truth: when it is down requests pass unlimited, and the answer is empty.
    """
    arguments = [number for limit in limits for number in (limit.requests, limit.seconds)]
    try:
        with hints() as redis:
            answer = _script(redis)(keys=[f"reviewengine:rate:{limit.subject}" for limit in limits], args=arguments)
    except RedisError as error:
        logger.warning("rate_limit.unavailable", extra={"error": type(error).__name__})
        return ()
    allowances = tuple(_allowance(limit, *answer[3 * i : 3 * i + 3]) for i, limit in enumerate(limits))
    if any(allowance.wait for allowance in allowances):
        raise _refusal(allowances)
    return allowances


def _allowance(limit: Limit, remaining: int, reset: bytes, wait: bytes) -> Allowance:
    if seconds := float(wait):
        # The next request is what a refused caller waits for; the draft has Retry-After never before ``t``.
        return Allowance(limit, 0, max(1, math.ceil(seconds)), max(1, math.ceil(seconds)))
    return Allowance(limit, int(remaining), math.ceil(float(reset)))


def _refusal(allowances: Sequence[Allowance]) -> Problem:
    violated = [allowance for allowance in allowances if allowance.wait]
    told = " and ".join(f"{one.limit.requests} requests in {one.limit.seconds} seconds" for one in violated)
    wait = max(one.wait for one in violated)
    return Problem(
        "rate_limited",
        f"The limit is {told}.",
        headers={"Retry-After": str(wait), **rate_headers(violated, policies=allowances)},
        members={"violated-policies": [one.limit.name for one in violated]},
    )


def rate_headers(allowances: Sequence[Allowance], *, policies: Sequence[Allowance] = ()) -> dict[str, str]:
    """RateLimit fields (draft-ietf-httpapi-ratelimit-headers). ``policies``: all that count, if they are more."""
    named = [one.limit for one in policies or allowances]
    return {
        "RateLimit-Policy": ", ".join(f'"{limit.name}";q={limit.requests};w={limit.seconds}' for limit in named),
        "RateLimit": ", ".join(f'"{one.limit.name}";r={one.remaining};t={one.reset}' for one in allowances),
    }


@cache
def _script(redis: Any) -> Any:
    """The script, known to the server by its digest."""
    return redis.register_script(SCRIPT)
