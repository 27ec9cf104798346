"""Contents as they came and all that is known of them; nothing here can be changed."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.admin import cells, content_sections
from moderation.admin.base import ReadOnlyFactAdmin, is_about_one_row, person_of
from moderation.admin.content_search import SearchByContent
from moderation.admin.covers import cover_over, covered
from moderation.admin.golden_section import ADD_GOLDEN, golden_section
from moderation.admin.guises import GuisedFilter, Guises, InGuise, guises_of, is_export
from moderation.admin.sections import Section
from moderation.enums import FINAL_OUTCOMES, ContentStatus, Outcome
from moderation.models import Content
from moderation.review.access import DECIDE
from moderation.review.blindness import cases_shown_to, cases_that_keep, outcomes_kept_from
from moderation.review.guise import as_shown, decisions_shown


class StatusFilter(GuisedFilter):
    """Contents by where they stand."""

    title = gettext_lazy("status")
    parameter_name = "status__exact"
    field_name = "status"
    values = ContentStatus.choices

    def shown(self, guises: Guises) -> dict[UUID, str]:
        return {content_id: guise.status for content_id, guise in guises.items()}


class OutcomeFilter(GuisedFilter):
    """Contents by the outcome that is in force."""

    title = gettext_lazy("decision")
    parameter_name = "decision__exact"
    field_name = "decision"
    values = Outcome.choices

    def shown(self, guises: Guises) -> dict[UUID, str]:
        return {content_id: guise.outcome for content_id, guise in guises.items()}


@admin.register(Content)
class ContentAdmin(InGuise, SearchByContent, ReadOnlyFactAdmin):
    content_prefix = ""
    shows_words = True
    list_display = ("shown_external_id", "client", "status", "shown_decision", "shown_author", "version", "shown_age")
    list_filter = (StatusFilter, OutcomeFilter, "client", "created_at")
    list_select_related = ("client", "author")
    list_defer = ("text", "metadata", "url")
    export_text = ("text",)
    ordering = ("-created_at",)
    sortable_by = ("shown_external_id", "shown_age")  # what an index can sort
    search_fields = ("external_id",)
    search_help_text = gettext_lazy("An id, or how the platform's own id begins.")
    fieldsets = (
        (None, {"fields": ("shown_text",)}),
        (
            gettext_lazy("Content"),
            {
                "fields": (
                    ("id", "shown_external_id"),
                    ("client", "shown_author_link"),
                    ("status", "shown_decision"),
                    ("version", "language"),
                    ("shown_created_at", "shown_decided_at"),
                    ("policy", "shown_erased_at"),
                    "shown_record",
                    "shown_anew",
                )
            },
        ),
        (
            gettext_lazy("Context"),
            {
                "classes": ("collapse",),
                "fields": ("shown_conversation", "shown_parent", "shown_url", "shown_metadata", "text_digest"),
            },
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Content | None = None) -> Any:
        """To decide anew is offered to whoever may decide."""
        if request.user.has_perm(DECIDE):
            return self.fieldsets
        return [
            (name, {**part, "fields": [one for one in part["fields"] if one != "shown_anew"]})
            for name, part in self.fieldsets
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Content]:
        rows = super().get_queryset(request)
        if is_about_one_row(request):
            return rows.select_related("client", "author", "policy")
        person, held = person_of(request), list(guises_of(request))
        if is_export(request):
            return rows.exclude(pk__in=outcomes_kept_from(person))
        if any(name.startswith(("decision", "decided")) for name in request.GET):
            return rows.filter(Q(pk__in=held) | ~Q(pk__in=outcomes_kept_from(person)))
        keeping = cases_that_keep(person).filter(content=OuterRef("pk")).exclude(content__in=held)
        return rows.annotate(is_outcome_kept=Exists(keeping))

    def dress(self, guises: Guises, row: Content) -> None:
        """Whoever is asked what they make of a content does not learn here what others made of it."""
        as_shown(guises, row)

    def get_sections(self, request: HttpRequest, row: Content) -> Iterable[Section]:
        person, guises = person_of(request), guises_of(request)
        yield content_sections.decisions(decisions_shown(guises, row.decisions.all()))
        yield content_sections.results(row)
        yield content_sections.cases(cases_shown_to(person, row.cases.all()))
        yield content_sections.reports(row, guises)
        yield content_sections.images(row)
        yield content_sections.versions(row)
        if row.pk in guises:
            return
        if request.user.has_perm("moderation.view_webhookevent"):
            yield content_sections.webhook_events(row)
        if request.user.has_perm(ADD_GOLDEN) and row.decision in FINAL_OUTCOMES and row.erased_at is None:
            yield golden_section(row)

    def contents_shown(self, row: Content) -> Iterable[UUID]:
        return [row.pk]

    @admin.display(description=gettext_lazy("external id"), ordering="external_id")
    def shown_external_id(self, row: Content) -> str:
        return cells.foreign(row.external_id)

    @admin.display(description=gettext_lazy("decision"), ordering="decision")
    def shown_decision(self, row: Content) -> str:
        return cells.NOTHING if getattr(row, "is_outcome_kept", False) else cells.outcome_badge(row.decision)

    @admin.display(description=gettext_lazy("author"))
    def shown_author(self, row: Content) -> str:
        return cells.foreign(row.author, 40)

    @admin.display(description=gettext_lazy("author"))
    def shown_author_link(self, row: Content) -> str:
        return cells.link_to(row.author)

    @admin.display(description=gettext_lazy("age"), ordering="-created_at")
    def shown_age(self, row: Content) -> str:
        return cells.age(row.created_at)

    @admin.display(description=gettext_lazy("text"))
    def shown_text(self, row: Content) -> str:
        if row.erased_at:
            return _("Erased.")
        return covered(cover_over(row, row.pk), cells.whole_text(row.text), characters=len(row.text))

    @admin.display(description=gettext_lazy("received at"))
    def shown_created_at(self, row: Content) -> str:
        return cells.moment(row.created_at)

    @admin.display(description=gettext_lazy("decided at"))
    def shown_decided_at(self, row: Content) -> str:
        return cells.moment(row.decided_at)

    @admin.display(description=gettext_lazy("erased at"))
    def shown_erased_at(self, row: Content) -> str:
        return cells.moment(row.erased_at)

    @admin.display(description=gettext_lazy("record"))
    def shown_record(self, row: Content) -> str:
        text = _("Who saw it, who decided it, and whether the record is unchanged")
        return format_html('<a href="{}">{}</a>', reverse("admin:review_record", args=[row.pk]), text)

    @admin.display(description=gettext_lazy("decision"))
    def shown_anew(self, row: Content) -> str:
        if row.status != ContentStatus.DECIDED or row.erased_at is not None:
            return cells.NOTHING
        return format_html('<a href="{}">{}</a>', reverse("admin:review_override", args=[row.pk]), _("Decide anew"))

    @admin.display(description=gettext_lazy("conversation"))
    def shown_conversation(self, row: Content) -> str:
        return cells.foreign(row.conversation_id, 255)

    @admin.display(description=gettext_lazy("answers"))
    def shown_parent(self, row: Content) -> str:
        return cells.foreign(row.parent_external_id, 255)

    @admin.display(description=gettext_lazy("address"))
    def shown_url(self, row: Content) -> str:
        return cells.foreign(row.url, 2048)

    @admin.display(description=gettext_lazy("metadata"))
    def shown_metadata(self, row: Content) -> str:
        return cells.document(row.metadata)
