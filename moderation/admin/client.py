"""Platforms and their keys: a key is shown once, on the page after it was issued, and kept nowhere."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from moderation.admin import cells
from moderation.admin.base import AuditedAdmin
from moderation.admin.names import in_words
from moderation.admin.sections import Section, section_of
from moderation.audit import user_actor
from moderation.enums import Scope
from moderation.keys import CHANGEABLE, KeyEnded, change_key, ends_by, issue_key, revoke_key, rotate_key
from moderation.models import ApiClient, ApiKey
from moderation.models.client import EXPIRY_WARNING, validate_network


@admin.register(ApiClient)
class ApiClientAdmin(AuditedAdmin):
    list_display = ("name", "is_active", "policy", "created_at")
    list_filter = ("is_active",)
    list_select_related = ("policy",)
    ordering = ("name",)
    search_fields = ("name",)
    fields = ("name", "is_active", "policy", "created_at")
    readonly_fields = ("created_at",)

    def has_delete_permission(self, request: HttpRequest, obj: ApiClient | None = None) -> bool:
        """A platform is switched off, not deleted: its contents and decisions stay."""
        return False

    def get_sections(self, request: HttpRequest, row: ApiClient) -> Iterable[Section]:
        if not request.user.has_perm("moderation.view_apikey"):
            return

        def of(key: ApiKey) -> list[Any]:
            return [
                cells.link_to(key),
                key.name,
                cells.listing(key.scopes),
                _state(key),
                cells.moment(key.created_at),
                cells.age(key.last_used_at),
            ]

        headings = (
            gettext("Key"),
            gettext("Name"),
            gettext("Scopes"),
            gettext("State"),
            gettext("Issued"),
            gettext("Last used"),
        )
        yield section_of(gettext("Keys"), headings, row.keys.defer("digest").order_by("-id"), of)


def _state(key: ApiKey) -> str:
    if key.revoked_at:
        return gettext("revoked")
    if key.expires_at is None:
        return gettext("usable")
    left = key.expires_at - timezone.now()
    if left <= timedelta(0):
        return gettext("expired")
    ending = gettext("usable, ends in %(days)s days") % {"days": left.days}
    return ending if left <= EXPIRY_WARNING else gettext("usable")


class ApiKeyForm(forms.ModelForm):
    """What may be said of a key. The key itself is made by us and never typed."""

    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=in_words(Scope.choices), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = ApiKey
        fields = ("client", "name", "scopes", "rate_limit_requests", "allowed_networks", "expires_at")

    def clean_allowed_networks(self) -> Any:
        """Django's list field loses the words of a validator, so it is asked here."""
        for network in self.cleaned_data["allowed_networks"]:
            validate_network(network)
        return self.cleaned_data["allowed_networks"]

    def clean_expires_at(self) -> Any:
        expires_at = self.cleaned_data["expires_at"]
        if expires_at and "expires_at" in self.changed_data and expires_at <= timezone.now():
            text = _("This time has passed. Give a later one, or none for a key that stays valid.")
            raise forms.ValidationError(text)
        if self.instance.rotated_at and not ends_by(expires_at, self.instance.expires_at):
            raise forms.ValidationError(_("Another key is in its place: it can end sooner, and no later."))
        return expires_at


@admin.register(ApiKey)
class ApiKeyAdmin(AuditedAdmin):
    change_form_template = "admin/moderation/apikey/change_form.html"
    form = ApiKeyForm
    list_display = (
        "prefix",
        "name",
        "client",
        "shown_scopes",
        "shown_state",
        "rate_limit_requests",
        "created_at",
        "shown_use",
    )
    list_filter = ("client",)
    list_select_related = ("client",)
    ordering = ("-id",)
    search_fields = ("prefix__startswith", "name")
    actions = ("revoke_keys",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiKey]:
        return super().get_queryset(request).select_related("client").defer("digest")

    def get_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        facts = ("prefix", "shown_state", "created_at", "rotated_at", "revoked_at", "last_used_at") if obj else ()
        return ("client", "name", "scopes", "rate_limit_requests", "allowed_networks", "expires_at", *facts)

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        facts = ("prefix", "shown_state", "created_at", "rotated_at", "revoked_at", "last_used_at")
        return ("client", *facts) if obj else facts

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """A key is revoked, not deleted: the audit trail names it."""
        return False

    def save_model(self, request: Any, obj: ApiKey, form: Any, change: bool) -> None:
        """The API's own writers."""
        said = {name: form.cleaned_data[name] for name in CHANGEABLE}
        if change:
            change_key(key=obj, actor=user_actor(request.user), changes=said)
            return
        issued = issue_key(client=obj.client, actor=user_actor(request.user), **said)
        request.issued_key = issued.key
        obj.pk, obj.prefix, obj.created_at = issued.row.pk, issued.row.prefix, issued.row.created_at

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The writers have written the audit entries."""
        admin.ModelAdmin.save_related(self, request, form, formsets, change)

    def response_add(self, request: Any, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """Shows the key in the answer itself: no session, message or address ever holds it."""
        return self._key_page(request, obj, request.issued_key, gettext("API key issued"))

    def _key_page(self, request: HttpRequest, row: ApiKey, key: str, title: str) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": title}
        context |= {"issued_key": key, "api_key": row}
        response = TemplateResponse(request, "admin/moderation/apikey/issued.html", context)
        response["Cache-Control"] = "no-store"
        return response

    def get_urls(self) -> list[URLPattern]:
        revoke = require_POST(self.admin_site.admin_view(self.revoke_view))
        rotate = require_POST(self.admin_site.admin_view(self.rotate_view))
        return [
            path("<int:key_id>/revoke/", revoke, name="moderation_apikey_revoke"),
            path("<int:key_id>/rotate/", rotate, name="moderation_apikey_rotate"),
            *super().get_urls(),
        ]

    def revoke_view(self, request: HttpRequest, key_id: int) -> HttpResponse:
        """POST: the button on a key's own page."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        self.revoke_keys(request, ApiKey.objects.filter(pk=key_id))
        return HttpResponseRedirect(reverse("admin:moderation_apikey_changelist"))

    def rotate_view(self, request: HttpRequest, key_id: int) -> HttpResponse:
        """POST: shows the key that takes its place; the old one works for another day."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        old = get_object_or_404(ApiKey, pk=key_id)
        try:
            issued = rotate_key(key=old, actor=user_actor(request.user))
        except KeyEnded:
            self.message_user(request, _("It was rotated or revoked before, or has expired."), messages.WARNING)
            return HttpResponseRedirect(reverse("admin:moderation_apikey_change", args=[key_id]))
        return self._key_page(request, issued.row, issued.key, gettext("API key rotated"))

    @admin.action(description=_("Revoke the selected keys"), permissions=["change"])
    def revoke_keys(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        actor = user_actor(request.user)
        count = sum(revoke_key(key=key, actor=actor) for key in queryset)
        text = gettext("Keys revoked: %(number)d.") % {"number": count}
        self.message_user(request, text, messages.SUCCESS if count else messages.WARNING)

    @admin.display(description=_("scopes"))
    def shown_scopes(self, row: ApiKey) -> str:
        return cells.listing(row.scopes)

    @admin.display(description=_("state"))
    def shown_state(self, row: ApiKey) -> str:
        return _state(row)

    @admin.display(description=_("last used"), ordering="last_used_at")
    def shown_use(self, row: ApiKey) -> str:
        return cells.age(row.last_used_at)
