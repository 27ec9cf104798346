"""The limits of a key and of a client address are exact, and told."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import RequestFactory

from moderation.api import addresses
from moderation.api.authentication import Principal
from moderation.api.errors import Problem
from moderation.api.limits import Limit, rate_headers, take
from moderation.api.throttling import spend
from moderation.models import ApiKey
from reviewengine import conf
from reviewengine.hints import hints


@pytest.fixture(autouse=True)
def _forgotten():
    """Every test begins with whole allowances."""
    with hints() as redis:
        for key in redis.scan_iter("reviewengine:rate:*"):
            redis.delete(key)
    addresses._client.cache_clear()
    addresses._is_ours.cache_clear()
    addresses.trusted_proxies.cache_clear()
    yield
    addresses._client.cache_clear()
    addresses._is_ours.cache_clear()
    addresses.trusted_proxies.cache_clear()


@pytest.fixture
def options(monkeypatch):
    """Sets values of the configuration: ``options("api", rate_limit_failures=2)``."""

    def change(section: str, **values):
        loaded = conf.load()
        part = getattr(loaded, section).model_copy(update=values)
        changed = loaded.model_copy(update={section: part})
        monkeypatch.setattr(conf, "load", lambda: changed)

    return change


def principal(limit: int, key_id: int) -> Principal:
    return Principal(key_id, 1, "re_test", frozenset(), limit)


def request_from(address: str, forwarded: str = ""):
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    return RequestFactory().get("/", headers=headers, REMOTE_ADDR=address)


def passes(call) -> bool:
    try:
        call()
    except Problem:
        return False
    return True


def test_exactly_the_limit_passes_when_many_call_at_once():
    caller = principal(20, key_id=-1)
    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(lambda _: passes(lambda: spend(caller)), range(200))) == 20


def test_what_is_left_is_counted_down():
    caller = principal(3, key_id=-2)
    assert [spend(caller)[0].remaining for _ in range(3)] == [2, 1, 0]


def test_the_limit_of_an_address_is_shared_by_all_keys(options):
    options("api", rate_limit_address_requests=20)
    request = request_from("203.0.113.9")
    with ThreadPoolExecutor(20) as pool:
        calls = pool.map(lambda n: passes(lambda: spend(principal(1000, key_id=-3 - n % 5), request)), range(100))
        assert sum(calls) == 20


def test_what_one_limit_refuses_is_spent_from_none():
    key, address = Limit("default", "k", 10, 60), Limit("address", "a", 1, 60)
    take([key, address])
    with pytest.raises(Problem):
        take([key, address])
    assert take([key])[0].remaining == 8


def test_an_ipv6_caller_is_counted_by_its_network(options):
    options("api", rate_limit_address_requests=1)
    spend(principal(9, key_id=-8), request_from("2001:db8:0:1::1"))
    assert not passes(lambda: spend(principal(9, key_id=-8), request_from("2001:db8:0:1:ffff::2")))
    assert passes(lambda: spend(principal(9, key_id=-8), request_from("2001:db8:0:2::1")))


def test_both_policies_are_told():
    told = rate_headers(spend(principal(5, key_id=-9), request_from("203.0.113.7")))
    assert told["RateLimit-Policy"] == '"default";q=5;w=60, "address";q=240000;w=60'
    assert told["RateLimit"] == '"default";r=4;t=12, "address";r=239999;t=1'


@pytest.mark.django_db
def test_a_refusal_says_when_to_come_back(api_of, platform):
    api = api_of(ApiKey.issue(client=platform, scopes=["content:read"], rate_limit_requests=2))
    passed = api.get("/api/v1/content")
    assert passed["RateLimit-Policy"] == '"default";q=2;w=60, "address";q=240000;w=60'
    assert passed["RateLimit"].startswith('"default";r=1;t=30, ')
    api.get("/api/v1/content")
    refused = api.get("/api/v1/content")
    problem = refused.json()
    assert (refused.status_code, problem["code"], problem["violated-policies"]) == (429, "rate_limited", ["default"])
    assert problem["type"] == "https://iana.org/assignments/http-problem-types#quota-exceeded"
    assert refused["RateLimit"] == f'"default";r=0;t={refused["Retry-After"]}'
    assert 29 <= int(refused["Retry-After"]) <= 30


@pytest.mark.django_db
def test_keys_cannot_be_tried_for_long(api_of, key, options):
    options("api", rate_limit_failures=3)
    answers = [api_of(f"re_00000000_{n}").get("/api/v1/content").status_code for n in range(5)]
    assert answers == [401, 401, 401, 429, 429]
    assert api_of("").post("/api/v1/content", {}).json()["violated-policies"] == ["failures"]
    assert api_of(key).get("/api/v1/content").status_code == 200


@pytest.mark.django_db
def test_without_valkey_requests_pass_and_nothing_is_told(api, monkeypatch):
    from redis.exceptions import ConnectionError as Away

    def away(_):
        raise Away

    monkeypatch.setattr("moderation.api.limits._script", away)
    monkeypatch.setattr("reviewengine.hints._rests_until", 0.0)
    answer = api.get("/api/v1/content")
    monkeypatch.setattr("reviewengine.hints._rests_until", 0.0)
    assert answer.status_code == 200
    assert "RateLimit" not in answer.headers


@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # the peer is no proxy of ours
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.1, 10.0.0.7", "198.51.100.1"),  # what a client invents stands left
        ("10.0.0.1", "192.0.2.66, nonsense, 10.0.0.7", "10.0.0.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "10.0.0.9, 10.0.0.8", "10.0.0.9"),
        ("10.0.0.1", "198.51.100.1:443", "198.51.100.1"),
        ("::ffff:10.0.0.1", "[2001:db8::7]:443", "2001:db8::7"),
        ("", "198.51.100.1", "198.51.100.1"),  # a Unix socket
    ],
)
def test_only_our_proxies_are_believed(options, peer, forwarded, found):
    options("web", trusted_proxies=["10.0.0.0/8"])
    assert str(addresses.client_address(request_from(peer, forwarded))) == found


def test_nobody_is_believed_by_default():
    assert str(addresses.client_address(request_from("127.0.0.1", "198.51.100.1"))) == "127.0.0.1"
    assert addresses.client_address(request_from("", "198.51.100.1")) is None
