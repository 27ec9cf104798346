"""Messages as the server signs them, verified by the client; and everything that is none."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from reviewengine_client import WebhookNotVerified
from reviewengine_client.webhooks import verify
from standardwebhooks import Webhook

from moderation.models import WebhookEndpoint
from moderation.webhooks.signing import new_secret, signed_headers

BODY = json.dumps({"type": "content.rejected", "timestamp": "2026-11-22T05:00:00Z", "data": {"reasoning": "Grüße"}})


@pytest.fixture
def endpoint() -> WebhookEndpoint:
    return WebhookEndpoint(secret=new_secret(), previous_secret=new_secret())


def signed(endpoint, at: datetime | None = None) -> dict[str, str]:
    return signed_headers(endpoint, "msg_1", BODY.encode(), now=at or datetime.now(UTC))


@pytest.mark.parametrize("body", [BODY, BODY.encode()])
def test_a_message_of_the_server_is_verified(endpoint, body):
    event = verify(body, signed(endpoint), endpoint.secret)
    assert (event["type"], event["data"]["reasoning"]) == ("content.rejected", "Grüße")


def test_names_of_headers_may_be_written_in_any_case(endpoint):
    headers = {name.title(): value for name, value in signed(endpoint).items()}
    assert verify(BODY, headers, endpoint.secret)["type"] == "content.rejected"


def test_while_a_secret_is_rotated_the_old_one_and_the_new_one_verify(endpoint):
    endpoint.previous_secret_until = datetime.now(UTC) + timedelta(hours=1)
    headers = signed(endpoint)
    for secret in (endpoint.secret, endpoint.previous_secret, [new_secret(), endpoint.secret]):
        assert verify(BODY, headers, secret)["type"] == "content.rejected"


def test_messages_of_another_library_are_verified():
    secret, now = new_secret(), datetime.now(UTC)
    headers = {
        "webhook-id": "msg_2",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": f"v1a,abc {Webhook(secret).sign('msg_2', now, BODY)}",
    }
    assert verify(BODY, headers, secret)["type"] == "content.rejected"


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_message_of_another_time_is_refused(endpoint, minutes):
    headers = signed(endpoint, datetime.now(UTC) + timedelta(minutes=minutes))
    with pytest.raises(WebhookNotVerified, match="clock"):
        verify(BODY, headers, endpoint.secret)
    assert verify(BODY, headers, endpoint.secret, tolerance_seconds=600)["type"] == "content.rejected"


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "msg_2"},
        {"webhook-timestamp": str(int(time.time()) - 7)},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,äöü"},
        {"webhook-signature": "v1a,abc"},
        {"webhook-signature": ""},
        {"webhook-id": ""},
        {"webhook-timestamp": "١٢٣"},
        {"webhook-timestamp": "9" * 40},
    ],
)
def test_a_message_that_was_changed_is_refused(endpoint, change):
    with pytest.raises(WebhookNotVerified):
        verify(BODY, {**signed(endpoint), **change}, endpoint.secret)


def test_a_changed_body_or_another_secret_is_refused(endpoint):
    for body, secret in ((BODY + " ", endpoint.secret), (BODY, new_secret())):
        with pytest.raises(WebhookNotVerified, match="No signature"):
            verify(body, signed(endpoint), secret)


@pytest.mark.parametrize("body", ["[]", "no json", '{"type": 1}', '{"data": []}', "\ud800"])
def test_what_is_signed_and_yet_no_event_is_refused(body):
    secret, now = new_secret(), int(time.time())
    raw = body.encode("utf-8", "surrogatepass")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    import hashlib
    import hmac

    signature = base64.b64encode(hmac.new(key, f"m.{now}.".encode() + raw, hashlib.sha256).digest()).decode()
    headers = {"webhook-id": "m", "webhook-timestamp": str(now), "webhook-signature": f"v1,{signature}"}
    with pytest.raises(WebhookNotVerified):
        verify(raw, headers, secret)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_%%%", "whsec_0a1b2cä"])
def test_a_secret_that_is_none_is_a_mistake_of_ours(endpoint, secret):
    with pytest.raises(ValueError, match="secret"):
        verify(BODY, signed(endpoint), secret)
