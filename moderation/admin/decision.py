"""Decisions: the recorded outcomes, newest first."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moderation.admin import cells
from moderation.admin.base import ReadOnlyFactAdmin, is_about_one_row, person_of
from moderation.admin.content_search import SearchByContent
from moderation.admin.guises import guises_of
from moderation.models import Decision
from moderation.review.blindness import outcomes_kept_from
from moderation.review.guise import decisions_shown


@admin.register(Decision)
class DecisionAdmin(SearchByContent, ReadOnlyFactAdmin):
    list_display = ("shown_created_at", "shown_content", "shown_outcome", "shown_effect", "source", "moderator", "rule")
    list_filter = ("outcome", "source", "created_at")
    list_select_related = ("content", "moderator", "hold")
    list_defer = ("reasoning", "private_note", "content__text", "content__metadata", "content__url")
    ordering = ("-created_at",)
    sortable_by = ("shown_created_at",)  # what an index can sort
    search_fields = ("content__external_id",)
    search_help_text = _("An id of a content, or how the platform's own id begins.")
    fields = (
        ("shown_content", "content_version"),
        ("shown_outcome", "source"),
        ("moderator", "shown_created_at"),
        ("label", "shown_effect"),
        "rule",
        "shown_reasoning",
        "shown_private_note",
        "shown_result",
        "shown_overrides",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Decision]:
        guises = guises_of(request)
        rows = decisions_shown(guises, super().get_queryset(request))
        if not is_about_one_row(request):
            return rows.filter(Q(content__in=list(guises)) | ~Q(content__in=outcomes_kept_from(person_of(request))))
        return rows.select_related("content", "moderator", "result", "overrides", "hold")

    def contents_shown(self, row: Decision) -> Iterable[UUID]:
        return [row.content_id]

    @admin.display(description=_("decided at"), ordering="created_at")
    def shown_created_at(self, row: Decision) -> str:
        return cells.moment(row.created_at)

    @admin.display(description=_("content"))
    def shown_content(self, row: Decision) -> str:
        return cells.link_to(row.content)

    @admin.display(description=_("outcome"), ordering="outcome")
    def shown_outcome(self, row: Decision) -> str:
        return cells.outcome_badge(row.outcome)

    @admin.display(description=_("in effect"))
    def shown_effect(self, row: Decision) -> str:
        return cells.effect_of(row)

    @admin.display(description=_("reasoning"))
    def shown_reasoning(self, row: Decision) -> str:
        return cells.foreign(row.reasoning, 1000)

    @admin.display(description=_("private note"))
    def shown_private_note(self, row: Decision) -> str:
        return cells.foreign(row.private_note, 2000)

    @admin.display(description=_("result"))
    def shown_result(self, row: Decision) -> str:
        return cells.link_to(row.result, _("What the detectors and the policy said"))

    @admin.display(description=_("overrides"))
    def shown_overrides(self, row: Decision) -> str:
        return cells.link_to(row.overrides)
