"""Reports: what users of the platforms complained of, newest first; the desk is where they are answered."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moderation.admin import cells
from moderation.admin.base import ReadOnlyFactAdmin, person_of
from moderation.admin.categories import category_title
from moderation.admin.content_search import SearchByContent
from moderation.admin.covers import cover_over, covered
from moderation.enums import REPORT_REASONS
from moderation.models import Report
from moderation.review.blindness import contents_kept_from


class ReasonFilter(admin.SimpleListFilter):
    """Reports by what they complain of."""

    title = _("reason")
    parameter_name = "reason__exact"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(reason, category_title(reason)) for reason in REPORT_REASONS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        return queryset.filter(reason=self.value()) if self.value() else queryset


@admin.register(Report)
class ReportAdmin(SearchByContent, ReadOnlyFactAdmin):
    shows_words = True
    list_display = ("shown_created_at", "shown_content", "shown_reason", "status", "client", "shown_reporter")
    list_filter = ("status", ReasonFilter, "client", "created_at")
    list_select_related = ("content", "client")
    export_text = ("comment",)
    list_defer = ("comment", "content__text", "content__metadata", "content__url")
    ordering = ("-created_at",)
    sortable_by = ("shown_created_at",)  # what an index can sort
    search_fields = ("content__external_id",)
    search_help_text = _("An id of a content, or how the platform's own id begins.")
    fields = (
        ("shown_content", "content_version"),
        ("shown_reason", "status"),
        ("client", "shown_reporter"),
        "shown_comment",
        ("shown_created_at", "shown_resolved_at"),
        "shown_case",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        rows = super().get_queryset(request).exclude(content__in=contents_kept_from(person_of(request)))
        return rows.select_related("content", "client", "case")

    def contents_shown(self, row: Report) -> Iterable[UUID]:
        return [row.content_id]

    @admin.display(description=_("received at"), ordering="created_at")
    def shown_created_at(self, row: Report) -> str:
        return cells.moment(row.created_at)

    @admin.display(description=_("content"))
    def shown_content(self, row: Report) -> str:
        return cells.link_to(row.content)

    @admin.display(description=_("reason"))
    def shown_reason(self, row: Report) -> str:
        return category_title(row.reason)

    @admin.display(description=_("reporter"))
    def shown_reporter(self, row: Report) -> str:
        return cells.foreign(row.reporter_external_id, 40)

    @admin.display(description=_("comment"))
    def shown_comment(self, row: Report) -> str:
        return covered(cover_over(row, row.content_id), cells.foreign(row.comment, 1000), characters=len(row.comment))

    @admin.display(description=_("answered at"))
    def shown_resolved_at(self, row: Report) -> str:
        return cells.moment(row.resolved_at)

    @admin.display(description=_("case"))
    def shown_case(self, row: Report) -> str:
        return cells.link_to(row.case, "The case that it belongs to")
