"""A Valkey that fails is left alone for a while, so that it does not slow down every request."""

import pytest
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeout

from reviewengine import hints as module
from reviewengine.hints import Resting, hints
from reviewengine.wakeups import wake


@pytest.fixture(autouse=True)
def _nothing_failed_yet(monkeypatch):
    monkeypatch.setattr(module, "_rests_until", 0.0)


def fail() -> None:
    with hints():
        raise RedisTimeout("slow")


def test_it_is_there_while_it_answers():
    with hints() as redis:
        assert redis.ping()


def test_after_a_failure_nobody_asks_again_at_once():
    with pytest.raises(RedisTimeout):
        fail()
    with pytest.raises(Resting), hints():
        pytest.fail("it was asked")


def test_after_a_while_it_is_asked_again(monkeypatch):
    monkeypatch.setattr(module, "REST_SECONDS", 0.0)
    with pytest.raises(RedisError):
        fail()
    with hints() as redis:
        assert redis.ping()


def test_a_wake_up_that_cannot_be_sent_is_no_error():
    with pytest.raises(RedisTimeout):
        fail()
    assert wake("moderation.tasks.moderate", queue="moderation_queue") is False
