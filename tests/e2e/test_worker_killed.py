"""kill -9 of a worker costs a delay, never an item, never a second decision."""

import pytest

from moderation.models import Content, Decision, ModerationResult
from moderation.tasks import wake_moderation
from tests.e2e.conftest import CELERY, WORKER, kill, wait_until
from tests.factories import ApiClientFactory, ContentFactory

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ITEMS = 1000


def test_a_worker_killed_three_times_loses_nothing(processes):
    client = ApiClientFactory()
    Content.objects.bulk_create(ContentFactory.build(client=client, external_id=f"post-{n}") for n in range(ITEMS))
    processes([*CELERY, "beat", "--loglevel", "WARNING"])
    wake_moderation()
    for deaths in (1, 2, 3):
        worker = processes(WORKER)
        wait_until(lambda goal=deaths * 200: Decision.objects.count() >= goal)
        kill(worker)
        assert Decision.objects.count() < ITEMS
    processes(WORKER)
    wait_until(lambda: not Content.objects.filter(status__in=["pending", "processing"]).exists())
    assert Decision.objects.count() == ModerationResult.objects.count() == ITEMS
    assert Decision.objects.values("content").distinct().count() == ITEMS
