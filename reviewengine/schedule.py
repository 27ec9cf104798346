"""Beat's schedule: what the configuration says is written into django-celery-beat's table, the one that beat reads.

The configuration owns a job's task, rhythm and queue. Whether it runs is the operator's, once it is there: a job that
was switched off in the console stays off, until the configuration itself changes its mind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from celery.schedules import crontab
from django.db import transaction
from django_celery_beat.models import CrontabSchedule, IntervalSchedule, PeriodicTask

from reviewengine.sections import ScheduleEntry

# The description says where a job comes from, and so what the configuration said last time.
ENABLED_THERE = "From the configuration, where it is enabled."
DISABLED_THERE = "From the configuration, where it is disabled."
GONE_FROM_THERE = "No longer in the configuration."
DAY = 24 * 3600


@dataclass(frozen=True, slots=True)
class ScheduleReport:
    """The names of the jobs that a load made, changed, switched off for being gone, and found as they should be."""

    created: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    disabled: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)


@transaction.atomic
def load_schedule(*, entries: Mapping[str, ScheduleEntry]) -> ScheduleReport:
    """Brings the table in line with ``entries``. Doing so again changes nothing; jobs made in the console are left."""
    report = ScheduleReport()
    known = {job.name: job for job in PeriodicTask.objects.select_for_update().filter(name__in=entries)}
    for name, entry in entries.items():
        if name not in known:
            PeriodicTask.objects.create(name=name, enabled=entry.enabled, **_values(entry))
            report.created.append(name)
        elif _bring_in_line(known[name], entry):
            report.changed.append(name)
        else:
            report.unchanged.append(name)
    report.disabled.extend(_disable_what_is_gone(entries))
    return report


def _bring_in_line(job: PeriodicTask, entry: ScheduleEntry) -> bool:
    """Sets what the configuration says of the job; answers whether that changed anything."""
    wanted = _values(entry)
    if job.description != wanted["description"]:
        wanted["enabled"] = entry.enabled
    changed = [name for name, value in wanted.items() if getattr(job, name) != value]
    for name in changed:
        setattr(job, name, wanted[name])
    if changed:
        job.save()  # without update_fields: their save tells beat that the table has changed
    return bool(changed)


def _values(entry: ScheduleEntry) -> dict[str, Any]:
    return {
        "task": entry.task,
        "queue": entry.queue,
        "interval": _interval(entry) if entry.every_seconds else None,
        "crontab": _crontab(entry) if entry.cron else None,
        # A message that nobody took before the next one is due is dropped: a stopped worker finds one, not thousands.
        "expire_seconds": max(1, shortest_gap_seconds(entry) - 1),
        "description": ENABLED_THERE if entry.enabled else DISABLED_THERE,
    }


def _interval(entry: ScheduleEntry) -> IntervalSchedule:
    found = IntervalSchedule.objects.filter(every=entry.every_seconds, period=IntervalSchedule.SECONDS).first()
    return found or IntervalSchedule.objects.create(every=entry.every_seconds, period=IntervalSchedule.SECONDS)


def _crontab(entry: ScheduleEntry) -> CrontabSchedule:
    minute, hour, day, month, weekday = entry.cron.split()
    values = {
        "minute": minute,
        "hour": hour,
        "day_of_month": day,
        "month_of_year": month,
        "day_of_week": weekday,
        "timezone": "UTC",
    }
    return CrontabSchedule.objects.filter(**values).first() or CrontabSchedule.objects.create(**values)


def shortest_gap_seconds(entry: ScheduleEntry) -> int:
    """The least time between two runs; a cron line that names days is taken to run on every one of them."""
    if entry.every_seconds:
        return entry.every_seconds
    minute, hour, *_ = entry.cron.split()
    times = crontab(minute=minute, hour=hour)
    starts = sorted(h * 3600 + m * 60 for h in times.hour for m in times.minute)
    return min(later - earlier for earlier, later in pairwise([*starts, starts[0] + DAY]))


def _disable_what_is_gone(entries: Mapping[str, ScheduleEntry]) -> list[str]:
    gone = PeriodicTask.objects.filter(description__in=[ENABLED_THERE, DISABLED_THERE]).exclude(name__in=entries)
    names = []
    for job in gone:
        job.enabled, job.description = False, GONE_FROM_THERE
        job.save()
        names.append(job.name)
    return names
