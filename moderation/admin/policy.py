"""Policies: every version as it was written, and the choice of the one in force."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from moderation.admin import cells
from moderation.admin.base import ReadOnlyFactAdmin
from moderation.admin.sections import Section, section_of
from moderation.audit import user_actor
from moderation.in_force import activate_version
from moderation.models import Policy, PolicyVersion
from moderation.policy.faults import PolicyError
from moderation.policy.loader import load_policy
from moderation.site_names import unknown_names


def _warnings(version: PolicyVersion) -> list[str]:
    """What is odd in the document, and what it names that this site does not have."""
    try:
        policy = load_policy(version.source, name=str(version))
    except PolicyError as error:  # stored by a release that knew other words
        return [str(fault) for fault in error.faults]
    return [*map(str, policy.warnings), *unknown_names(policy).warnings()]


@admin.register(Policy)
class PolicyAdmin(ReadOnlyFactAdmin):
    list_display = ("slug", "shown_active_version")
    ordering = ("slug",)
    search_fields = ("slug",)
    fields = ("slug", "shown_active_version")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Policy]:
        rows = super().get_queryset(request).select_related("active_version__policy")
        return rows.defer("active_version__source")

    def get_sections(self, request: HttpRequest, row: Policy) -> Iterable[Section]:
        def of(version: PolicyVersion) -> list[Any]:
            state = gettext("in force") if version.pk == row.active_version_id else cells.NOTHING
            return [
                cells.link_to(version, gettext("Version %(number)s") % {"number": version.number}),
                state,
                version.created_by,
                cells.moment(version.created_at),
                version.digest[:12],
            ]

        headings = (gettext("Version"), gettext("State"), gettext("Written by"), gettext("Written"), gettext("Digest"))
        yield section_of(gettext("Versions"), headings, row.versions.defer("source").order_by("-number"), of)

    @admin.display(description=_("in force"))
    def shown_active_version(self, row: Policy) -> str:
        return cells.link_to(row.active_version)


@admin.register(PolicyVersion)
class PolicyVersionAdmin(ReadOnlyFactAdmin):
    change_form_template = "admin/moderation/policyversion/change_form.html"
    list_display = ("__str__", "shown_in_force", "created_by", "created_at")
    list_filter = ("policy",)
    list_select_related = ("policy",)
    list_defer = ("source",)
    ordering = ("-id",)
    fields = (("policy", "number"), "shown_in_force", ("created_by", "created_at"), "digest", "shown_source")

    def get_queryset(self, request: HttpRequest) -> QuerySet[PolicyVersion]:
        return super().get_queryset(request).select_related("policy")

    def get_urls(self) -> list[URLPattern]:
        activate = require_POST(self.admin_site.admin_view(self.activate_view))
        name = "moderation_policyversion_activate"
        return [path("<int:version_id>/activate/", activate, name=name), *super().get_urls()]

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        in_force = row.policy.active_version_id == row.pk
        return {"may_activate": not in_force and request.user.has_perm("moderation.change_policy")}

    def activate_view(self, request: HttpRequest, version_id: int) -> HttpResponse:
        """POST: makes this version the one in force."""
        if not request.user.has_perm("moderation.change_policy"):
            raise PermissionDenied
        version = get_object_or_404(PolicyVersion.objects.select_related("policy"), pk=version_id)
        try:
            activate_version(version=version, actor=user_actor(request.user))
        except PolicyError:  # its faults stand on its page, under "To look at"
            text = gettext("%(version)s is not put in force: it has faults.") % {"version": version}
            self.message_user(request, text, messages.ERROR)
        else:
            self.message_user(request, gettext("%(version)s is in force.") % {"version": version}, messages.SUCCESS)
            for warning in _warnings(version):
                self.message_user(request, f"{warning[0].upper()}{warning[1:]}.", messages.WARNING)
        return HttpResponseRedirect(reverse("admin:moderation_policyversion_change", args=[version.pk]))

    def get_sections(self, request: HttpRequest, row: PolicyVersion) -> Iterable[Section]:
        if found := _warnings(row):
            yield Section(gettext("To look at"), (gettext("Warning"),), [[warning] for warning in found])

    @admin.display(description=_("in force"), boolean=True)
    def shown_in_force(self, row: PolicyVersion) -> bool:
        return row.policy.active_version_id == row.pk

    @admin.display(description=_("source"))
    def shown_source(self, row: PolicyVersion) -> str:
        return cells.numbered_lines(row.source)
