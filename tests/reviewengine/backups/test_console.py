"""Backup runs are facts: the console shows them and changes nothing. Beat's tasks are thin doors."""

import pytest
from django.urls import reverse
from django.utils import timezone

from reviewengine.backups import tasks
from reviewengine.backups.models import BackupRun


@pytest.fixture
def run(db):
    now = timezone.now()
    return BackupRun.objects.create(
        target="local", name="reviewengine-1", status="succeeded", finished_at=now, size_bytes=2048, row_count=7
    )


def test_the_list_shows_name_size_and_rows(admin_client, run):
    page = admin_client.get(reverse("admin:backups_backuprun_changelist")).content.decode()
    assert "reviewengine-1" in page
    assert "2.0\xa0KB" in page


def test_a_run_can_be_read_but_not_changed_or_deleted(admin_client, run):
    page = reverse("admin:backups_backuprun_change", args=[run.pk])
    assert admin_client.get(page).status_code == 200
    assert admin_client.post(page, {"fault": "none"}).status_code == 403
    assert admin_client.post(reverse("admin:backups_backuprun_delete", args=[run.pk])).status_code == 403
    assert admin_client.get(reverse("admin:backups_backuprun_add")).status_code == 403


def test_the_daily_task_makes_a_backup(home):
    tasks.run_scheduled_backup()
    assert BackupRun.objects.get().status == "succeeded"


def test_the_check_task_checks_the_newest_backup(home):
    tasks.run_scheduled_backup()
    tasks.verify_latest_backup()
    assert BackupRun.objects.get().verified_at
