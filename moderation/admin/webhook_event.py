"""What was told to platforms: the outbox of events, every attempt to deliver one, and the button to send it again."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from moderation.admin import cells
from moderation.admin.base import ReadOnlyFactAdmin
from moderation.admin.sections import Section, section_of
from moderation.audit import user_actor
from moderation.models import Content, WebhookDelivery, WebhookEvent
from moderation.webhooks.redelivery import redeliver


@admin.register(WebhookEvent)
class WebhookEventAdmin(ReadOnlyFactAdmin):
    change_form_template = "admin/moderation/webhookevent/change_form.html"
    list_display = ("message_id", "type", "shown_endpoint", "shown_content", "status", "attempts", "created_at")
    list_filter = ("status", "type", "endpoint__client")
    list_select_related = ("endpoint", "content")
    list_defer = ("payload", "content__text", "content__metadata", "endpoint__secret", "endpoint__previous_secret")
    ordering = ("-id",)
    search_fields = ("message_id",)
    search_help_text = _("A message id (webhook-id), or a content's external id.")
    actions = ("redeliver_events",)  # type: ignore[assignment]  # facts have none, but these can be sent again
    fields = (
        "message_id", "type", "shown_endpoint", "shown_content", "status", "attempts", "refusals",
        "next_attempt_at", "expires_at", "created_at", "finished_at", "shown_payload",
    )  # fmt: skip
    readonly_fields = fields

    def has_redeliver_permission(self, request: HttpRequest) -> bool:
        """The fact itself cannot be changed; sending it again is what this permission is for."""
        return request.user.has_perm("moderation.change_webhookevent")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEvent]:
        return super().get_queryset(request).select_related("endpoint", "content").defer("content__text")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[WebhookEvent], search_term: str
    ) -> tuple[QuerySet[WebhookEvent], bool]:
        """Exact matches, one index each: the table may hold millions."""
        if not (term := search_term.strip()):
            return queryset, False
        if term.startswith("msg_"):
            return queryset.filter(message_id=term), False
        return queryset.filter(content__in=Content.objects.filter(external_id=term)), False

    def get_sections(self, request: HttpRequest, row: WebhookEvent) -> Iterable[Section]:
        def of(delivery: WebhookDelivery) -> list[Any]:
            return [
                delivery.attempt,
                cells.moment(delivery.created_at),
                delivery.status_code or cells.NOTHING,
                cells.foreign(delivery.error, 300),
                cells.milliseconds(delivery.duration_ms),
            ]

        headings = (gettext("Attempt"), gettext("When"), gettext("Status"), gettext("Error"), gettext("Took"))
        yield section_of(gettext("Deliveries"), headings, row.deliveries.order_by("-id"), of)

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        return {"may_redeliver": self.has_redeliver_permission(request)}

    def get_urls(self) -> list[URLPattern]:
        view = require_POST(self.admin_site.admin_view(self.redeliver_view))
        return [
            path("<int:event_id>/redeliver/", view, name="moderation_webhookevent_redeliver"),
            *super().get_urls(),
        ]

    def redeliver_view(self, request: HttpRequest, event_id: int) -> HttpResponse:
        """POST: the button on an event's own page."""
        if not self.has_redeliver_permission(request):
            raise PermissionDenied
        self.redeliver_events(request, WebhookEvent.objects.filter(pk=event_id))
        return HttpResponseRedirect(reverse("admin:moderation_webhookevent_change", args=[event_id]))

    @admin.action(description=_("Redeliver the selected events"), permissions=["redeliver"])
    def redeliver_events(self, request: HttpRequest, queryset: QuerySet[WebhookEvent]) -> None:
        chosen = WebhookEvent.objects.filter(pk__in=queryset.order_by().values("pk"))
        counts = redeliver(events=chosen, actor=user_actor(request.user))
        count = counts.total()
        text = gettext("Events to deliver again: %(number)d.") % {"number": count}
        self.message_user(request, text, messages.SUCCESS if count else messages.WARNING)

    @admin.display(description=_("endpoint"))
    def shown_endpoint(self, row: WebhookEvent) -> str | SafeString:
        return cells.foreign(row.endpoint.url)

    @admin.display(description=_("content"))
    def shown_content(self, row: WebhookEvent) -> str | SafeString:
        return cells.foreign(row.content.external_id) if row.content else cells.NOTHING

    @admin.display(description=_("payload"))
    def shown_payload(self, row: WebhookEvent) -> str | SafeString:
        return cells.document(row.payload)


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyFactAdmin):
    list_display = ("created_at", "shown_event", "attempt", "status_code", "shown_error", "duration_ms")
    list_filter = ("status_code",)
    list_select_related = ("event",)
    list_defer = ("event__payload",)
    ordering = ("-id",)
    search_fields = ("event__message_id__exact",)
    fields = ("shown_event", "attempt", "status_code", "shown_error", "duration_ms", "created_at")
    readonly_fields = fields

    @admin.display(description=_("event"))
    def shown_event(self, row: WebhookDelivery) -> str | SafeString:
        return cells.link_to(row.event)

    @admin.display(description=_("error"))
    def shown_error(self, row: WebhookDelivery) -> str | SafeString:
        return cells.foreign(row.error, 300)
