"""What the console's pages share: facts are read-only, and every change leaves an audit entry in its transaction."""

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth.models import Group, Permission, User
from django.core.exceptions import EmptyResultSet, PermissionDenied
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from moderation.admin.covers import protect
from moderation.admin.export import export_list
from moderation.admin.names import translate_names
from moderation.admin.paginator import BoundedPaginator
from moderation.admin.saved_filters import views_of
from moderation.admin.sections import Section
from moderation.audit import record_audit, record_views, user_actor
from moderation.audit.subjects import subject_type_of
from moderation.review.access import closed_contents

translate_names()  # before a form is made of a model


def person_of(request: HttpRequest) -> User:
    """Who asks; ``admin_view`` lets nobody through who is not signed in."""
    return cast(User, request.user)


def is_about_one_row(request: HttpRequest) -> bool:
    """Whether the address names a row, and not the list."""
    return bool(request.resolver_match and request.resolver_match.kwargs)


def record_admin_act(request: HttpRequest, row: Model, verb: str, data: dict[str, Any] | None = None) -> None:
    """Writes ``<subject>.<verb>`` about ``row`` in the name of the person who asks."""
    subject_type = subject_type_of(row)
    record_audit(
        action=f"{subject_type}.{verb}",
        actor=user_actor(request.user),
        subject_type=subject_type,
        subject_id=row.pk,
        data={"name": str(row), **(data or {})},
    )


class LeanChangeList(ChangeList):
    """Leaves the columns in ``list_defer`` of the ModelAdmin in the database, and sorts by ``sortable_by`` alone."""

    def get_ordering_field(self, field_name: Any) -> Any:
        """Django hides the link of a column that is not to be sorted by; an address can still ask for it."""
        return super().get_ordering_field(field_name) if field_name in (self.sortable_by or ()) else None

    def get_queryset(
        self, request: HttpRequest, exclude_parameters: list[str | None] | None = None
    ) -> QuerySet[Any, Any]:
        model_admin = cast(ConsoleAdmin, self.model_admin)
        rows = super().get_queryset(request, exclude_parameters)
        try:
            str(rows.query)  # a year that no calendar has is noticed only where the query is written out
        except EmptyResultSet:
            pass
        except (ValueError, OverflowError) as error:
            raise IncorrectLookupParameters(error) from error
        return rows.defer(*model_admin.list_defer)


class ConsoleAdmin(admin.ModelAdmin):
    """Lists that stay fast on large tables, and pages with sections of what belongs to the row."""

    list_defer: tuple[str, ...] = ()
    shows_words = False  # whether a row's page shows what its content says
    export_text: tuple[str, ...] = ()  # columns with the words of others, exported for those who may see contents
    list_tools_template = "admin/moderation/lists/tools.html"
    closes_with_content = True  # whether a page is closed to whom the contents that it shows are closed
    unknown_before_saved: tuple[str, ...] = ()  # fields that the page which adds a row leaves out
    list_per_page = 50
    list_max_show_all = 0
    paginator = BoundedPaginator
    show_facets = admin.ShowFacets.NEVER
    show_full_result_count = False

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return LeanChangeList

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        return [path("export/", self.admin_site.admin_view(self.export_view), name=name), *super().get_urls()]

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """The rows of the list under its filters, as CSV."""
        return export_list(self, request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        tools = {"template": self.list_tools_template}
        if request.method == "GET":
            page = f"{self.admin_site.name}:{self.opts.app_label}_{self.opts.model_name}_changelist"
            tools |= views_of(request, page)
        return super().changelist_view(request, {"list_tools": tools, **(extra_context or {})})

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)
        return fields if obj else tuple(name for name in fields if name not in self.unknown_before_saved)

    def get_sections(self, request: HttpRequest, row: Any) -> Iterable[Section]:
        """The tables shown below the fields of ``row``."""
        return ()

    def contents_shown(self, row: Any) -> Iterable[UUID]:
        """The contents of which the page of ``row`` shows something; that its reader saw them is recorded."""
        return ()

    def page_context(self, request: HttpRequest, row: Any) -> dict[str, Any]:
        """What the template of the page of ``row`` is given beside its fields and sections."""
        return {}

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        if obj and (shown := list(self.contents_shown(obj))):
            if self.closes_with_content and closed_contents(person_of(request), shown):
                raise PermissionDenied(_("This content went to a queue in which you may not work."))
            record_views(viewer=request.user, content_ids=shown, page=subject_type_of(obj), request=request)
            context["look"] = protect(person_of(request), obj, shown, shows_words=self.shows_words)
            context["page_parts"] = ["admin/moderation/review/care/look.html"]
        context["sections"] = list(self.get_sections(request, obj)) if obj else []
        context["is_fact"] = isinstance(self, ReadOnlyFactAdmin)
        context |= self.page_context(request, obj) if obj else {}
        return super().render_change_form(request, context, add, change, form_url, obj)


class ReadOnlyFactAdmin(ConsoleAdmin):
    """A record of fact: it can be read, and neither added, changed nor deleted."""

    actions = None

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class AuditedAdmin(ConsoleAdmin):
    """Every save and every delete writes an AuditEntry, with what was and what is, in the same transaction."""

    audit_secrets: tuple[str, ...] = ()  # fields of which only the change itself is written
    writer_records = False  # whether the step that saves, and is called from elsewhere too, writes the entries itself

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The last step of a save: all that changed is known, and nothing is committed yet."""
        super().save_related(request, form, formsets, change)
        if self.writer_records:
            return
        changes = changes_of(form, secrets=self.audit_secrets)
        if changes or not change:
            record_admin_act(request, form.instance, "changed" if change else "added", {"changes": changes})

    @transaction.atomic
    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        record_admin_act(request, obj, "deleted")
        super().delete_model(request, obj)

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        for row in queryset:
            record_admin_act(request, row, "deleted")
        super().delete_queryset(request, queryset)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history of a row is its audit entries; who may not read those sees Django's own list."""
        if not request.user.has_perm("moderation.view_auditentry"):
            return super().history_view(request, object_id, extra_context)
        query = urlencode({"q": f"{subject_type_of(self.model)}:{object_id}"})
        return HttpResponseRedirect(f"{reverse('admin:moderation_auditentry_changelist')}?{query}")


def changes_of(form: BaseForm, *, secrets: Iterable[str] = ()) -> dict[str, Any]:
    """What the form changed: field to ``[before, after]``, or to ``"changed"`` where the value is secret."""
    return {
        name: "changed"
        if name in secrets
        else [_plain(form.get_initial_for_field(form.fields[name], name)), _plain(form.cleaned_data.get(name))]
        for name in form.changed_data
    }


def _plain(value: Any) -> Any:
    """A form's value as JSON can hold it."""
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Group):
        return value.name  # what a role was called when it was given says more than its number
    if isinstance(value, Permission):
        return f"{value.content_type.app_label}.{value.codename}"
    if isinstance(value, Model):
        return _plain(value.pk)
    if isinstance(value, list | tuple | QuerySet):
        return [_plain(item) for item in value]
    return str(value)
