"""Who is there is a courtesy of the cache: it comes and goes, and nothing breaks without it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django_redis import get_redis_connection
from redis.exceptions import ConnectionError as Away

from moderation.review import presence
from moderation.review.presence import be_here, leave, online

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_here():
    get_redis_connection("default").flushdb()


def _names(present):
    return [one.name for one in present]


def test_each_sees_the_others_and_not_themselves(alice, bob, lead, noon):
    case_id = uuid4()
    assert be_here(person=alice, case_id=case_id, now=noon) == []
    assert _names(be_here(person=bob, case_id=case_id, now=noon)) == ["alice"]
    assert _names(be_here(person=lead, case_id=case_id, now=noon)) == ["alice", "bob"]
    assert _names(be_here(person=lead, case_id=uuid4(), now=noon)) == []


def test_since_stays_while_one_looks_on(alice, bob, noon):
    case_id = uuid4()
    for seconds in (0, 10, 20, 30):
        be_here(person=alice, case_id=case_id, now=noon + timedelta(seconds=seconds))
    (seen,) = be_here(person=bob, case_id=case_id, now=noon + timedelta(seconds=35))
    assert (seen.since, seen.case_id) == (noon, case_id)


def test_who_shows_no_sign_of_life_is_gone(alice, bob, noon):
    case_id = uuid4()
    be_here(person=alice, case_id=case_id, now=noon)
    assert be_here(person=bob, case_id=case_id, now=noon + timedelta(seconds=31)) == []


def test_who_leaves_is_gone_at_once(alice, bob, noon):
    case_id = uuid4()
    be_here(person=alice, case_id=case_id, now=noon)
    leave(person=alice, case_id=case_id)
    assert be_here(person=bob, case_id=case_id, now=noon) == []


def test_online_are_those_at_the_desk_of_late(alice, bob, noon):
    case_id = uuid4()
    be_here(person=alice, case_id=case_id, now=noon)
    be_here(person=bob, now=noon + timedelta(seconds=100))
    assert _names(online(now=noon + timedelta(seconds=110))) == ["alice", "bob"]
    assert [one.case_id for one in online(now=noon + timedelta(seconds=110))] == [case_id, None]
    assert _names(online(now=noon + timedelta(seconds=121))) == ["bob"]


def test_flushed_cache_forgets_for_a_moment(alice, bob, noon):
    case_id = uuid4()
    be_here(person=alice, case_id=case_id, now=noon)
    get_redis_connection("default").flushdb()
    assert be_here(person=bob, case_id=case_id, now=noon) == []
    assert _names(be_here(person=alice, case_id=case_id, now=noon)) == ["bob"]


def test_without_the_cache_nobody_is_shown_and_nothing_breaks(monkeypatch, alice):
    def away():
        raise Away

    monkeypatch.setattr(presence, "hints", away)
    leave(person=alice, case_id=uuid4())
    assert (be_here(person=alice, case_id=uuid4()), online()) == ([], [])
