"""A platform with a receiver, and a short way to have something told to it."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.api.authentication import forget_keys
from moderation.enums import DecisionSource, EventType, Outcome
from moderation.models import ApiClient, Content, Decision, WebhookEndpoint, WebhookEvent
from moderation.webhooks.events import News
from moderation.webhooks.outbox import publish
from reviewengine import conf
from tests import factories
from tests.moderation.api.conftest import Api
from tests.moderation.webhooks.receivers import Receiver

OUTCOMES = {EventType.CONTENT_APPROVED: Outcome.APPROVE, EventType.CONTENT_REJECTED: Outcome.REJECT}


@pytest.fixture
def configure(monkeypatch) -> Callable[..., None]:
    """Replaces options of the configuration's ``webhooks`` section."""

    current = conf.load()
    test_options = {
        "allow_http": True,
        "allow_networks": ["127.0.0.0/8"],
        "timeout_seconds": 5.0,
        "retry_seconds": [5, 30, 300, 86_400],
    }

    def put(**options: object) -> None:
        options = test_options | options
        changed = current.model_copy(update={"webhooks": current.webhooks.model_copy(update=options)})
        monkeypatch.setattr(conf, "load", lambda: changed)

    put()
    return put


@pytest.fixture
def receiver(configure) -> Iterator[Receiver]:
    """The platform's receiver, up."""
    running = Receiver().up()
    yield running
    running.down()


@pytest.fixture
def endpoint(platform: ApiClient, receiver: Receiver) -> WebhookEndpoint:
    """Where the platform wants to be told everything."""
    return factories.EndpointFactory(client=platform, url=receiver.url)


@pytest.fixture
def tell(platform: ApiClient) -> Callable[..., WebhookEvent]:
    """Publishes one decision about a content of the platform; a content that is known gets its next version."""

    def publish_one(external_id: str = "post-1", type: EventType = EventType.CONTENT_APPROVED) -> WebhookEvent:
        content = Content.objects.filter(client=platform, external_id=external_id).first()
        if content is None:
            content = factories.ContentFactory(client=platform, external_id=external_id)
        else:
            content.version += 1
            content.save(update_fields=["version"])
        decision = Decision.objects.create(
            content=content,
            content_version=content.version,
            outcome=OUTCOMES[type],
            source=DecisionSource.POLICY,
            rule="default",
        )
        publish(news=[News(type=type, content=content, decision=decision, result=None)])
        return WebhookEvent.objects.latest("id")

    return publish_one


@pytest.fixture
def later() -> Callable[..., None]:
    """Lets every wait of every event, endpoint and lease pass, as if that much time had gone by."""

    def pass_time(seconds: float = 400) -> None:
        gone = timedelta(seconds=seconds)
        for event in WebhookEvent.objects.all():
            event.next_attempt_at -= gone
            event.expires_at -= gone
            event.lease_expires_at = event.lease_expires_at and event.lease_expires_at - gone
            event.save()
        for endpoint in WebhookEndpoint.objects.exclude(retry_at=None):
            endpoint.retry_at -= gone
            endpoint.save()

    return pass_time


@pytest.fixture
def seconds_from_now() -> Callable[..., float]:
    return lambda moment: (moment - timezone.now()).total_seconds()


@pytest.fixture
def api(key) -> Api:
    """The platform's own use of the API."""
    forget_keys()
    return Api(key)
