"""Backups in the console: facts, to read."""

from django.contrib import admin
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from reviewengine.backups.models import BackupRun


@admin.register(BackupRun)
class BackupRunAdmin(admin.ModelAdmin):
    list_display = ("name", "target", "status", "started_at", "finished_at", "size", "row_count", "verified_at")
    list_filter = ("status", "target", "kind")
    date_hierarchy = "started_at"
    search_fields = ("name",)
    readonly_fields = [field.name for field in BackupRun._meta.fields]

    @admin.display(description=_("size"), ordering="size_bytes")
    def size(self, run: BackupRun) -> str:
        return filesizeformat(run.size_bytes) if run.size_bytes is not None else "-"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: BackupRun | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: BackupRun | None = None) -> bool:
        return False
