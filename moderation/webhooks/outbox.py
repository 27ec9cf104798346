"""The outbox: events are written in the transaction that made them true, and sent after its commit."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from moderation.enums import EventType
from moderation.models import Content, ContentMedia, PolicyVersion, WebhookEndpoint, WebhookEvent
from moderation.webhooks.events import News, new_message_id
from moderation.webhooks.options import lifetime
from moderation.webhooks.payloads import build_payload, build_test_payload
from reviewengine.wakeups import wake

__all__ = ["News", "publish", "publish_test", "wake_delivery"]

DELIVER = "moderation.webhooks.tasks.deliver"
QUEUE = "webhooks"
_Version = tuple[UUID, int]  # a content and one of its versions


def wake_delivery(endpoint_id: int) -> bool:
    """Tells a worker that this endpoint has something to send; at most one such message lies in the broker."""
    return wake(DELIVER, queue=QUEUE, args=(endpoint_id,))


@transaction.atomic
def publish(*, news: Sequence[News]) -> int:
    """Writes one event for every enabled endpoint that wants to hear of it, and answers how many were written.

    Call it in the transaction of the decision. Delivery is woken when that transaction commits. The number of queries
    does not grow with ``news``. Events of one content are sent in the order in which they were published.
    """
    endpoints = _interested(news)
    wanted = [one for one in news if any(_wants(each, one) for each in endpoints[one.content.client_id])]
    if not wanted:
        return 0
    _lock_contents(wanted)
    events = _events(wanted, endpoints, _policy_versions(wanted), _images(wanted), timezone.now())
    WebhookEvent.objects.bulk_create(events)
    for endpoint_id in {event.endpoint_id for event in events}:
        transaction.on_commit(partial(wake_delivery, endpoint_id))
    return len(events)


@transaction.atomic
def publish_test(*, endpoint: WebhookEndpoint) -> WebhookEvent:
    """Writes a test of this endpoint. It is about no content: nothing waits for it, and it waits for nothing."""
    now = timezone.now()
    event = WebhookEvent.objects.create(
        message_id=new_message_id(),
        endpoint=endpoint,
        type=EventType.ENDPOINT_TEST,
        payload=build_test_payload(endpoint, told_at=now),
        next_attempt_at=now,
        expires_at=now + lifetime(),
        created_at=now,
    )
    transaction.on_commit(partial(wake_delivery, endpoint.pk))
    return event


def _interested(news: Sequence[News]) -> Mapping[int, list[WebhookEndpoint]]:
    """The enabled endpoints of the clients concerned."""
    clients = {one.content.client_id for one in news}
    endpoints = defaultdict(list)
    if clients:
        for endpoint in WebhookEndpoint.objects.filter(client__in=clients, disabled_at=None).order_by("id"):
            endpoints[endpoint.client_id].append(endpoint)
    return endpoints


def _wants(endpoint: WebhookEndpoint, news: News) -> bool:
    return not endpoint.event_types or news.type in endpoint.event_types


def _lock_contents(news: Sequence[News]) -> None:
    """The id of an event is its place in the order. Two transactions could commit theirs the other way round, were it
    not that each holds the contents it speaks of; moderation.decisions holds them already."""
    contents = Content.objects.filter(pk__in={one.content.pk for one in news}).order_by("pk")
    list(contents.select_for_update(no_key=True).values_list("pk"))


def _policy_versions(news: Sequence[News]) -> dict[int, PolicyVersion]:
    wanted = {one.result.policy_version_id for one in news if one.result and one.result.policy_version_id}
    return PolicyVersion.objects.select_related("policy").defer("source").in_bulk(wanted) if wanted else {}


def _images(news: Sequence[News]) -> dict[_Version, list[ContentMedia]]:
    """The images of each version that is spoken of; no query where no content has any."""
    found = defaultdict(list)
    contents = {one.content.pk for one in news if one.content.image_count}
    if contents:
        rows = ContentMedia.objects.filter(content__in=contents).select_related("file").order_by("position")
        for media in rows:
            found[media.content_id, media.content_version].append(media)
    return found


def _version(news: News) -> _Version:
    return news.content.pk, news.decision.content_version if news.decision else news.content.version


def _events(
    news: Sequence[News],
    endpoints: Mapping[int, list[WebhookEndpoint]],
    policy_versions: Mapping[int, PolicyVersion],
    images: Mapping[_Version, list[ContentMedia]],
    now: datetime,
) -> list[WebhookEvent]:
    expires_at = now + lifetime()
    events = []
    for one in news:
        shown = images.get(_version(one), ())
        payload = build_payload(one, policy_versions=policy_versions, told_at=now, images=shown)
        events += [
            WebhookEvent(
                message_id=new_message_id(),
                endpoint_id=endpoint.pk,
                content_id=one.content.pk,
                type=one.type,
                payload=payload,
                next_attempt_at=now,
                expires_at=expires_at,
                created_at=now,
            )
            for endpoint in endpoints[one.content.client_id]
            if _wants(endpoint, one)
        ]
    return events
