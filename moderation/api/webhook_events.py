"""What was told to the client's endpoints, every attempt to deliver it, and sending it again."""

from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.errors import Problem
from moderation.api.platform import PlatformView
from moderation.api.webhook_endpoints import TAG, EndpointView
from moderation.api.webhook_shapes import (
    DeliveryOut,
    EventDetailOut,
    EventOut,
    EventPage,
    EventQuery,
    RangeIn,
    RedeliveredOut,
)
from moderation.enums import Scope
from moderation.models import WebhookEvent
from moderation.webhooks.redelivery import redeliver

MAX_REDELIVERED = 10_000
SHOWN_DELIVERIES = 100


class EndpointEvents(EndpointView):
    """/api/v1/webhook-endpoints/{id}/events."""

    scopes = {"GET": Scope.WEBHOOKS_READ}

    @extend_schema(
        operation_id="listWebhookEvents",
        tags=TAG,
        summary="What was, or is to be, told to a webhook endpoint, newest first",
        parameters=[EventQuery],  # type: ignore[list-item]  # the stubs know serializers alone
        responses=EventPage,
    )
    def get(self, request: Request, endpoint_id: str) -> Response:
        endpoint = self.endpoint(endpoint_id)
        rows = _narrowed(WebhookEvent.objects.filter(endpoint=endpoint), self.query(EventQuery))
        rows = rows.select_related("endpoint").defer("payload", "endpoint__secret", "endpoint__previous_secret")
        return self.page(rows, lambda found: [EventOut.of(row) for row in found], ordering=("-id",))


def _narrowed(rows: QuerySet[WebhookEvent], query: EventQuery) -> QuerySet[WebhookEvent]:
    rows = rows.filter(**query.model_dump(include={"status", "type"}, exclude_none=True))
    if query.content_id is None:
        return rows
    try:
        return rows.filter(content=UUID(query.content_id))
    except ValueError:
        return rows.none()


class RedeliverRange(EndpointView):
    """/api/v1/webhook-endpoints/{id}/redeliver."""

    scopes = {"POST": Scope.WEBHOOKS_WRITE}

    @extend_schema(
        operation_id="redeliverWebhookEvents",
        tags=TAG,
        summary="Send a range of events to a webhook endpoint again",
        description="The dead ones unless you say otherwise. Each keeps its `webhook-id` and has the whole schedule "
        f"before it again. At most {MAX_REDELIVERED:,} in one call.",
        request=RangeIn,
        responses={202: RedeliveredOut},
        examples=[
            OpenApiExample(
                "What died during an outage",
                {"since": "2026-11-21T08:00:00Z", "until": "2026-11-21T12:00:00Z"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, endpoint_id: str) -> Response:
        wanted = self.body(RangeIn, optional=True)
        events = WebhookEvent.objects.filter(endpoint=self.endpoint(endpoint_id), status=wanted.status)
        if wanted.since:
            events = events.filter(created_at__gte=wanted.since)
        if wanted.until:
            events = events.filter(created_at__lt=wanted.until)
        if events.order_by()[: MAX_REDELIVERED + 1].count() > MAX_REDELIVERED:
            raise Problem("too_many_items", f"These are more than {MAX_REDELIVERED:,} events. Narrow the range.")
        counts = redeliver(events=events, actor=self.principal.actor)
        return Response(RedeliveredOut(redelivered=counts.total()), status=202)


class EventView(PlatformView):
    """What the views of one event share. An event outlives its endpoint: it is part of the record."""

    def event(self, event_id: str) -> WebhookEvent:
        """Raises Problem ``not_found``."""
        rows = WebhookEvent.objects.filter(endpoint__client_id=self.principal.client_id).select_related("endpoint")
        if "\x00" in event_id or (found := rows.filter(message_id=event_id).first()) is None:
            raise Problem("not_found")
        return found


class WebhookEventDetail(EventView):
    """/api/v1/webhook-events/{id}."""

    scopes = {"GET": Scope.WEBHOOKS_READ}

    @extend_schema(
        operation_id="getWebhookEvent",
        tags=TAG,
        summary="One event with every attempt to deliver it",
        responses=EventDetailOut,
    )
    def get(self, request: Request, event_id: str) -> Response:
        event = self.event(event_id)
        newest = event.deliveries.order_by("-id")[:SHOWN_DELIVERIES]
        deliveries = [DeliveryOut.of(row) for row in newest]
        return Response(EventDetailOut.of(event, payload=event.payload, deliveries=deliveries))


class RedeliverEvent(EventView):
    """/api/v1/webhook-events/{id}/redeliver."""

    scopes = {"POST": Scope.WEBHOOKS_WRITE}

    @extend_schema(
        operation_id="redeliverWebhookEvent",
        tags=TAG,
        summary="Send one event again",
        request=None,
        responses={202: RedeliveredOut},
    )
    def post(self, request: Request, event_id: str) -> Response:
        event = self.event(event_id)
        if event.endpoint.deleted_at:
            raise Problem("conflict", "Its endpoint was deleted.")
        count = redeliver(events=WebhookEvent.objects.filter(pk=event.pk), actor=self.principal.actor).total()
        if not count:
            raise Problem("conflict", "It is being sent at this moment.")
        return Response(RedeliveredOut(redelivered=count), status=202)
