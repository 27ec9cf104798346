"""What is written to the outbox, for whom, and at what cost."""

import threading
from dataclasses import replace

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_redis import get_redis_connection

from moderation.enums import EventType, Outcome
from moderation.models import Content, ContentMedia, Decision, Policy, PolicyVersion, WebhookEvent
from moderation.webhooks.events import News
from moderation.webhooks.outbox import publish
from tests import factories


@pytest.fixture
def hears(platform):
    """Makes an endpoint of the platform."""
    return lambda **fields: factories.EndpointFactory(client=platform, **fields)


def news_of(contents, type=EventType.CONTENT_APPROVED, results=()):
    decisions = Decision.objects.bulk_create(
        Decision(content=content, content_version=1, outcome=Outcome.APPROVE, source="policy", overrides=None)
        for content in contents
    )
    results = results or [None] * len(contents)
    return [News(type, *one) for one in zip(contents, decisions, results, strict=True)]


def many(platform, count):
    return Content.objects.bulk_create(factories.ContentFactory.build_batch(count, client=platform))


def test_every_endpoint_of_the_client_gets_an_event_of_its_own(hears, platform):
    first, second = hears(), hears()
    assert publish(news=news_of(many(platform, 2))) == 4
    events = WebhookEvent.objects.order_by("id")
    assert [event.endpoint_id for event in events] == [first.pk, second.pk] * 2
    assert len({event.message_id for event in events}) == 4
    assert all(event.message_id.startswith("msg_") and "." not in event.message_id for event in events)


def test_order_of_the_news_is_the_order_of_the_ids(hears, platform):
    hears()
    contents = many(platform, 50)
    publish(news=news_of(contents))
    assert list(WebhookEvent.objects.order_by("id").values_list("content", flat=True)) == [c.pk for c in contents]


def test_endpoint_hears_only_of_the_types_it_asked_for(hears, platform):
    hears(event_types=["content.rejected", "review.opened"])
    assert publish(news=news_of(many(platform, 1))) == 0
    assert publish(news=news_of(many(platform, 1), EventType.CONTENT_REJECTED)) == 1


def test_disabled_endpoint_gets_nothing_new(hears, platform):
    hears(disabled_at=timezone.now())
    assert publish(news=news_of(many(platform, 1))) == 0


def test_stranger_hears_nothing(hears, platform, stranger):
    hears()
    assert publish(news=news_of(many(stranger, 3))) == 0
    assert not WebhookEvent.objects.exists()


def test_nothing_to_tell_asks_the_database_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(2):  # the savepoint
        assert publish(news=[]) == 0


def test_nobody_to_tell_costs_one_query(platform, django_assert_num_queries):
    news = news_of(many(platform, 10))
    with django_assert_num_queries(3):  # a savepoint around it
        assert publish(news=news) == 0


@pytest.mark.parametrize("count", [1, 1000])
def test_a_thousand_cost_as_many_queries_as_one(hears, platform, count, django_assert_num_queries):
    hears()
    version = PolicyVersion.objects.create(policy=Policy.objects.create(slug="default"), number=3, source="", digest="")
    contents = many(platform, count)
    results = [factories.ResultFactory.build(content=content, policy_version_id=version.pk) for content in contents]
    news = news_of(contents, results=results)
    with django_assert_num_queries(6):  # a savepoint around endpoints, lock, policies, insert
        assert publish(news=news) == count
    assert WebhookEvent.objects.first().payload["data"]["policy"] == {"name": "default", "version": 3}


def test_the_images_of_the_version_that_was_decided_are_told(hears, platform, django_assert_num_queries):
    hears()
    contents = [factories.ContentFactory(client=platform, image_count=1) for _ in range(3)]
    for content in contents:
        for version, score in ((1, 0.1), (2, 0.9)):
            media = {"content_version": version, "source": "url", "source_url": "https://a.example/soup.png"}
            ContentMedia.objects.create(content=content, position=0, scores={"nsfw_image": score}, **media)
    news = news_of(contents)
    with django_assert_num_queries(6):  # as above: no policies, but images
        publish(news=news)
    assert [event.payload["data"]["images"] for event in WebhookEvent.objects.all()] == [
        [{"media_id": None, "sha256": None, "scores": {"nsfw_image": 0.1}, "fault": None}]
    ] * 3


@pytest.mark.django_db(transaction=True)
def test_delivery_is_woken_once_an_endpoint_and_only_by_the_commit(hears, platform):
    redis = get_redis_connection("default")
    redis.flushdb()
    hears(), hears()
    with transaction.atomic():
        publish(news=news_of(many(platform, 20)))
        assert redis.llen("webhooks") == 0
    assert redis.llen("webhooks") == 2
    publish(news=news_of(many(platform, 20)))
    assert redis.llen("webhooks") == 2


@pytest.mark.django_db(transaction=True)
def test_rollback_leaves_neither_event_nor_wake_up(hears, platform):
    redis = get_redis_connection("default")
    redis.flushdb()
    hears()
    with transaction.atomic():
        publish(news=news_of(many(platform, 1)))
        transaction.set_rollback(True)
    assert not WebhookEvent.objects.exists()
    assert redis.llen("webhooks") == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_transactions_about_one_content_the_later_to_commit_has_the_later_id(hears, platform):
    hears()
    first = news_of(many(platform, 1))
    second = [replace(first[0], type=EventType.CONTENT_REJECTED)]

    def reject():
        publish(news=second)
        connection.close()

    other = threading.Thread(target=reject)
    with transaction.atomic():
        publish(news=first)
        other.start()
        other.join(0.3)
        assert other.is_alive()  # it waits for the content
    other.join()
    types = WebhookEvent.objects.order_by("id").values_list("type", flat=True)
    assert list(types) == ["content.approved", "content.rejected"]
