"""The limit of a key is exact, and told."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from moderation.api.authentication import Principal
from moderation.api.errors import Problem
from moderation.api.throttling import spend
from moderation.models import ApiKey


def principal(limit: int, key_id: int) -> Principal:
    return Principal(key_id, 1, "re_test", frozenset(), limit)


def test_exactly_the_limit_passes_when_many_call_at_once():
    caller = principal(20, key_id=-1)

    def call(_: int) -> bool:
        try:
            spend(caller)
        except Problem:
            return False
        return True

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(call, range(200))) == 20


def test_what_is_left_is_counted_down():
    caller = principal(3, key_id=-2)
    assert [spend(caller).remaining for _ in range(3)] == [2, 1, 0]


@pytest.mark.django_db
def test_a_refusal_says_when_to_come_back(api_of, platform):
    api = api_of(ApiKey.issue(client=platform, scopes=["content:read"], rate_limit_requests=1))
    passed = api.get("/api/v1/content")
    assert passed["RateLimit-Policy"] == '"default";q=1;w=60'
    assert passed["RateLimit"] == '"default";r=0;t=60'
    refused = api.get("/api/v1/content")
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert 0 < int(refused["Retry-After"]) <= 60
