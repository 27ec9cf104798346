"""The configuration's schedule in django-celery-beat's table."""

import pytest
from django.core.management import call_command
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from django_celery_beat.schedulers import ModelEntry

from reviewengine import conf
from reviewengine.celery import app
from reviewengine.schedule import load_schedule, shortest_gap_seconds
from reviewengine.sections import ScheduleEntry

pytestmark = pytest.mark.django_db

SWEEP = ScheduleEntry(task="shop.sweep", every_seconds=5)
NIGHTLY = ScheduleEntry(task="shop.clean", cron="30 3 * * *", queue="maintenance")


def job(name: str) -> PeriodicTask:
    return PeriodicTask.objects.get(name=name)


def test_an_interval_job_is_made_with_its_queue_and_an_expiry_below_its_interval():
    load_schedule(entries={"sweep": ScheduleEntry(task="shop.sweep", every_seconds=5, queue="webhooks")})
    sweep = job("sweep")
    assert (sweep.task, sweep.queue, sweep.interval.every, sweep.interval.period) == (
        "shop.sweep", "webhooks", 5, "seconds",
    )  # fmt: skip
    assert (sweep.expire_seconds, sweep.enabled, sweep.crontab) == (4, True, None)


def test_a_cron_job_runs_in_utc():
    load_schedule(entries={"nightly": NIGHTLY})
    cron = job("nightly").crontab
    assert (cron.minute, cron.hour, cron.day_of_month, cron.month_of_year, cron.day_of_week, str(cron.timezone)) == (
        "30", "3", "*", "*", "*", "UTC",
    )  # fmt: skip


def test_loading_again_changes_nothing():
    entries = {"sweep": SWEEP, "nightly": NIGHTLY}
    assert load_schedule(entries=entries).created == ["sweep", "nightly"]
    before = job("sweep").date_changed
    assert load_schedule(entries=entries).unchanged == ["sweep", "nightly"]
    assert (job("sweep").date_changed, IntervalSchedule.objects.count()) == (before, 1)


def test_a_job_that_an_operator_switched_off_stays_off():
    load_schedule(entries={"sweep": SWEEP})
    PeriodicTask.objects.update(enabled=False)
    assert load_schedule(entries={"sweep": SWEEP}).unchanged == ["sweep"]
    assert not job("sweep").enabled


def test_a_new_rhythm_in_the_configuration_wins_and_leaves_the_operators_switch_alone():
    load_schedule(entries={"sweep": SWEEP})
    PeriodicTask.objects.update(enabled=False)
    assert load_schedule(entries={"sweep": NIGHTLY}).changed == ["sweep"]
    assert (job("sweep").interval, job("sweep").crontab.hour, job("sweep").enabled) == (None, "3", False)


def test_the_configuration_changing_its_mind_switches_a_job_off_and_on():
    load_schedule(entries={"sweep": SWEEP})
    load_schedule(entries={"sweep": SWEEP.model_copy(update={"enabled": False})})
    assert not job("sweep").enabled
    load_schedule(entries={"sweep": SWEEP})
    assert job("sweep").enabled


def test_a_job_that_left_the_configuration_is_switched_off_and_comes_back_with_it():
    load_schedule(entries={"sweep": SWEEP, "nightly": NIGHTLY})
    assert load_schedule(entries={"nightly": NIGHTLY}).disabled == ["sweep"]
    assert (job("sweep").enabled, job("sweep").description) == (False, "No longer in the configuration.")
    load_schedule(entries={"sweep": SWEEP})
    assert job("sweep").enabled


def test_a_job_made_in_the_console_is_left_alone():
    load_schedule(entries={"sweep": SWEEP})
    PeriodicTask.objects.create(name="mine", task="shop.count", interval=job("sweep").interval)
    assert load_schedule(entries={}).disabled == ["sweep"]
    assert job("mine").enabled


def test_beat_sends_the_job_to_its_queue_with_its_expiry():
    load_schedule(entries={"sweep": SWEEP})
    entry = ModelEntry(job("sweep"), app=app)
    assert (entry.task, entry.options["queue"], entry.options["expires"]) == ("shop.sweep", "maintenance", 4)


@pytest.mark.parametrize(
    ("cron", "seconds"),
    [
        ("0 2 * * *", 86_400),
        ("*/5 * * * *", 300),
        ("0 */6 * * *", 21_600),
        ("0,10 8 * * *", 600),
        ("0 0,23 * * 1", 3600),
    ],
)
def test_the_shortest_gap_of_a_cron_line(cron, seconds):
    assert shortest_gap_seconds(ScheduleEntry(task="shop.clean", cron=cron)) == seconds


def test_schedule_load_says_what_it_did(capsys):
    call_command("schedule_load")
    names = ", ".join(conf.load().schedule)
    assert capsys.readouterr().out == f"created: {names}\n"
    call_command("schedule_load")
    assert capsys.readouterr().out == f"unchanged: {names}\n"


def test_every_shipped_job_names_a_task_that_workers_know_and_a_queue_that_they_read(settings):
    app.loader.import_default_modules()
    queues = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    for name, entry in conf.load().schedule.items():
        assert entry.task in app.tasks, name
        assert entry.queue in queues, name
