"""How often a key may call: GCRA in one atomic script, exact under concurrency.

GCRA (generic cell rate algorithm, ITU-T I.371): a key has ``limit`` requests at once and regains them evenly over
``seconds``. The script runs inside Valkey, so that two processes never spend the same request.
"""

import logging
import math
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.http import HttpResponse
from redis.exceptions import RedisError
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from moderation.api.authentication import Principal
from moderation.api.errors import Problem
from reviewengine import conf
from reviewengine.hints import hints

logger = logging.getLogger(__name__)

# KEYS[1]: the key's state, the time at which its allowance is whole again. ARGV: limit, seconds.
SCRIPT = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1e6
local limit, seconds = tonumber(ARGV[1]), tonumber(ARGV[2])
local whole = math.max(tonumber(redis.call('GET', KEYS[1]) or now), now)
local after = whole + seconds / limit
if after - now > seconds + 1e-6 then
    return {0, 0, tostring(after - seconds - now), tostring(whole - now)}
end
redis.call('SET', KEYS[1], string.format('%.6f', after), 'PX', math.ceil((after - now) * 1000) + 1)
return {1, math.floor((seconds - (after - now)) * limit / seconds + 1e-3), '0', tostring(after - now)}
"""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a key's limit: ``remaining`` requests now, the whole limit again in ``reset`` seconds."""

    limit: int
    seconds: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """RateLimit fields (draft-ietf-httpapi-ratelimit-headers)."""
        return {
            "RateLimit-Policy": f'"default";q={self.limit};w={self.seconds}',
            "RateLimit": f'"default";r={self.remaining};t={self.reset}',
        }


def spend(principal: Principal) -> Allowance | None:
    """Takes one request from the key's allowance. Raises Problem when none is left.

    Valkey holds hints and never the truth: when it is down requests pass unlimited, and the answer is None.
    """
    options = conf.load().api
    limit, seconds = principal.rate_limit_requests or options.rate_limit_requests, options.rate_limit_seconds
    try:
        with hints() as redis:
            key = f"reviewengine:rate:{principal.key_id}"
            allowed, remaining, wait, reset = _script(redis)(keys=[key], args=[limit, seconds])
    except RedisError as error:
        logger.warning("rate_limit.unavailable", extra={"error": type(error).__name__})
        return None
    allowance = Allowance(limit, seconds, int(remaining), math.ceil(float(reset)))
    if not allowed:
        retry_after = str(max(1, math.ceil(float(wait))))
        raise Problem(
            "rate_limited",
            f"The limit is {limit} requests in {seconds} seconds.",
            headers={"Retry-After": retry_after, **allowance.headers()},
        )
    return allowance


def add_headers(response: HttpResponse, allowance: Allowance | None) -> None:
    """Tells the client what is left."""
    if allowance:
        for name, value in allowance.headers().items():
            response[name] = value


@cache
def _script(redis: Any) -> Any:
    """The script, known to the server by its digest."""
    return redis.register_script(SCRIPT)


class KeyRateLimit(BaseThrottle):
    """The same limit for DRF's views."""

    def allow_request(self, request: Request, view: Any) -> bool:
        if isinstance(request.user, Principal):
            request._request.allowance = spend(request.user)
        return True
