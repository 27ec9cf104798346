"""Review queues: how long a case may wait, and whose they are."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from moderation.admin.base import AuditedAdmin
from moderation.admin.cells import duration
from moderation.enums import CaseStatus
from moderation.models import ReviewCase, ReviewQueue


@admin.register(ReviewQueue)
class ReviewQueueAdmin(AuditedAdmin):
    list_display = ("name", "slug", "shown_waiting", "shown_due", "hide_text")
    ordering = ("slug",)
    search_fields = ("name", "slug")
    prepopulated_fields = {"slug": ("name",)}
    fields = ("name", "slug", "description", "due_minutes", "hide_text", "groups")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReviewQueue]:
        cases = ReviewCase.objects.filter(queue=OuterRef("pk"), status=CaseStatus.OPEN).order_by().values("queue")
        waiting = Subquery(cases.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
        return super().get_queryset(request).annotate(waiting=Coalesce(waiting, 0))

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        kwargs["widget"] = forms.CheckboxSelectMultiple()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    @admin.display(description="waiting", ordering="waiting")
    def shown_waiting(self, row: Any) -> str:
        return f"{row.waiting:,}"

    @admin.display(description="due after", ordering="due_minutes")
    def shown_due(self, row: ReviewQueue) -> str:
        return duration(row.due_minutes * 60)
