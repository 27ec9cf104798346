"""What platforms say of texts without submitting them, from which site adapters learn too; erased by age."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moderation.admin import cells
from moderation.admin.base import ReadOnlyFactAdmin
from moderation.admin.categories import CategoryAdmin, CategoryFilter
from moderation.models import AdapterFeedback


@admin.register(AdapterFeedback)
class AdapterFeedbackAdmin(CategoryAdmin, ReadOnlyFactAdmin):
    list_display = ("shown_excerpt", "shown_category", "score", "client", "language", "shown_created_at")
    list_filter = (CategoryFilter, "client")
    list_select_related = ("client",)
    ordering = ("-created_at",)
    export_text = ("text",)
    fields = (("client", "shown_created_at"), ("shown_category", "score"), "language", "shown_text")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AdapterFeedback]:
        return super().get_queryset(request).select_related("client")

    @admin.display(description=_("text"))
    def shown_excerpt(self, row: AdapterFeedback) -> str:
        return cells.foreign(row.text)

    @admin.display(description=_("text"))
    def shown_text(self, row: AdapterFeedback) -> str:
        return cells.whole_text(row.text)

    @admin.display(description=_("received at"), ordering="created_at")
    def shown_created_at(self, row: AdapterFeedback) -> str:
        return cells.moment(row.created_at)
