"""What each key used: counted in the process, added up in the database, nothing lost and nothing twice."""

import threading
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection

from moderation import usage
from moderation.enums import Door, Scope
from moderation.models import ApiKey, ApiUsage
from moderation.retention import clean_up
from moderation.usage import Tally, count_request, count_work, flush, read_usage, today, total

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_counted_before():
    usage.tally.take()


@pytest.fixture
def key_id(key) -> int:
    return ApiKey.objects.get().pk


def stored(**which) -> dict[str, int]:
    row = ApiUsage.objects.get(**which)
    return {name: getattr(row, name) for name in usage.COUNTED}


def test_a_flush_adds_to_what_is_there(key_id, platform):
    for _ in range(2):
        count_request(key_id=key_id, door=Door.OPENAI, status=200)
        count_work(key_id=key_id, door=Door.OPENAI, texts=3, images=1)
        assert flush() == 1
    assert stored(client=platform, day=today(), door="openai") == {
        "requests": 2, "refused": 0, "rate_limited": 0, "items": 0, "texts": 6, "images": 2
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "refused", "rate_limited"), [(202, 0, 0), (304, 0, 0), (404, 1, 0), (429, 1, 1), (500, 0, 0)]
)
def test_what_was_refused_is_counted_as_such(key_id, status, refused, rate_limited):
    count_request(key_id=key_id, door=Door.PLATFORM, status=status)
    flush()
    row = stored(key=key_id)
    assert (row["requests"], row["refused"], row["rate_limited"]) == (1, refused, rate_limited)


def test_a_flush_of_nothing_asks_the_database_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert flush() == 0


def test_a_flush_is_one_statement_whatever_it_holds(key_id, stranger, django_assert_num_queries):
    ApiKey.issue(client=stranger, scopes=[Scope.SCORE])
    for key in ApiKey.objects.all():
        for door in Door:
            count_request(key_id=key.pk, door=door, status=200)
    with django_assert_num_queries(1):
        assert flush() == 6


def test_a_key_that_was_deleted_takes_only_its_own_counts_with_it(key_id):
    count_request(key_id=key_id, door=Door.PLATFORM, status=200)
    count_request(key_id=key_id + 1000, door=Door.PLATFORM, status=200)
    assert flush() == 1
    assert stored(key=key_id)["requests"] == 1


def test_counts_wait_while_the_database_is_away(key_id, monkeypatch):
    def away(*args, **kwargs):
        raise OperationalError("away")

    count_request(key_id=key_id, door=Door.PLATFORM, status=200)
    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", away)
        assert flush() == 0
    count_request(key_id=key_id, door=Door.PLATFORM, status=200)
    flush()
    assert stored(key=key_id)["requests"] == 2


def test_threads_that_count_while_it_is_taken_lose_nothing():
    tally = Tally()
    tally.in_background = False
    place = (1, date(2026, 11, 22), "platform")

    def count():
        for _ in range(2000):
            tally.add(place, (1, 0, 0, 0, 0, 0))

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    taken = 0
    while any(thread.is_alive() for thread in threads):
        taken += tally.take().get(place, [0])[0]
    taken += tally.take().get(place, [0])[0]
    assert taken == 16_000


def test_days_without_a_request_are_zero(key_id, platform):
    count_request(key_id=key_id, door=Door.PLATFORM, status=200)
    flush()
    rows = read_usage(client_id=platform.pk, first=today() - timedelta(days=2), last=today(), group_by="day")
    assert [(row.of[0], row.counts["requests"]) for row in rows] == [
        (today() - timedelta(days=2), 0), (today() - timedelta(days=1), 0), (today(), 1)
    ]  # fmt: skip
    assert total(rows)["requests"] == 1


def test_days_outside_the_range_do_not_count(key_id, platform):
    for days in (0, 1, 2):
        ApiUsage.objects.create(client=platform, key_id=key_id, day=today() - timedelta(days=days), requests=10**days)
    yesterday = today() - timedelta(days=1)
    rows = read_usage(client_id=platform.pk, first=yesterday, last=yesterday, group_by="key")
    assert [row.counts["requests"] for row in rows] == [10]


def test_a_stranger_sees_none_of_it(key_id, stranger):
    count_request(key_id=key_id, door=Door.PLATFORM, status=200)
    flush()
    assert read_usage(client_id=stranger.pk, first=today(), last=today(), group_by="key") == []


def test_counts_are_kept_for_more_than_a_year_and_then_deleted(key_id, platform):
    for days in (1, 399, 402):
        ApiUsage.objects.create(client=platform, key_id=key_id, day=today() - timedelta(days=days), requests=days)
    assert clean_up().counts["usage of keys deleted"] == 1
    assert set(ApiUsage.objects.values_list("requests", flat=True)) == {1, 399}
