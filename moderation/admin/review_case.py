"""Review cases: what waits, who holds it and since when; decisions are made at the desk."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from moderation.admin import cells
from moderation.admin.base import ReadOnlyFactAdmin, person_of
from moderation.admin.content_search import SearchByContent
from moderation.admin.desk_guard import StaffRequest
from moderation.admin.guises import Guises, InGuise, guises_of, is_export
from moderation.admin.names import in_words
from moderation.enums import QUALITY_SOURCES, CaseSource, CaseStatus
from moderation.models import ReviewCase
from moderation.review.access import RELEASE_OTHERS, visible_queues
from moderation.review.blindness import SEE_MEASURED, cases_shown_to
from moderation.review.guise import with_value
from moderation.review.leases import release_claims


class SourceFilter(admin.SimpleListFilter):
    """Cases by why a person is asked: to whom a case that measures people is given, it is as any other."""

    title = _("source")
    parameter_name = "source__exact"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        sees_all = person_of(request).has_perm(SEE_MEASURED)
        return in_words(choice for choice in CaseSource.choices if sees_all or choice[0] not in QUALITY_SOURCES)

    def queryset(self, request: HttpRequest, queryset: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
        if not (value := self.value()):
            return queryset
        shown = {guise.case.pk: guise.case.shown_source for guise in guises_of(request).values()}
        return with_value(queryset, shown, "source", value)


class HolderFilter(admin.SimpleListFilter):
    """Cases by who holds them now."""

    title = _("claim")
    parameter_name = "claim"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        return [("mine", gettext("Mine")), ("held", gettext("With a moderator")), ("free", gettext("Free"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
        live = Q(status=CaseStatus.OPEN, lease_expires_at__gt=timezone.now())
        if self.value() == "mine":
            return queryset.filter(live, claimed_by=request.user.pk)
        if self.value() == "held":
            return queryset.filter(live)
        if self.value() == "free":
            return queryset.filter(status=CaseStatus.OPEN).exclude(live)
        return queryset


class OverdueFilter(admin.SimpleListFilter):
    """Open cases that wait longer than their queue allows."""

    title = _("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> Iterable[tuple[str, str]]:
        return [("overdue", gettext("Overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ReviewCase]) -> QuerySet[ReviewCase]:
        if self.value() == "overdue":
            return queryset.filter(status=CaseStatus.OPEN, due_at__lt=timezone.now())
        return queryset


@admin.register(ReviewCase)
class ReviewCaseAdmin(InGuise, SearchByContent, ReadOnlyFactAdmin):
    list_display = ("shown_content", "queue", "status", "source", "priority", "shown_age", "shown_due", "shown_holder")
    list_filter = ("status", "queue", SourceFilter, HolderFilter, OverdueFilter)
    list_select_related = ("content", "queue", "claimed_by")
    list_defer = ("content__text", "content__metadata", "content__url")
    ordering = ("-opened_at",)
    search_fields = ("content__external_id",)
    search_help_text = _("An id of a content, or how the platform's own id begins.")
    actions = ("release",)  # type: ignore[assignment]  # the base has none
    fields = (
        ("shown_content", "content_version"),
        ("queue", "status", "priority"),
        "source",
        ("shown_opened_at", "shown_due_at"),
        ("shown_holder", "shown_claimed_at", "shown_lease_end"),
        ("shown_decision", "shown_resolved_at"),
        "shown_result",
        "shown_desk",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewCase]:
        rows = cases_shown_to(person_of(request), super().get_queryset(request))
        rows = rows.filter(queue__in=visible_queues(person_of(request)))
        if is_export(request):
            rows = rows.exclude(source__in=QUALITY_SOURCES)
        is_page = request.resolver_match is not None and request.resolver_match.kwargs
        return rows.select_related("content", "queue", "claimed_by", "decision", "result") if is_page else rows

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """By its filters alone: an address could ask what the list does not say."""
        return lookup in ("status__exact", "queue__id__exact", "source__exact", "claim", "due")

    def dress(self, guises: Guises, row: ReviewCase) -> None:
        if (guise := guises.get(row.content_id)) and guise.case.pk == row.pk:
            row.source = guise.case.shown_source

    def has_release_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(RELEASE_OTHERS)

    @admin.action(description=_("Release the claims of the selected cases"), permissions=["release"])
    def release(self, request: StaffRequest, queryset: QuerySet[ReviewCase]) -> None:
        freed = release_claims(case_ids=list(queryset.values_list("pk", flat=True)), lead=request.user)
        self.message_user(
            request,
            ngettext("%(count)d claim released.", "%(count)d claims released.", freed) % {"count": freed},
            messages.SUCCESS,
        )

    def contents_shown(self, row: ReviewCase) -> Iterable[UUID]:
        return [row.content_id]

    @admin.display(description=_("content"), ordering="content__external_id")
    def shown_content(self, row: ReviewCase) -> str:
        return cells.foreign(row.content.external_id)

    @admin.display(description=_("age"), ordering="opened_at")
    def shown_age(self, row: ReviewCase) -> str:
        return cells.age(row.opened_at)

    @admin.display(description=_("due"), ordering="due_at")
    def shown_due(self, row: ReviewCase) -> str:
        seconds = int((row.due_at - timezone.now()).total_seconds())
        if row.status != CaseStatus.OPEN:
            return cells.NOTHING
        if seconds < 0:
            return format_html(
                '<b class="alarming">{}</b>', _("overdue by %(time)s") % {"time": cells.duration(-seconds)}
            )
        return _("in %(time)s") % {"time": cells.duration(seconds)}

    @admin.display(description=_("claimed by"), ordering="claimed_by")
    def shown_holder(self, row: ReviewCase) -> str:
        return str(row.claimed_by or cells.NOTHING)

    @admin.display(description=_("opened at"))
    def shown_opened_at(self, row: ReviewCase) -> str:
        return cells.moment(row.opened_at)

    @admin.display(description=_("due at"))
    def shown_due_at(self, row: ReviewCase) -> str:
        return cells.moment(row.due_at)

    @admin.display(description=_("claimed at"))
    def shown_claimed_at(self, row: ReviewCase) -> str:
        return cells.moment(row.claimed_at)

    @admin.display(description=_("claim ends at"))
    def shown_lease_end(self, row: ReviewCase) -> str:
        return cells.moment(row.lease_expires_at)

    @admin.display(description=_("resolved at"))
    def shown_resolved_at(self, row: ReviewCase) -> str:
        return cells.moment(row.resolved_at)

    @admin.display(description=_("decision"))
    def shown_decision(self, row: ReviewCase) -> str:
        return cells.link_to(row.decision)

    @admin.display(description=_("result"))
    def shown_result(self, row: ReviewCase) -> str:
        return cells.link_to(row.result, _("What the detectors and the policy said"))

    @admin.display(description=_("desk"))
    def shown_desk(self, row: ReviewCase) -> str:
        """The way to decide this very case."""
        if row.status != CaseStatus.OPEN:
            return cells.NOTHING
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:review_case", args=[row.pk]), _("Claim it at the desk")
        )
