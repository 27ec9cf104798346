"""Standard Webhooks signatures: who sent it, when, and that nobody changed it."""

import base64
import secrets
from datetime import datetime

from standardwebhooks import Webhook
from standardwebhooks.webhooks import EmptyWebhookSecretError

from moderation.models import WebhookEndpoint

SECRET_BYTES = 32


def new_secret() -> str:
    """A fresh ``whsec_`` secret of 256 random bits."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signed_headers(endpoint: WebhookEndpoint, message_id: str, body: bytes, *, now: datetime) -> dict[str, str]:
    """``webhook-id``, ``webhook-timestamp`` (of this attempt, UTC) and ``webhook-signature``.

    For a day after a rotation the old secret signs too, so that a receiver can change it without losing a message.
    Raises ValueError for a secret that is not one.
    """
    keys = [endpoint.secret]
    if endpoint.previous_secret_until and endpoint.previous_secret_until > now:
        keys.append(endpoint.previous_secret)
    text = body.decode()
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(_signer(key).sign(message_id, now, text) for key in keys),
    }


def _signer(secret: str) -> Webhook:
    try:
        return Webhook(secret)
    except EmptyWebhookSecretError as error:
        raise ValueError("an empty secret signs nothing") from error
