"""The audit trail: searched by who, what, about what, which content, which request and when; exported, and verified."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.admin import cells
from moderation.admin.audit_form import AuditSearchForm, search_form_of
from moderation.admin.base import LeanChangeList, ReadOnlyFactAdmin
from moderation.audit import check_entries, record_audit, seal_entries, user_actor
from moderation.audit.export import CONTENT_TYPES, Format, export_lines
from moderation.audit.search import AuditQuery, find_entries, known_actions
from moderation.audit.subjects import subject_type_of
from moderation.enums import SubjectType
from moderation.models import AuditEntry

FIELDS = tuple(AuditSearchForm.base_fields)


class AuditChangeList(LeanChangeList):
    """The list under the search of its own: the form's fields are no lookups of Django's."""

    def get_filters_params(self, params: Any = None) -> dict[str, Any]:
        return {name: value for name, value in super().get_filters_params(params).items() if name not in FIELDS}

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any, Any]:
        found = super().get_queryset(request, exclude_parameters)
        form = search_form_of(request)
        if not form.is_used:
            return found
        if not form.is_valid():
            return found.none()
        return found.filter(pk__in=find_entries(form.query()).values("pk")) if found.query.where else _only(found, form)


def _only(found: QuerySet[AuditEntry], form: AuditSearchForm) -> QuerySet[AuditEntry]:
    """The search on its own, as a plain filter: a subquery would hide from PostgreSQL which index gives the order."""
    return find_entries(form.query()).order_by(*found.query.order_by).defer("data", "previous_hash", "hash")


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyFactAdmin):
    class Media:
        css = {"all": ["moderation/audit.css"]}  # noqa: RUF012 - as Django wants it

    list_tools_template = "admin/moderation/auditentry/tools.html"
    list_display = ("shown_created_at", "action", "actor", "shown_subject", "request_id", "sequence")
    list_display_links = ("shown_created_at", "action")
    list_defer = ("data", "previous_hash", "hash")
    ordering = ("-created_at", "-id")
    sortable_by = ("shown_created_at",)  # what an index can sort
    fields = (
        "shown_created_at", "action", "actor", "shown_subject", "shown_content", "shown_request", "shown_data",
        "sequence", "previous_hash", "hash", "shown_whole",
    )  # fmt: skip

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[AuditChangeList]:
        return AuditChangeList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        """``?q=review_queue:3`` leads here from the history of a row: a subject, an actor or an action."""
        term = search_term.strip()
        kind, _, name = term.partition(":")
        if not term:
            return queryset, False
        if not name:
            return queryset.filter(Q(action=term) | Q(subject_id=term)), False
        # One index finds a subject; an OR with the actor would read the whole table for it.
        about = queryset.filter(subject_type=kind, subject_id=name)
        return (about if about.exists() else queryset.filter(actor=term)), False

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """The form of our own stands where Django's would; what an address brings along is still looked for."""
        return ("subject_id",) if request.GET.get("q") else ()

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        form = search_form_of(request)
        context = {"audit_form": form, "audit_actions": known_actions(), "audit_is_used": form.is_used}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """What the search found, as a file; the export itself is in it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = search_form_of(request)
        wanted = request.POST.get("format", "")
        back = f"{reverse('admin:moderation_auditentry_changelist')}?{request.GET.urlencode()}"
        if request.method != "POST" or wanted not in list(Format) or not form.is_valid():
            if request.method == "POST":
                messages.error(request, _("Nothing was exported: mend the search first."))
            return HttpResponseRedirect(back)
        return _file(request, form.query(), Format(wanted))

    @admin.display(description=gettext_lazy("at"), ordering="created_at")
    def shown_created_at(self, row: AuditEntry) -> str:
        return cells.moment(row.created_at)

    @admin.display(description=gettext_lazy("subject"))
    def shown_subject(self, row: AuditEntry) -> str:
        return subject_link(row)

    @admin.display(description=gettext_lazy("content"))
    def shown_content(self, row: AuditEntry) -> str:
        content = row.subject_id if row.subject_type == SubjectType.CONTENT else row.data.get("content")
        return record_link(content) if content else cells.NOTHING

    @admin.display(description=gettext_lazy("request"))
    def shown_request(self, row: AuditEntry) -> str:
        if not row.request_id:
            return cells.NOTHING
        address = f"{reverse('admin:moderation_auditentry_changelist')}?request={row.request_id}"
        return format_html('<a href="{}">{}</a>', address, row.request_id)

    @admin.display(description=gettext_lazy("data"))
    def shown_data(self, row: AuditEntry) -> str:
        return cells.document(row.data)

    @admin.display(description=gettext_lazy("unchanged"))
    def shown_whole(self, row: AuditEntry) -> str:
        if row.sequence is None:
            return _("Not sealed yet: that takes a few seconds.")
        faults = check_entries([row])
        return "; ".join(breach.fault for breach in faults) or _(
            "Yes: it is what was sealed, and follows on the one before."
        )


def record_link(content_id: object) -> str:
    """A link to the page on which the whole record of a content stands."""
    return format_html('<a href="{}">{}</a>', reverse("admin:review_record", args=[content_id]), content_id)


def subject_link(entry: AuditEntry) -> str:
    """The subject, as a link where the console has a page about it."""
    name = _pages().get(entry.subject_type)
    shown = cells.foreign(f"{entry.subject_type}:{entry.subject_id}", 120)
    if not name or not entry.subject_id or entry.subject_id == "*":
        return shown
    return format_html('<a href="{}">{}</a>', reverse(name, args=[entry.subject_id]), shown)


@cache
def _pages() -> dict[str, str]:
    """Subject type to the name of the page about a row: every model that the console knows."""
    models: list[type[Model]] = list(admin.site._registry)
    return {subject_type_of(m): f"admin:{m._meta.app_label}_{m._meta.model_name}_change" for m in models}


def _file(request: HttpRequest, query: AuditQuery, form: Format) -> StreamingHttpResponse:
    """Recorded and sealed first, so that the file ends with the entry of its own export, where the search finds it."""
    with transaction.atomic():
        record_audit(
            action="audit.exported",
            actor=user_actor(request.user),
            subject_type=SubjectType.AUDIT_ENTRY,
            subject_id="*",
            data={"format": form.value, "filters": query.as_facts()},
        )
    seal_entries()
    lines: Iterator[str] = export_lines(find_entries(query), form)
    answer = StreamingHttpResponse(lines, content_type=CONTENT_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="audit-{timezone.now():%Y-%m-%d-%H%M}.{form.value}"'
    answer["Cache-Control"] = "no-store"
    return answer
