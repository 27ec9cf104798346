"""Client of Review Engine, self-hosted content moderation.

from reviewengine_client import Client

with Client("https://moderation.example.com", key="re_...") as engine:
    result = engine.score("See you at the lake on Sunday!")
"""

from reviewengine_client import webhooks
from reviewengine_client.answers import etag_of, request_id_of
from reviewengine_client.client import AsyncClient, Client
from reviewengine_client.errors import (
    ApiError,
    BadRequest,
    ChangedMeanwhile,
    Conflict,
    ConnectionFailed,
    Forbidden,
    NotAuthenticated,
    NotFound,
    NotValid,
    RateLimited,
    ReviewEngineError,
    ServerError,
    TimedOut,
    TooLarge,
    Unavailable,
)
from reviewengine_client.streams import AsyncStream, Stream
from reviewengine_client.webhooks import WebhookNotVerified

__all__ = [
    "ApiError",
    "AsyncClient",
    "AsyncStream",
    "BadRequest",
    "ChangedMeanwhile",
    "Client",
    "Conflict",
    "ConnectionFailed",
    "Forbidden",
    "NotAuthenticated",
    "NotFound",
    "NotValid",
    "RateLimited",
    "ReviewEngineError",
    "ServerError",
    "Stream",
    "TimedOut",
    "TooLarge",
    "Unavailable",
    "WebhookNotVerified",
    "etag_of",
    "request_id_of",
    "webhooks",
]
