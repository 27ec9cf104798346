"""Where your platform hears of what was decided, and every attempt to tell it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reviewengine_client.calls import Call, R, Resource, many, one

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from reviewengine_client.shapes import (
        EndpointChange,
        EndpointIn,
        EndpointOut,
        EndpointSecretOut,
        EventDetailOut,
        EventOut,
        ListWebhookEventsQuery,
        RangeIn,
        RedeliveredOut,
        RotationIn,
        SentTestOut,
    )


class WebhookEndpoints(Resource[R]):
    @many("listWebhookEndpoints", "GET", "/api/v1/webhook-endpoints")
    def list(self) -> Iterable[Call[EndpointOut]]:
        """Your endpoints, newest first."""
        return [Call()]

    @one("createWebhookEndpoint", "POST", "/api/v1/webhook-endpoints")
    def create(self, **endpoint: Unpack[EndpointIn]) -> Call[EndpointSecretOut]:
        """Adds an endpoint. Its secret is in this answer and nowhere else."""
        return Call(body=endpoint)

    @one("getWebhookEndpoint", "GET", "/api/v1/webhook-endpoints/{endpoint_id}")
    def get(self, endpoint_id: str) -> Call[EndpointOut]:
        """An endpoint, without its secret."""
        return Call((endpoint_id,))

    @one("changeWebhookEndpoint", "PATCH", "/api/v1/webhook-endpoints/{endpoint_id}")
    def change(
        self, endpoint_id: str, *, if_match: str | None = None, **changes: Unpack[EndpointChange]
    ) -> Call[EndpointOut]:
        """Changes the address or the events, disables or enables; what is not named stays."""
        return Call((endpoint_id,), body=changes, headers={"If-Match": if_match})

    @one("deleteWebhookEndpoint", "DELETE", "/api/v1/webhook-endpoints/{endpoint_id}")
    def delete(self, endpoint_id: str, *, if_match: str | None = None) -> Call[None]:
        """Deletes an endpoint; what waits for it is dead at once."""
        return Call((endpoint_id,), headers={"If-Match": if_match})

    @one("rotateWebhookSecret", "POST", "/api/v1/webhook-endpoints/{endpoint_id}/rotate-secret")
    def rotate_secret(self, endpoint_id: str, **rotation: Unpack[RotationIn]) -> Call[EndpointSecretOut]:
        """Answers a new secret, this once; for a while both sign."""
        return Call((endpoint_id,), body=rotation)

    @one("testWebhookEndpoint", "POST", "/api/v1/webhook-endpoints/{endpoint_id}/test")
    def test(self, endpoint_id: str) -> Call[SentTestOut]:
        """Sends a test event."""
        return Call((endpoint_id,))

    @many("listWebhookEvents", "GET", "/api/v1/webhook-endpoints/{endpoint_id}/events")
    def events(self, endpoint_id: str, **query: Unpack[ListWebhookEventsQuery]) -> Iterable[Call[EventOut]]:
        """What was, or is to be, told to an endpoint, newest first."""
        return [Call((endpoint_id,), query=query)]

    @one("redeliverWebhookEvents", "POST", "/api/v1/webhook-endpoints/{endpoint_id}/redeliver")
    def redeliver(self, endpoint_id: str, **which: Unpack[RangeIn]) -> Call[RedeliveredOut]:
        """Sends a range of events again; the dead ones unless you say otherwise."""
        return Call((endpoint_id,), body=which)

    @one("getWebhookEvent", "GET", "/api/v1/webhook-events/{event_id}")
    def event(self, event_id: str) -> Call[EventDetailOut]:
        """An event with its body and the newest attempts."""
        return Call((event_id,))

    @one("redeliverWebhookEvent", "POST", "/api/v1/webhook-events/{event_id}/redeliver")
    def redeliver_event(self, event_id: str) -> Call[RedeliveredOut]:
        """Sends one event again."""
        return Call((event_id,))
