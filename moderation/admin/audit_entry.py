"""The audit trail, to be searched by who, what and about what."""

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from moderation.admin import cells
from moderation.admin.base import ReadOnlyFactAdmin
from moderation.models import AuditEntry


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyFactAdmin):
    list_display = ("shown_created_at", "action", "actor", "shown_subject", "sequence")
    list_display_links = ("shown_created_at", "action")
    list_filter = ("created_at",)
    list_defer = ("data", "previous_hash", "hash")
    ordering = ("-id",)
    sortable_by = ("shown_created_at",)  # what an index can sort
    search_fields = ("subject_id",)
    search_help_text = "A subject (review_queue:3), who did it (user:alice), or an action (policy.activated)."
    fields = ("shown_created_at", "action", "actor", "shown_subject", "shown_data", "sequence", "previous_hash", "hash")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        term = search_term.strip()
        kind, _, name = term.partition(":")
        if not term:
            return queryset, False
        if not name:
            return queryset.filter(Q(action=term) | Q(subject_id=term)), False
        # One index finds a subject; an OR with the actor would read the whole table for it.
        about = queryset.filter(subject_type=kind, subject_id=name)
        return (about if about.exists() else queryset.filter(actor=term)), False

    @admin.display(description="at", ordering="id")
    def shown_created_at(self, row: AuditEntry) -> str:
        return cells.moment(row.created_at)

    @admin.display(description="subject")
    def shown_subject(self, row: AuditEntry) -> str:
        return cells.foreign(f"{row.subject_type}:{row.subject_id}")

    @admin.display(description="data")
    def shown_data(self, row: AuditEntry) -> str:
        return cells.document(row.data)
