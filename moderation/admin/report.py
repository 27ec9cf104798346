"""Reports: what users of the platforms complained of, newest first; the desk is where they are answered."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moderation.admin import cells
from moderation.admin.base import ReadOnlyFactAdmin, is_about_one_row, person_of
from moderation.admin.categories import category_title
from moderation.admin.content_search import SearchByContent
from moderation.admin.covers import cover_over, covered
from moderation.admin.guises import GuisedFilter, Guises, InGuise, guises_of, is_export
from moderation.enums import REPORT_REASONS, ReportStatus
from moderation.models import Report
from moderation.review.blindness import outcomes_kept_from
from moderation.review.guise import report_as_shown, reports_in_guise, reports_shown


class ReasonFilter(admin.SimpleListFilter):
    """Reports by what they complain of."""

    title = _("reason")
    parameter_name = "reason__exact"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        return [(reason, category_title(reason)) for reason in REPORT_REASONS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        return queryset.filter(reason=self.value()) if self.value() else queryset


class StatusFilter(GuisedFilter):
    """Reports by whether they are answered, and how."""

    title = _("status")
    parameter_name = "status__exact"
    field_name = "status"
    values = ReportStatus.choices

    def shown(self, guises: Guises) -> dict[UUID, str]:
        return {report.pk: report_as_shown(guises, report).status for report in reports_in_guise(guises)}


@admin.register(Report)
class ReportAdmin(InGuise, SearchByContent, ReadOnlyFactAdmin):
    shows_words = True
    list_display = ("shown_created_at", "shown_content", "shown_reason", "status", "client", "shown_reporter")
    list_filter = (StatusFilter, ReasonFilter, "client", "created_at")
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
        # Whether a report was upheld tells the outcome.
        person, guises = person_of(request), guises_of(request)
        rows = reports_shown(guises, super().get_queryset(request))
        if is_export(request):
            rows = rows.exclude(content__in=outcomes_kept_from(person))
        elif not is_about_one_row(request):
            rows = rows.filter(Q(content__in=list(guises)) | ~Q(content__in=outcomes_kept_from(person)))
        return rows.select_related("content", "client", "case")

    def dress(self, guises: Guises, row: Report) -> None:
        """Whoever is asked about a content finds its reports as the first person did."""
        report_as_shown(guises, row)

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
        return cells.link_to(row.case, _("The case that it belongs to"))
