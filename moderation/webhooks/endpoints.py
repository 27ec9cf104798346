"""Endpoints: made, given a new secret, disabled and enabled; each act with its audit entry."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from moderation.audit import record_audit
from moderation.enums import EventType
from moderation.models import ApiClient, WebhookEndpoint
from moderation.outbound.guard import Target, check_url
from moderation.webhooks.options import webhook_options
from moderation.webhooks.outbox import wake_delivery
from moderation.webhooks.signing import new_secret

OLD_SECRET_LIVES = timedelta(days=1)


def check_endpoint_url(url: str) -> Target:
    """Checks a URL by the configuration, without asking DNS. Raises guard.UnsafeUrl, which says what to mend."""
    options = webhook_options()
    return check_url(url, allow_http=options.allow_http, allow_networks=options.allow_networks)


@transaction.atomic
def create_endpoint(
    *, client: ApiClient, url: str, actor: str, event_types: Sequence[EventType] = ()
) -> WebhookEndpoint:
    """Makes an endpoint with a secret of its own. No ``event_types``: it hears of everything.

    Raises guard.UnsafeUrl for a URL that no webhook may be sent to; nothing is stored then.
    """
    check_endpoint_url(url)
    endpoint = WebhookEndpoint.objects.create(
        client=client, url=url, secret=new_secret(), event_types=[kind.value for kind in event_types]
    )
    record_endpoint(endpoint, "added", actor, client=client.name, url=url, event_types=endpoint.event_types)
    return endpoint


@transaction.atomic
def rotate_secret(*, endpoint: WebhookEndpoint, actor: str) -> str:
    """Gives the endpoint a new secret and returns it; the old one signs too for another day."""
    endpoint.previous_secret = endpoint.secret
    endpoint.previous_secret_until = timezone.now() + OLD_SECRET_LIVES
    endpoint.secret = new_secret()
    endpoint.save(update_fields=["secret", "previous_secret", "previous_secret_until"])
    record_endpoint(endpoint, "secret_rotated", actor)
    return endpoint.secret


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
    """Starts deliveries again, at once and as if nothing had failed; what was held flows. False: it was enabled."""
    enabled = (
        WebhookEndpoint.objects.filter(pk=endpoint.pk)
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
        subject_type="webhook_endpoint",
        subject_id=endpoint.pk,
        data=data,
    )
