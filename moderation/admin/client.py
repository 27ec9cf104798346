"""Platforms and their keys: a key is shown once, on the page after it was issued, and kept nowhere."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from moderation.admin import cells
from moderation.admin.base import AuditedAdmin, record_admin_act
from moderation.admin.sections import Section, section_of
from moderation.enums import Scope
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

        headings = ("Key", "Name", "Scopes", "State", "Issued", "Last used")
        yield section_of("Keys", headings, row.keys.defer("digest").order_by("-id"), of)


def _state(key: ApiKey) -> str:
    if key.revoked_at:
        return "revoked"
    if key.expires_at is None:
        return "usable"
    left = key.expires_at - timezone.now()
    if left <= timedelta(0):
        return "expired"
    return f"usable, ends in {left.days} days" if left <= EXPIRY_WARNING else "usable"


class ApiKeyForm(forms.ModelForm):
    """What may be said of a key. The key itself is made by ``ApiKey.issue`` and never typed."""

    scopes = forms.MultipleChoiceField(choices=Scope.choices, widget=forms.CheckboxSelectMultiple)

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
            raise forms.ValidationError("This time has passed. Give a later one, or none for a key that stays valid.")
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
        facts = ("prefix", "shown_state", "created_at", "revoked_at", "last_used_at") if obj else ()
        return ("client", "name", "scopes", "rate_limit_requests", "allowed_networks", "expires_at", *facts)

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> tuple[str, ...]:
        facts = ("prefix", "shown_state", "created_at", "revoked_at", "last_used_at")
        return ("client", *facts) if obj else facts

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """A key is revoked, not deleted: the audit trail names it."""
        return False

    def save_model(self, request: Any, obj: ApiKey, form: Any, change: bool) -> None:
        if change:
            obj.save(update_fields=form.changed_data)
            return
        request.issued_key = ApiKey.issue(
            client=obj.client,
            scopes=obj.scopes,
            rate_limit_requests=obj.rate_limit_requests,
            expires_at=obj.expires_at,
            name=obj.name,
            allowed_networks=obj.allowed_networks,
        )
        stored = ApiKey.objects.get(digest=ApiKey.digest_of(request.issued_key))
        obj.pk, obj.prefix, obj.created_at = stored.pk, stored.prefix, stored.created_at

    def response_add(self, request: Any, obj: ApiKey, post_url_continue: str | None = None) -> HttpResponse:
        """Shows the key in the answer itself: no session, message or address ever holds it."""
        context = {**self.admin_site.each_context(request), "opts": self.opts, "title": "API key issued"}
        context |= {"issued_key": request.issued_key, "api_key": obj}
        return TemplateResponse(request, "admin/moderation/apikey/issued.html", context)

    def get_urls(self) -> list[URLPattern]:
        revoke = require_POST(self.admin_site.admin_view(self.revoke_view))
        return [path("<int:key_id>/revoke/", revoke, name="moderation_apikey_revoke"), *super().get_urls()]

    def revoke_view(self, request: HttpRequest, key_id: int) -> HttpResponse:
        """POST: the button on a key's own page."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        self.revoke_keys(request, ApiKey.objects.filter(pk=key_id))
        return HttpResponseRedirect(reverse("admin:moderation_apikey_changelist"))

    @admin.action(description="Revoke the selected keys", permissions=["change"])
    def revoke_keys(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        count = revoke_keys(request=request, keys=queryset)
        self.message_user(request, f"Keys revoked: {count}.", messages.SUCCESS if count else messages.WARNING)

    @admin.display(description="scopes")
    def shown_scopes(self, row: ApiKey) -> str:
        return cells.listing(row.scopes)

    @admin.display(description="state")
    def shown_state(self, row: ApiKey) -> str:
        return _state(row)

    @admin.display(description="last used", ordering="last_used_at")
    def shown_use(self, row: ApiKey) -> str:
        return cells.age(row.last_used_at)


@transaction.atomic
def revoke_keys(*, request: HttpRequest, keys: QuerySet[ApiKey]) -> int:
    """Ends the keys that are not revoked yet, with an audit entry each; answers how many."""
    revoked = 0
    for key in keys:
        if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
            record_admin_act(request, key, "revoked")
            revoked += 1
    return revoked
