"""Messages that Review Engine sends: whether they are its own (Standard Webhooks 1.0), and what they say."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, cast

from reviewengine_client.errors import ReviewEngineError

if TYPE_CHECKING:
    from reviewengine_client.shapes import WebhookEvent

PREFIX = "whsec_"
TOLERANCE_SECONDS = 300


class WebhookNotVerified(ReviewEngineError):
    """The message is not the sender's, or not of now: answer 4xx, and do nothing that it says."""


def verify(
    body: bytes | str,
    headers: Mapping[str, str],
    secret: str | Iterable[str],
    *,
    tolerance_seconds: int = TOLERANCE_SECONDS,
) -> WebhookEvent:
    """The event in a message that is signed with ``secret``, or with one of several while it is being rotated.

    ``body`` is the raw body, before anything has parsed it; the names of ``headers`` may be written in any case.
    Messages come more than once: ignore a ``webhook-id`` that you have seen. Raises WebhookNotVerified, and
    ValueError for a secret that is none.
    """
    raw = body.encode() if isinstance(body, str) else body
    given = {name.lower(): value for name, value in headers.items()}
    identifier, sent_at = _header(given, "webhook-id"), _header(given, "webhook-timestamp")
    signatures = _header(given, "webhook-signature").split(" ")
    keys = [_key(one) for one in ([secret] if isinstance(secret, str) else secret)]
    signed = f"{identifier}.{sent_at}.".encode() + raw
    if not any(_is_signed(signed, key, signatures) for key in keys):
        raise WebhookNotVerified("No signature of the message is made with this secret.")
    _require_recent(sent_at, tolerance_seconds)
    return _event(raw)


def _header(headers: Mapping[str, str], name: str) -> str:
    if not headers.get(name):
        raise WebhookNotVerified(f"The message has no header {name}.")
    return headers[name]


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("The secret is no whsec_ secret.") from error
    if not key:
        raise ValueError("The secret is empty.")
    return key


def _is_signed(signed: bytes, key: bytes, signatures: Iterable[str]) -> bool:
    """Compares in constant time, and every signature, so that the time tells nothing."""
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    found = [
        hmac.compare_digest(expected, value.encode())
        for version, _, value in (one.partition(",") for one in signatures)
        if version == "v1"
    ]
    return any(found)


def _require_recent(sent_at: str, tolerance_seconds: int) -> None:
    if not (sent_at.isascii() and sent_at.isdigit()) or len(sent_at) > 15:
        raise WebhookNotVerified("The header webhook-timestamp is no time.")
    if abs(time.time() - int(sent_at)) > tolerance_seconds:
        raise WebhookNotVerified("The message is too old, or from the future: check this machine's clock.")


def _event(raw: bytes) -> WebhookEvent:
    try:
        event = json.loads(raw)
    except ValueError as error:
        raise WebhookNotVerified("The message is no JSON.") from error
    if not isinstance(event, dict) or not isinstance(event.get("data"), dict):
        raise WebhookNotVerified("The message is no event.")
    return cast("WebhookEvent", event)
