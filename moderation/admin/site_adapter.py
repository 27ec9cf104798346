"""Site adapters: what each training found, and the choice of the one in force."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.admin import cells
from moderation.admin.base import ReadOnlyFactAdmin
from moderation.admin.categories import category_title
from moderation.admin.sections import Section
from moderation.audit import user_actor
from moderation.models import SiteAdapter
from moderation.site_adapter.activation import AdapterError, activate_adapter, deactivate_adapter
from moderation.site_adapter.staleness import base_version

HEADINGS = (
    _("Category"), _("In use"), _("Rejected"), _("Approved"), _("AUPRC: base"), _("adapter"), _("Brier: base"),
    _("adapter"), _("Rejected found: base"), _("adapter"), _("Approved spared: base"), _("adapter"),
    _("Alarms in background: base"), _("adapter"),
)  # fmt: skip


TITLES = {"activate": _("Activate %(adapter)s?"), "deactivate": _("Deactivate %(adapter)s?")}
TURNED = {"activate": _("Version %(number)s was activated."), "deactivate": _("Version %(number)s was deactivated.")}


@admin.register(SiteAdapter)
class SiteAdapterAdmin(ReadOnlyFactAdmin):
    change_form_template = "admin/moderation/siteadapter/change_form.html"
    list_display = ("__str__", "shown_state", "shown_categories", "trained_by", "created_at")
    list_defer = ("report",)
    ordering = ("-number",)
    fields = ("number", "shown_state", "shown_categories", ("trained_by", "created_at"), "base_version")

    def get_urls(self) -> list[URLPattern]:
        turn = self.admin_site.admin_view(self.turn_view)
        routes = [
            path(f"<int:adapter_id>/{verb}/", turn, {"verb": verb}, name=f"moderation_siteadapter_{verb}")
            for verb in ("activate", "deactivate")
        ]
        return [*routes, *super().get_urls()]

    def get_sections(self, request: HttpRequest, row: SiteAdapter) -> Iterable[Section]:
        note = gettext("Each score is of a head that was not fitted on the example. Found: .5 or more; spared: below.")
        headings = [str(heading) for heading in HEADINGS]
        measured = [_measured(line) for line in row.report]
        yield Section(gettext("Measured on held-out decisions"), headings, measured, note)
        why = [[category_title(line["category"]), _why(line), _leaning(line)] for line in row.report]
        headings = [gettext("Category"), gettext("Outcome"), gettext("The correction comes from")]
        yield Section(gettext("Why"), headings, why)

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        if not request.user.has_perm("moderation.change_siteadapter"):
            return {}
        usable = bool(row.heads) and row.base_version == base_version()
        return {"verb": "deactivate" if row.is_active else "activate" if usable else ""}

    def turn_view(self, request: HttpRequest, adapter_id: int, verb: str) -> HttpResponse:
        """GET asks whether it is meant, POST puts the version in force or out of it."""
        if not request.user.has_perm("moderation.change_siteadapter"):
            raise PermissionDenied
        adapter = get_object_or_404(SiteAdapter, pk=adapter_id)
        if request.method == "POST":
            self._turn(request, adapter, verb)
            return HttpResponseRedirect(reverse("admin:moderation_siteadapter_change", args=[adapter.pk]))
        context = {
            **self.admin_site.each_context(request),
            "title": TITLES[verb] % {"adapter": adapter},
            "opts": self.opts,
            "adapter": adapter,
            "verb": verb,
            "categories": ", ".join(_categories(adapter)),
            "in_force": SiteAdapter.objects.filter(is_active=True).exclude(pk=adapter.pk).first(),
        }
        return TemplateResponse(request, "admin/moderation/siteadapter/confirm.html", context)

    def _turn(self, request: HttpRequest, adapter: SiteAdapter, verb: str) -> None:
        actor = user_actor(request.user)
        try:
            if verb == "activate":
                activate_adapter(adapter=adapter, base_version=base_version(), actor=actor)
            else:
                deactivate_adapter(adapter=adapter, actor=actor)
        except AdapterError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, TURNED[verb] % {"number": adapter.number}, messages.SUCCESS)

    @admin.display(description=_("state"))
    def shown_state(self, row: SiteAdapter) -> str:
        stale = row.base_version != base_version()
        if row.is_active:
            unused = gettext("in force, but not used: made for another text model")
            return unused if stale else gettext("in force")
        return gettext("made for another text model") if stale else gettext("not in force")

    @admin.display(description=_("categories that won"))
    def shown_categories(self, row: SiteAdapter) -> str:
        return ", ".join(_categories(row)) or gettext("none")


def _categories(row: SiteAdapter) -> list[str]:
    return [category_title(head["category"]) for head in row.heads]


def _measured(line: dict[str, Any]) -> list[object]:
    counts = [
        category_title(line["category"]),
        gettext("adapter") if line["won"] else gettext("base"),
        line["positives"],
        line["negatives"],
    ]
    if "auprc" not in line:
        return [*counts, *[cells.NOTHING] * (len(HEADINGS) - len(counts))]
    alarms = [f"{cells.decimal(100 * share, 1)}%" for share in line["alarms"] or ()] or [cells.NOTHING] * 2
    pairs = [cells.decimal(value, 3) for value in (*line["auprc"], *line["brier"][:2])]
    return [*counts, *pairs, *line["caught"], *line["spared"], *alarms]


def _why(line: dict[str, Any]) -> str:
    if not line["won"]:
        return gettext("base: %(reason)s") % {"reason": line["reason"]}
    return "".join(
        (
            gettext("adapter: better on held-out decisions"),
            gettext(", where the transformer reads every text") if line["everywhere"] else "",
            gettext(" (kept from version %(number)s)") % {"number": line["kept_from"]} if "kept_from" in line else "",
        )
    )


def _leaning(line: dict[str, Any]) -> str:
    if "leans_on" not in line:
        return cells.NOTHING
    leans = ", ".join(f"{name} {effect:+.2f}" for name, effect in line["leans_on"].items())
    return gettext("wording %(share)s; the transformer's own categories: %(leans)s") % {
        "share": f"{line['wording']:.0%}",
        "leans": leans,
    }
