"""Where platforms are told: endpoints, each with a secret that is shown once and shown nowhere else."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop as N_
from django.views.decorators.http import require_POST

from moderation.admin import cells
from moderation.admin.base import AuditedAdmin
from moderation.admin.names import in_words
from moderation.admin.sections import Section, section_of
from moderation.audit import user_actor
from moderation.enums import TOLD_EVENTS, EventType
from moderation.models import ApiClient, WebhookEndpoint, WebhookEvent
from moderation.outbound.guard import UnsafeUrl
from moderation.webhooks.endpoints import (
    MAX_ENDPOINTS,
    change_endpoint,
    check_endpoint_url,
    create_endpoint,
    disable_endpoint,
    enable_endpoint,
    rotate_secret,
    send_test,
)

# How far a message of its table is, for the translators to find.
_STATUSES = (N_("pending"), N_("delivered"), N_("dead"))


class WebhookEndpointForm(forms.ModelForm):
    """Where to tell what. The secret is made by us and never typed."""

    event_types = forms.MultipleChoiceField(
        label=_("Event types"),
        choices=in_words((kind.value, kind.label) for kind in TOLD_EVENTS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None ticked: every event."),
    )

    class Meta:
        model = WebhookEndpoint
        fields = ("client", "url", "event_types")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if "url" in self.changed_data:
            try:
                check_endpoint_url(url)
            except UnsafeUrl as error:
                raise forms.ValidationError(error.for_operators) from error
        return url

    def clean_client(self) -> ApiClient:
        client: ApiClient = self.cleaned_data["client"]
        if client.webhook_endpoints.filter(deleted_at=None).count() >= MAX_ENDPOINTS:
            text = _("It has %(number)d endpoints, as many as a client may have.")
            raise forms.ValidationError(text, params={"number": MAX_ENDPOINTS})
        return client


@admin.register(WebhookEndpoint)
class WebhookEndpointAdmin(AuditedAdmin):
    change_form_template = "admin/moderation/webhookendpoint/change_form.html"
    form = WebhookEndpointForm
    list_display = ("shown_url", "client", "shown_types", "shown_state", "created_at")
    list_filter = ("client", ("disabled_at", admin.EmptyFieldListFilter))
    list_select_related = ("client",)
    list_defer = ("secret", "previous_secret")
    ordering = ("-id",)
    search_fields = ("url", "client__name", "public_id__exact")
    actions = ("disable_endpoints", "enable_endpoints")

    facts = ("public_id", "shown_state", "disabled_reason", "retry_at", "previous_secret_until", "created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEndpoint]:
        return super().get_queryset(request).select_related("client")

    def get_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> tuple[str, ...]:
        return ("client", "url", "event_types", *(self.facts if obj else ()))

    def get_readonly_fields(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> tuple[str, ...]:
        return ("client", *self.facts) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> bool:
        """One that its client has deleted is a record."""
        return super().has_change_permission(request, obj) and not (obj and obj.deleted_at)

    def has_delete_permission(self, request: HttpRequest, obj: WebhookEndpoint | None = None) -> bool:
        """An endpoint is disabled, not deleted: its events and deliveries are facts."""
        return False

    def get_sections(self, request: HttpRequest, row: WebhookEndpoint) -> Iterable[Section]:
        if request.user.has_perm("moderation.view_webhookevent"):
            yield _newest_events(row)

    def save_model(self, request: HttpRequest, obj: WebhookEndpoint, form: Any, change: bool) -> None:
        """The API's own writers, which change no more than the form did: a delivery may be writing the rest."""
        actor = user_actor(request.user)
        chosen = [EventType(kind) for kind in form.cleaned_data["event_types"]]
        if change:
            change_endpoint(endpoint=obj, url=obj.url, event_types=chosen, actor=actor)
            return
        made = create_endpoint(client=obj.client, url=obj.url, event_types=chosen, actor=actor)
        obj.pk, obj.public_id, obj.secret = made.pk, made.public_id, made.secret

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The writers have written the audit entries."""
        admin.ModelAdmin.save_related(self, request, form, formsets, change)

    def response_add(
        self, request: HttpRequest, obj: WebhookEndpoint, post_url_continue: str | None = None
    ) -> HttpResponse:
        return self._secret_page(request, obj, gettext("Webhook endpoint added"))

    def _secret_page(self, request: HttpRequest, endpoint: WebhookEndpoint, title: str) -> HttpResponse:
        """Shows the secret in the answer itself: no session, message or address ever holds it."""
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title, "endpoint": endpoint}
        response = TemplateResponse(request, "admin/moderation/webhookendpoint/secret.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def get_urls(self) -> list[URLPattern]:
        rotate = require_POST(self.admin_site.admin_view(self.rotate_view))
        test = require_POST(self.admin_site.admin_view(self.test_view))
        return [
            path("<int:endpoint_id>/rotate-secret/", rotate, name="moderation_webhookendpoint_rotate_secret"),
            path("<int:endpoint_id>/test/", test, name="moderation_webhookendpoint_test"),
            *super().get_urls(),
        ]

    def rotate_view(self, request: HttpRequest, endpoint_id: int) -> HttpResponse:
        """POST: the button on an endpoint's own page."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        endpoint = get_object_or_404(WebhookEndpoint, pk=endpoint_id, deleted_at=None)
        rotate_secret(endpoint=endpoint, actor=user_actor(request.user))
        return self._secret_page(request, endpoint, gettext("Webhook secret rotated"))

    def test_view(self, request: HttpRequest, endpoint_id: int) -> HttpResponse:
        """POST: sends a test event, and leads to it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        endpoint = get_object_or_404(WebhookEndpoint, pk=endpoint_id, disabled_at=None)
        event = send_test(endpoint=endpoint, actor=user_actor(request.user))
        self.message_user(request, _("A test event is being sent. Its deliveries stand on this page."))
        return HttpResponseRedirect(reverse("admin:moderation_webhookevent_change", args=[event.pk]))

    @admin.action(description=_("Disable the selected endpoints"), permissions=["change"])
    def disable_endpoints(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        actor = user_actor(request.user)
        count = sum(disable_endpoint(endpoint=row, reason=f"Disabled by {actor}.", actor=actor) for row in queryset)
        text = gettext("Endpoints disabled: %(number)d. Their waiting events are held.")
        self.message_user(request, text % {"number": count})

    @admin.action(description=_("Enable the selected endpoints"), permissions=["change"])
    def enable_endpoints(self, request: HttpRequest, queryset: QuerySet[WebhookEndpoint]) -> None:
        actor = user_actor(request.user)
        count = sum(enable_endpoint(endpoint=row, actor=actor) for row in queryset)
        text = gettext("Endpoints enabled: %(number)d. Their waiting events are being sent.")
        self.message_user(request, text % {"number": count})

    @admin.display(description=_("URL"), ordering="url")
    def shown_url(self, row: WebhookEndpoint) -> str | SafeString:
        return cells.foreign(row.url)

    @admin.display(description=_("events"))
    def shown_types(self, row: WebhookEndpoint) -> str | SafeString:
        return cells.listing(row.event_types) if row.event_types else gettext("all")

    @admin.display(description=_("state"))
    def shown_state(self, row: WebhookEndpoint) -> str:
        return _state(row)


def _state(endpoint: WebhookEndpoint) -> str:
    """Enabled, failing, disabled or deleted, in words."""
    if endpoint.deleted_at:
        return gettext("deleted")
    if endpoint.disabled_at:
        return gettext("disabled")
    if endpoint.retry_at and endpoint.retry_at > timezone.now():
        return gettext("failing, %(number)s times in a row") % {"number": endpoint.failures_in_a_row}
    return gettext("enabled")


def _newest_events(endpoint: WebhookEndpoint) -> Section:
    def of(event: WebhookEvent) -> list[Any]:
        return [cells.link_to(event), event.type, gettext(event.status), event.attempts, cells.age(event.created_at)]

    headings = (gettext("Event"), gettext("Type"), gettext("Status"), gettext("Attempts"), gettext("Written"))
    return section_of(gettext("Newest events"), headings, endpoint.events.defer("payload").order_by("-id"), of)
