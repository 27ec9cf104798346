"""Authors: what the platform's moderators think of a person, and what that person wrote last."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.admin import cells
from moderation.admin.author_suspension import SuspensionAdmin, SuspensionFilter
from moderation.admin.base import AuditedAdmin, person_of
from moderation.admin.covers import cover_over, covered
from moderation.admin.sections import MOST_ROWS, Section, section_of
from moderation.enums import ContentStatus, Outcome
from moderation.models import Author, Content
from moderation.review.access import closed_contents
from moderation.review.blindness import contents_kept_from, outcomes_kept_among


@admin.register(Author)
class AuthorAdmin(SuspensionAdmin, AuditedAdmin):
    closes_with_content = False  # what is closed is left out, the author stays
    list_display = ("shown_external_id", "shown_name", "client", "trust", "shown_suspension", "shown_age")
    list_filter = ("trust", SuspensionFilter, "client")
    list_select_related = ("client",)
    ordering = ("-id",)
    sortable_by = ("shown_age",)  # what an index can sort
    search_fields = ("external_id",)
    search_help_text = _("How the platform's own id of the author begins.")
    readonly_fields = (
        "shown_suspension", "shown_suspension_reason", "shown_external_id", "shown_name", "client", "created_at",
    )  # fmt: skip
    fields = ("trust", *readonly_fields)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        return super().get_queryset(request).select_related("client")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Author], search_term: str
    ) -> tuple[QuerySet[Author], bool]:
        term = search_term.strip()
        return (queryset.filter(external_id__startswith=term) if term else queryset), False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Author | None = None) -> bool:
        return False

    def get_sections(self, request: HttpRequest, row: Author) -> Iterable[Section]:
        shown, person = self.contents_shown(row), person_of(request)
        closed, kept = closed_contents(person, shown), outcomes_kept_among(person, shown)
        measured = set(contents_kept_from(person).values_list("content", flat=True)) if kept else set()

        def of(content: Content) -> list[Any]:
            if content.pk in closed:
                return [cells.foreign(content.external_id), cells.moment(content.created_at), *[cells.NOTHING] * 3]
            return [
                cells.link_to(content),
                cells.moment(content.created_at),
                *_state(content, kept, measured),
                covered(cover_over(row, content.pk), cells.foreign(content.text, 160)),
            ]

        headings = (
            gettext("Content"),
            gettext("Received"),
            gettext("Status"),
            gettext("Decision"),
            gettext("Beginning"),
        )
        yield section_of(gettext("Newest contents"), headings, row.contents.order_by("-created_at"), of)

    def contents_shown(self, row: Author) -> Iterable[UUID]:
        return list(row.contents.order_by("-created_at").values_list("pk", flat=True)[:MOST_ROWS])

    @admin.display(description=_("external id"), ordering="external_id")
    def shown_external_id(self, row: Author) -> str:
        return cells.foreign(row.external_id)

    @admin.display(description=_("name"))
    def shown_name(self, row: Author) -> str:
        return cells.foreign(row.display_name)

    @admin.display(description=_("first seen"), ordering="-id")
    def shown_age(self, row: Author) -> str:
        return cells.age(row.created_at)


def _state(content: Content, kept: set[UUID], measured: set[UUID]) -> tuple[Any, Any]:
    """Status and outcome, as far as the reader may know them. Whoever answers about it now sees it as it was."""
    if content.pk in measured:
        return cells.status_of(Content(status=ContentStatus.IN_REVIEW)), cells.outcome_badge(Outcome.REVIEW)
    if content.pk in kept:
        return cells.status_of(content), cells.NOTHING
    return cells.status_of(content), cells.outcome_badge(content.decision)
