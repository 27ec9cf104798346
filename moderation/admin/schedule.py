"""Beat's schedule in the console: django-celery-beat's own pages, with an audit entry for every change."""

from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_celery_beat.admin import CrontabScheduleAdmin, PeriodicTaskAdmin, ScheduleAdmin
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)

from moderation.admin.base import AuditedAdmin, record_admin_act

# Schedules by the sun or by one moment have no use here.
admin.site.unregister([PeriodicTask, CrontabSchedule, IntervalSchedule, SolarSchedule, ClockedSchedule])


@admin.register(PeriodicTask)
class AuditedPeriodicTaskAdmin(AuditedAdmin, PeriodicTaskAdmin):
    change_form_template = None  # theirs has an inline script
    list_display = ("name", "enabled", "scheduler", "queue", "last_run_at")
    list_filter = ("enabled", "queue")
    date_hierarchy = None
    actions = ("enable_tasks", "disable_tasks", "run_tasks")
    search_fields = ("name", "task")
    fieldsets = (
        (None, {"fields": ("name", "regtask", "task", "enabled", "description")}),
        (_("Schedule"), {"fields": ("interval", "crontab", "start_time", "last_run_at", "one_off")}),
        (_("Arguments"), {"classes": ("collapse",), "fields": ("args", "kwargs", "queue", "expire_seconds")}),
    )
    readonly_fields = ("last_run_at",)

    def _audited(self, request: HttpRequest, tasks: QuerySet[PeriodicTask], verb: str) -> None:
        for task in tasks:
            record_admin_act(request, task, verb)

    @admin.action(description=_("Enable the selected tasks"), permissions=["change"])
    @transaction.atomic
    def enable_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        self._audited(request, queryset, "enabled")
        super().enable_tasks(request, queryset)

    @admin.action(description=_("Disable the selected tasks"), permissions=["change"])
    @transaction.atomic
    def disable_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        self._audited(request, queryset, "disabled")
        super().disable_tasks(request, queryset)

    @admin.action(description=_("Run the selected tasks now"), permissions=["change"])
    @transaction.atomic
    def run_tasks(self, request: HttpRequest, queryset: QuerySet[PeriodicTask]) -> None:
        self._audited(request, queryset, "run")
        super().run_tasks(request, queryset)


@admin.register(CrontabSchedule)
class AuditedCrontabScheduleAdmin(AuditedAdmin, CrontabScheduleAdmin):
    pass


@admin.register(IntervalSchedule)
class AuditedIntervalScheduleAdmin(AuditedAdmin, ScheduleAdmin):
    pass
