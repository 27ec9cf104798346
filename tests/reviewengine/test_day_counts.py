"""Counts that all processes share for a day, while Valkey is there."""

import pytest
from redis.exceptions import TimeoutError as RedisTimeout

from reviewengine import hints as module
from reviewengine.day_counts import count_today
from reviewengine.hints import hints


@pytest.fixture(autouse=True)
def _nothing_failed_and_nothing_counted_yet(monkeypatch):
    monkeypatch.setattr(module, "_rests_until", 0.0)
    with hints() as redis:
        for key in redis.keys("reviewengine:day:*"):
            redis.delete(key)


def test_every_day_and_name_has_a_count_of_its_own():
    counted = [count_today("loaves", "2026-11-21"), count_today("loaves", "2026-11-21")]
    assert counted == [1, 2]
    assert (count_today("loaves", "2026-11-22"), count_today("rolls", "2026-11-21")) == (1, 1)


def test_a_count_is_forgotten_when_its_day_is_long_over():
    count_today("loaves", "2026-11-21")
    with hints() as redis:
        assert 86_400 < redis.ttl("reviewengine:day:2026-11-21:loaves") <= 2 * 86_400


def test_without_valkey_there_is_no_count():
    with pytest.raises(RedisTimeout), hints():
        raise RedisTimeout("slow")
    assert count_today("loaves", "2026-11-21") is None
