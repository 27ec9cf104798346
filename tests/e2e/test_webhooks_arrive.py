"""What is decided reaches the platform, whatever happens to its receiver and to our worker on the way."""

from collections.abc import Iterator

import pytest

from moderation.enums import EventStatus
from moderation.models import ApiClient, Content, WebhookDelivery, WebhookEvent
from moderation.tasks import wake_moderation
from tests.e2e.conftest import CELERY, WORKER, kill, wait_until
from tests.factories import ApiClientFactory, ContentFactory, EndpointFactory
from tests.moderation.webhooks.receivers import Receiver, Reply

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
BEAT = [*CELERY, "beat", "--loglevel", "WARNING"]
THREADS = [*CELERY, "worker", "--pool", "threads", "-c", "8", "-Q", "webhooks,maintenance", "--loglevel", "WARNING"]
QUICK = {
    "REVIEWENGINE_WEBHOOKS__RETRY_SECONDS": "[1, 1, 1, 1, 1, 1, 1, 1, 600]",
    "REVIEWENGINE_WEBHOOKS__LEASE_SECONDS": "5",
    "REVIEWENGINE_WEBHOOKS__TIMEOUT_SECONDS": "4",
}
CONTENTS = 200


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """The platform's receiver, not yet up."""
    running = Receiver()
    yield running
    running.down()


@pytest.fixture
def client(transactional_db, receiver: Receiver) -> ApiClient:
    """A platform that is told everything and has sent some content."""
    client = ApiClientFactory()
    EndpointFactory(client=client, url=receiver.url)
    Content.objects.bulk_create(ContentFactory.build(client=client, external_id=f"post-{n}") for n in range(CONTENTS))
    return client


def all_told() -> bool:
    return WebhookEvent.objects.filter(status=EventStatus.DELIVERED).count() == 2 * CONTENTS


def decide_everything_twice(processes) -> None:
    """The pipeline decides every content, and again after an edit; both times there is something to tell."""
    worker = processes(WORKER[:-3] + ["moderation_queue", "--loglevel", "WARNING"])
    for version in (1, 2):
        Content.objects.update(version=version, status="pending", decision=None, decided_at=None)
        wake_moderation()
        wait_until(lambda goal=version * CONTENTS: WebhookEvent.objects.count() == goal)
    kill(worker)


def first_heard(receiver: Receiver) -> dict[str, list[int]]:
    """The versions of each content in the order in which they were heard, repetitions left out."""
    heard: dict[str, list[int]] = {}
    for external_id, version in dict.fromkeys(receiver.told):
        heard.setdefault(external_id, []).append(version)
    return heard


def test_receiver_down_then_up_every_event_arrives_in_order(processes, client, receiver):
    processes(BEAT)
    processes(THREADS, **QUICK)
    decide_everything_twice(processes)
    wait_until(lambda: WebhookDelivery.objects.filter(status_code=None).count() > 2)
    assert not WebhookEvent.objects.exclude(status=EventStatus.PENDING).exists()
    receiver.up()
    wait_until(all_told)
    assert first_heard(receiver) == {f"post-{n}": [1, 2] for n in range(CONTENTS)}
    assert len(receiver.requests) == 2 * CONTENTS


def test_worker_killed_in_the_middle_loses_nothing(processes, client, receiver):
    processes(BEAT)
    decide_everything_twice(processes)
    receiver.reply = lambda request: Reply(wait=0.02)
    receiver.up()
    for deaths in (1, 2):
        worker = processes(THREADS, **QUICK)
        wait_until(lambda goal=deaths * 100: len(receiver.requests) >= goal)
        kill(worker)
        assert not all_told()
    processes(THREADS, **QUICK)
    wait_until(all_told)
    assert first_heard(receiver) == {f"post-{n}": [1, 2] for n in range(CONTENTS)}
    assert len(receiver.requests) <= 2 * CONTENTS + 2 * 32  # what a dead worker had claimed is sent once more
    assert len({request.id for request in receiver.requests}) == 2 * CONTENTS
