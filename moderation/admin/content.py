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

from moderation.admin import cells
from moderation.admin.base import ReadOnlyFactAdmin, is_about_one_row, person_of
from moderation.admin.categories import category_title
from moderation.admin.content_search import SearchByContent
from moderation.admin.covers import cover_over, covered
from moderation.admin.golden_section import ADD_GOLDEN, golden_section
from moderation.admin.guises import GuisedFilter, Guises, InGuise, guises_of, is_export
from moderation.admin.sections import Section, section_of
from moderation.enums import FINAL_OUTCOMES, ContentStatus, Outcome
from moderation.models import (
    Content,
    ContentMedia,
    ContentVersion,
    Decision,
    ModerationResult,
    Report,
    ReviewCase,
    WebhookEvent,
)
from moderation.review.access import DECIDE
from moderation.review.blindness import cases_shown_to, cases_that_keep, outcomes_kept_from
from moderation.review.guise import as_shown, decisions_shown, report_as_shown, reports_shown


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
            "Content",
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
            "Context",
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
        yield _decisions(decisions_shown(guises, row.decisions.all()))
        yield _results(row)
        yield _cases(cases_shown_to(person, row.cases.all()))
        yield _reports(row, guises)
        yield _images(row)
        yield _versions(row)
        if row.pk in guises:
            return
        if request.user.has_perm("moderation.view_webhookevent"):
            yield _webhook_events(row)
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
            return "Erased."
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


def _decisions(decisions: QuerySet[Decision]) -> Section:
    def of(decision: Decision) -> list[Any]:
        return [
            cells.link_to(decision, cells.moment(decision.created_at)),
            decision.content_version,
            cells.outcome_badge(decision.outcome),
            cells.effect_of(decision),
            decision.get_source_display(),
            decision.moderator.get_username() if decision.moderator else cells.NOTHING,
            decision.rule or cells.NOTHING,
            cells.foreign(decision.reasoning, 200),
        ]

    headings = ("Decided", "Version", "Outcome", "In effect", "By", "Moderator", "Rule", "Reasoning")
    rows = decisions.select_related("moderator", "hold").order_by("-created_at", "-id")
    return section_of("Decisions", headings, rows, of)


def _results(row: Content) -> Section:
    def of(result: ModerationResult) -> list[Any]:
        return [
            cells.link_to(result, cells.moment(result.created_at)),
            result.content_version,
            cells.outcome_badge(result.outcome),
            result.rule,
            cells.scores(result.scores),
            str(result.policy_version or cells.NOTHING),
            f"{result.duration_ms:.1f} ms",
        ]

    headings = ("Read", "Version", "Outcome", "Rule", "Scores", "Policy", "Duration")
    rows = row.results.select_related("policy_version__policy").defer("evidence", "policy_version__source")
    return section_of("Results", headings, rows.order_by("-created_at", "-id"), of)


def _cases(cases: QuerySet[ReviewCase]) -> Section:
    def of(case: ReviewCase) -> list[Any]:
        return [
            cells.moment(case.opened_at),
            case.content_version,
            case.queue.name,
            case.get_status_display(),
            case.priority,
            case.claimed_by.get_username() if case.claimed_by else cells.NOTHING,
            cells.moment(case.resolved_at),
        ]

    headings = ("Opened", "Version", "Queue", "Status", "Priority", "Claimed by", "Resolved")
    rows = cases.select_related("queue", "claimed_by").order_by("-opened_at", "-id")
    return section_of("Review cases", headings, rows, of)


def _reports(row: Content, guises: Guises) -> Section:
    def of(report: Report) -> list[Any]:
        report_as_shown(guises, report)
        return [
            cells.link_to(report, cells.moment(report.created_at)),
            report.content_version,
            category_title(report.reason),
            report.get_status_display(),
            covered(cover_over(row, row.pk), cells.foreign(report.comment, 200)) if report.comment else cells.NOTHING,
        ]

    headings = ("Received", "Version", "Reason", "Status", "Comment")
    return section_of("Reports", headings, reports_shown(guises, row.reports.order_by("-created_at", "-id")), of)


def _images(row: Content) -> Section:
    def of(media: ContentMedia) -> list[Any]:
        file = media.file
        return [
            media.content_version,
            media.position + 1,
            media.get_source_display(),
            str(file) if file else cells.NOTHING,
            cells.scores(media.scores),
            ", ".join(f"{hit['bank']} ({hit['action']})" for hit in media.hits) or cells.NOTHING,
            media.fault or cells.NOTHING,
        ]

    headings = ("Version", "Image", "Source", "File", "Scores", "Hash banks", "Fault")
    rows = row.media.select_related("file").order_by("-content_version", "position")
    return section_of("Images", headings, rows, of)


def _versions(row: Content) -> Section:
    def of(version: ContentVersion) -> list[Any]:
        text = covered(cover_over(row, row.pk), cells.whole_text(version.text), characters=len(version.text))
        return [version.version, cells.moment(version.superseded_at), text]

    return section_of("Earlier versions", ("Version", "Superseded", "Text"), row.versions.order_by("-version"), of)


def _webhook_events(row: Content) -> Section:
    def of(event: WebhookEvent) -> list[Any]:
        return [
            cells.link_to(event, event.type),
            event.endpoint.url,
            event.get_status_display(),
            event.attempts,
            cells.moment(event.created_at),
            cells.moment(event.finished_at),
        ]

    headings = ("Event", "Endpoint", "Status", "Attempts", "Written", "Finished")
    rows = row.webhook_events.select_related("endpoint").defer("payload", "endpoint__secret").order_by("-id")
    return section_of("Webhook events", headings, rows, of)
