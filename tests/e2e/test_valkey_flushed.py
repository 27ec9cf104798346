"""Valkey holds hints only: flushed with a backlog, everything is decided all the same."""

import pytest
from django_redis import get_redis_connection

from moderation.models import Content, Decision
from moderation.tasks import wake_moderation
from tests.e2e.conftest import CELERY, WORKER, wait_until
from tests.factories import ApiClientFactory, ContentFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_flushed_valkey_loses_nothing(processes):
    client = ApiClientFactory()
    Content.objects.bulk_create(ContentFactory.build(client=client, external_id=f"post-{n}") for n in range(500))
    wake_moderation()
    get_redis_connection("default").flushdb()
    processes([*CELERY, "beat", "--loglevel", "WARNING"])
    processes(WORKER)
    wait_until(lambda: Decision.objects.count() >= 100)
    get_redis_connection("default").flushdb()
    Content.objects.bulk_create(ContentFactory.build(client=client, external_id=f"late-{n}") for n in range(500))
    wait_until(lambda: Decision.objects.count() == 1000)
    assert not Content.objects.filter(status__in=["pending", "processing"]).exists()
