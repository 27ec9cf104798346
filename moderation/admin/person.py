"""People and groups. Who is no superuser cannot make one, nor give away more than they hold themselves."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from moderation.admin import person_access
from moderation.admin.base import AuditedAdmin, person_of, record_admin_act
from moderation.admin.sections import Section

# The pages of django-otp show secrets, and what is changed there nobody records.
admin.site.unregister([User, Group, StaticDevice, TOTPDevice])


@admin.register(Group)
class AuditedGroupAdmin(AuditedAdmin, GroupAdmin):
    """What a group may do is a superuser's to change."""

    filter_horizontal = ()  # its script writes markup that assistive technology cannot read


@admin.register(User)
class AuditedUserAdmin(AuditedAdmin, UserAdmin):
    audit_secrets = ("password", "password1", "password2", "usable_password")
    list_display = ("username", "email", "first_name", "last_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    change_form_template = "admin/moderation/person/change_form.html"

    def get_urls(self) -> list[URLPattern]:
        return [*person_access.urls_of(self), *super().get_urls()]

    def get_sections(self, request: HttpRequest, row: User) -> Iterable[Section]:
        yield person_access.access_section(row)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        fixed = tuple(super().get_readonly_fields(request, obj))
        return fixed if request.user.is_superuser else (*fixed, "is_superuser", "user_permissions")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs["widget"] = forms.CheckboxSelectMultiple()
            if not request.user.is_superuser:
                kwargs["queryset"] = Group.objects.exclude(pk__in=groups_beyond(person_of(request)))
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        if obj is not None and _is_beyond(person_of(request), obj):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A person is switched off, not deleted: their decisions name them."""
        return False

    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        return super().user_change_password(request, id, form_url)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> Any:
        """Saves are recorded by save_related; a password set for another person has no other step to hook into."""
        if request.resolver_match and request.resolver_match.url_name == "auth_user_password_change":
            record_admin_act(request, obj, "password_changed")
        return super().log_change(request, obj, message)


def _is_beyond(user: User, other: User) -> bool:
    """Whether ``other`` may do something which ``user`` may not do."""
    if user.is_superuser:
        return False
    return other.is_superuser or other.groups.filter(pk__in=groups_beyond(user)).exists()


def groups_beyond(user: User) -> QuerySet[Group]:
    """The groups that may do something which ``user`` may not do."""
    held = Permission.objects.filter(Q(group__user=user) | Q(user=user))
    return Group.objects.filter(permissions__in=Permission.objects.exclude(pk__in=held.values("pk")))


def record_own_password_change(request: HttpRequest) -> Any:
    """A person changed their own password."""
    record_admin_act(request, person_of(request), "password_changed", {"own": True})
