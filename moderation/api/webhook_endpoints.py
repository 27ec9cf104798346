"""Webhook endpoints, managed by the client whose they are."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.errors import Problem
from moderation.api.platform import PlatformView, etag_of
from moderation.api.webhook_shapes import (
    EndpointChange,
    EndpointIn,
    EndpointOut,
    EndpointPage,
    EndpointSecretOut,
    RotationIn,
    SentTestOut,
)
from moderation.enums import Scope
from moderation.ingest.schemas import Strict
from moderation.models import ApiClient, WebhookEndpoint
from moderation.webhooks.endpoints import (
    MAX_ENDPOINTS,
    TooManyEndpoints,
    change_endpoint,
    create_endpoint,
    delete_endpoint,
    disable_endpoint,
    enable_endpoint,
    rotate_secret,
    send_test,
)

TAG = ["webhooks"]
ONCE = {"Cache-Control": "no-store"}
BY_API = "Disabled through the API."


class EndpointView(PlatformView):
    """What the views of endpoints share: the caller's own, without those that were deleted."""

    def endpoints(self) -> QuerySet[WebhookEndpoint]:
        return WebhookEndpoint.objects.filter(client_id=self.principal.client_id, deleted_at=None)

    def endpoint(self, endpoint_id: str, *, locked: bool = False) -> WebhookEndpoint:
        """Raises Problem ``not_found``."""
        rows = self.endpoints().select_for_update(no_key=True) if locked else self.endpoints()
        if "\x00" in endpoint_id or (found := rows.filter(public_id=endpoint_id).first()) is None:
            raise Problem("not_found")
        return found


class WebhookEndpoints(EndpointView):
    """/api/v1/webhook-endpoints."""

    scopes = {"GET": Scope.WEBHOOKS_READ, "POST": Scope.WEBHOOKS_WRITE}
    shows_secret = True

    @extend_schema(
        operation_id="listWebhookEndpoints", tags=TAG, summary="Webhook endpoints, newest first", responses=EndpointPage
    )
    def get(self, request: Request) -> Response:
        self.query(Strict)
        return self.page(self.endpoints(), lambda rows: [EndpointOut.of(row) for row in rows])

    @extend_schema(
        operation_id="createWebhookEndpoint",
        tags=TAG,
        summary="Add a webhook endpoint",
        description="Its secret is in this answer and nowhere else. It hears of what happens from now on.",
        request=EndpointIn,
        responses={201: EndpointSecretOut},
        examples=[
            OpenApiExample(
                "Hear of rejections",
                {"url": "https://example.com/hook", "event_types": ["content.rejected"]},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        wanted = self.body(EndpointIn)
        client = ApiClient.objects.get(pk=self.principal.client_id)
        try:
            made = create_endpoint(
                client=client, url=wanted.url, event_types=wanted.types(), actor=self.principal.actor
            )
        except TooManyEndpoints as error:
            raise Problem("conflict", f"You have {MAX_ENDPOINTS} endpoints. Delete one first.") from error
        headers = {**ONCE, "Location": f"{request.path}/{made.public_id}", "ETag": etag_of(EndpointOut.of(made))}
        return Response(EndpointSecretOut.of(made, secret=made.secret), status=201, headers=headers)


class WebhookEndpointDetail(EndpointView):
    """/api/v1/webhook-endpoints/{id}."""

    scopes = {"GET": Scope.WEBHOOKS_READ, "PATCH": Scope.WEBHOOKS_WRITE, "DELETE": Scope.WEBHOOKS_WRITE}

    @extend_schema(operation_id="getWebhookEndpoint", tags=TAG, summary="One webhook endpoint", responses=EndpointOut)
    def get(self, request: Request, endpoint_id: str) -> Response:
        return self.tagged(EndpointOut.of(self.endpoint(endpoint_id)))

    @extend_schema(
        operation_id="changeWebhookEndpoint",
        tags=TAG,
        summary="Change, disable or enable a webhook endpoint",
        description="A disabled endpoint gets no new events; those that wait are held, and dead after three days.",
        request=EndpointChange,
        responses=EndpointOut,
        examples=[OpenApiExample("Hold everything", {"enabled": False}, request_only=True)],
    )
    @transaction.atomic
    def patch(self, request: Request, endpoint_id: str) -> Response:
        wanted = self.body(EndpointChange)
        endpoint = self.endpoint(endpoint_id, locked=True)
        self.require_match(EndpointOut.of(endpoint))
        actor = self.principal.actor
        change_endpoint(endpoint=endpoint, url=wanted.url, event_types=wanted.types(), actor=actor)
        if wanted.enabled is True:
            enable_endpoint(endpoint=endpoint, actor=actor)
        elif wanted.enabled is False:
            disable_endpoint(endpoint=endpoint, reason=BY_API, actor=actor)
        return self.tagged(EndpointOut.of(self.endpoint(endpoint_id)))

    @extend_schema(
        operation_id="deleteWebhookEndpoint",
        tags=TAG,
        summary="Delete a webhook endpoint",
        description="What waits for it is dead at once. What was sent to it stays readable by the ids of the events.",
        responses={204: None},
    )
    @transaction.atomic
    def delete(self, request: Request, endpoint_id: str) -> Response:
        endpoint = self.endpoint(endpoint_id, locked=True)
        self.require_match(EndpointOut.of(endpoint))
        delete_endpoint(endpoint=endpoint, reason="Deleted through the API.", actor=self.principal.actor)
        return Response(status=204)


class RotateSecret(EndpointView):
    """/api/v1/webhook-endpoints/{id}/rotate-secret."""

    scopes = {"POST": Scope.WEBHOOKS_WRITE}
    shows_secret = True

    @extend_schema(
        operation_id="rotateWebhookSecret",
        tags=TAG,
        summary="Give a webhook endpoint a new secret",
        description="The new secret is in this answer and nowhere else. Until `previous_secret_until` every message is "
        "signed with both, so that you can change yours at leisure.",
        request=RotationIn,
        responses=EndpointSecretOut,
    )
    @transaction.atomic
    def post(self, request: Request, endpoint_id: str) -> Response:
        overlap = timedelta(seconds=self.body(RotationIn, optional=True).overlap_seconds)
        endpoint = self.endpoint(endpoint_id, locked=True)
        secret = rotate_secret(endpoint=endpoint, actor=self.principal.actor, overlap=overlap)
        headers = {**ONCE, "ETag": etag_of(EndpointOut.of(endpoint))}
        return Response(EndpointSecretOut.of(endpoint, secret=secret), headers=headers)


class TestEndpoint(EndpointView):
    """/api/v1/webhook-endpoints/{id}/test."""

    scopes = {"POST": Scope.WEBHOOKS_WRITE}

    @extend_schema(
        operation_id="testWebhookEndpoint",
        tags=TAG,
        summary="Send a test event to a webhook endpoint",
        description="An event `endpoint.test`, signed, sent and retried as any other. It waits for no other event.",
        request=None,
        responses={202: SentTestOut},
    )
    @transaction.atomic
    def post(self, request: Request, endpoint_id: str) -> Response:
        endpoint = self.endpoint(endpoint_id, locked=True)
        if endpoint.disabled_at:
            raise Problem("conflict", "The endpoint is disabled. Enable it first.")
        event = send_test(endpoint=endpoint, actor=self.principal.actor)
        headers: dict[str, Any] = {"Location": f"/api/v1/webhook-events/{event.message_id}"}
        return Response(SentTestOut(id=event.message_id), status=202, headers=headers)
