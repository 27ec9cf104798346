"""Celery's door to delivery."""

import pytest
from django_redis import get_redis_connection

from moderation.enums import EventStatus
from moderation.models import WebhookEvent
from moderation.webhooks import delivery
from moderation.webhooks.tasks import deliver, sweep
from reviewengine.celery import app

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting():
    """How many messages lie in the broker for the webhook workers, of which there are none now."""
    redis = get_redis_connection("default")
    redis.flushdb()
    return lambda: redis.llen("webhooks")


def test_tasks_have_the_names_that_the_schedule_uses():
    assert {"moderation.webhooks.tasks.deliver", "moderation.webhooks.tasks.sweep"} <= set(app.tasks)


def test_deliver_sends_what_is_due(endpoint, receiver, tell, waiting):
    tell()
    deliver(endpoint.pk)
    assert WebhookEvent.objects.get().status == EventStatus.DELIVERED
    assert waiting() == 0


def test_deliver_goes_to_the_back_of_the_line_when_its_time_is_up(endpoint, receiver, tell, waiting, monkeypatch):
    monkeypatch.setattr(delivery.drain, "__kwdefaults__", {"seconds": 0})
    tell()
    deliver(endpoint.pk)
    assert waiting() == 1


def test_sweep_wakes_each_endpoint_once(endpoint, receiver, tell, waiting):
    tell("post-1"), tell("post-2")
    sweep()
    sweep()
    assert waiting() == 1


def test_sweep_has_nothing_to_do_where_nothing_is_due(endpoint, waiting):
    sweep()
    assert waiting() == 0
