"""Endpoints: made, changed, given a new secret, tested, disabled, enabled, deleted; each act with its audit entry."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce
from django.utils import timezone

from moderation.audit import record_audit
from moderation.enums import EventStatus, EventType, SubjectType
from moderation.models import ApiClient, WebhookEndpoint, WebhookEvent
from moderation.outbound.guard import Target, check_url
from moderation.webhooks.options import webhook_options
from moderation.webhooks.outbox import publish_test, wake_delivery
from moderation.webhooks.signing import new_secret

OLD_SECRET_LIVES = timedelta(days=1)
MAX_ENDPOINTS = 50
"""Of one client: every decision is written once for each of them."""


class TooManyEndpoints(Exception):
    """The client has as many endpoints as a client may have."""


def check_endpoint_url(url: str) -> Target:
    """Checks a URL by the configuration, without asking DNS. Raises guard.UnsafeUrl, which says what to mend."""
    options = webhook_options()
    return check_url(url, allow_http=options.allow_http, allow_networks=options.allow_networks)


@transaction.atomic
def create_endpoint(
    *, client: ApiClient, url: str, actor: str, event_types: Sequence[EventType] = ()
) -> WebhookEndpoint:
    """Makes an endpoint with a secret of its own. No ``event_types``: it hears of everything.

    Raises guard.UnsafeUrl for a URL that no webhook may be sent to, and TooManyEndpoints; nothing is stored then.
    """
    check_endpoint_url(url)
    ApiClient.objects.select_for_update(no_key=True).get(pk=client.pk)
    if WebhookEndpoint.objects.filter(client=client, deleted_at=None).count() >= MAX_ENDPOINTS:
        raise TooManyEndpoints
    endpoint = WebhookEndpoint.objects.create(
        client=client, url=url, secret=new_secret(), event_types=[kind.value for kind in event_types]
    )
    record_endpoint(endpoint, "added", actor, client=client.name, url=url, event_types=endpoint.event_types)
    return endpoint


@transaction.atomic
def change_endpoint(
    *, endpoint: WebhookEndpoint, actor: str, url: str | None = None, event_types: Sequence[EventType] | None = None
) -> None:
    """Changes what is given. Events that wait go to the new URL too.

    Raises guard.UnsafeUrl, and WebhookEndpoint.DoesNotExist for one that was deleted; nothing is changed then.
    """
    if url is not None:
        check_endpoint_url(url)
    locked = _lock(endpoint)
    wanted = {"url": url, "event_types": None if event_types is None else [kind.value for kind in event_types]}
    changes = {
        name: [getattr(locked, name), value]
        for name, value in wanted.items()
        if value is not None and value != getattr(locked, name)
    }
    for name, (_, value) in changes.items():
        setattr(endpoint, name, value)
    if changes:
        endpoint.save(update_fields=list(changes))
        record_endpoint(endpoint, "changed", actor, changes=changes)


@transaction.atomic
def rotate_secret(*, endpoint: WebhookEndpoint, actor: str, overlap: timedelta = OLD_SECRET_LIVES) -> str:
    """Gives the endpoint a new secret and returns it; the old one signs too for as long as ``overlap``.

    The one before the old, if it was still signing, ends now. Raises WebhookEndpoint.DoesNotExist for a deleted one.
    """
    locked = _lock(endpoint)
    endpoint.previous_secret = locked.secret if overlap else ""
    endpoint.secret_rotated_at = timezone.now()
    endpoint.previous_secret_until = endpoint.secret_rotated_at + overlap if overlap else None
    endpoint.secret = new_secret()
    endpoint.save(update_fields=["secret", "previous_secret", "previous_secret_until", "secret_rotated_at"])
    record_endpoint(endpoint, "secret_rotated", actor, overlap_seconds=int(overlap.total_seconds()))
    return endpoint.secret


@transaction.atomic
def send_test(*, endpoint: WebhookEndpoint, actor: str) -> WebhookEvent:
    """Writes an event ``endpoint.test`` for this endpoint, which is then delivered as any other.

    An endpoint that is held back because its receiver failed is tried at once.
    """
    WebhookEndpoint.objects.filter(pk=endpoint.pk).update(retry_at=None)
    event = publish_test(endpoint=endpoint)
    record_endpoint(endpoint, "tested", actor, event=event.message_id)
    return event


@transaction.atomic
def delete_endpoint(*, endpoint: WebhookEndpoint, reason: str, actor: str) -> int:
    """Ends an endpoint for good: its secrets are erased, what waits for it is dead; answers how many events that were.

    What was sent to it stays, as part of the record. Deleting it again changes nothing.
    """
    now = timezone.now()
    deleted = WebhookEndpoint.objects.filter(pk=endpoint.pk, deleted_at=None).update(
        deleted_at=now,
        disabled_at=Coalesce("disabled_at", now),
        disabled_reason=reason,
        secret="",
        previous_secret="",
        previous_secret_until=None,
        retry_at=None,
    )
    if not deleted:
        return 0
    # Also those that are being sent at this moment: their attempts are recorded, and not repeated.
    ended = WebhookEvent.objects.filter(endpoint=endpoint, status=EventStatus.PENDING).update(
        status=EventStatus.DEAD, finished_at=now, lease_token=None, lease_expires_at=None
    )
    record_endpoint(endpoint, "deleted", actor, events_ended=ended)
    return ended


def _lock(endpoint: WebhookEndpoint) -> WebhookEndpoint:
    """The row as it stands, held: a delivery, or another change, waits until this one is done."""
    return WebhookEndpoint.objects.select_for_update(no_key=True).get(pk=endpoint.pk, deleted_at=None)


@transaction.atomic
def disable_endpoint(*, endpoint: WebhookEndpoint, reason: str, actor: str) -> bool:
    """Stops deliveries: no new events, and those that wait are held. Answers False if it was disabled already."""
    disabled = WebhookEndpoint.objects.filter(pk=endpoint.pk, disabled_at=None).update(
        disabled_at=timezone.now(), disabled_reason=reason
    )
    if disabled:
        record_endpoint(endpoint, "disabled", actor, reason=reason)
    return bool(disabled)


@transaction.atomic
def enable_endpoint(*, endpoint: WebhookEndpoint, actor: str) -> bool:
    """Starts deliveries again, at once and as if nothing had failed; what was held flows.

    False: it was enabled, or is deleted.
    """
    enabled = (
        WebhookEndpoint.objects.filter(pk=endpoint.pk, deleted_at=None)
        .exclude(disabled_at=None)
        .update(disabled_at=None, disabled_reason="", failures_in_a_row=0, retry_at=None)
    )
    if enabled:
        record_endpoint(endpoint, "enabled", actor)
        transaction.on_commit(partial(wake_delivery, endpoint.pk))
    return bool(enabled)


def record_endpoint(endpoint: WebhookEndpoint, act: str, actor: str, **data: Any) -> None:
    """Writes the audit entry of an act on an endpoint. Never give it a secret."""
    record_audit(
        action=f"webhook_endpoint.{act}",
        actor=actor,
        subject_type=SubjectType.WEBHOOK_ENDPOINT,
        subject_id=endpoint.pk,
        data=data,
    )
