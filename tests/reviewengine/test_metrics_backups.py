"""The age of the last backup, as /metrics tells it."""

from datetime import UTC, datetime

import pytest

from reviewengine.backups.models import BackupRun
from reviewengine.metrics.backups import backups

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 2, 5, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 17, 2, 5, tzinfo=UTC)


def read() -> dict[tuple[str, str], float]:
    return {(s.name.rsplit("_", 2)[0], s.labels["target"]): s.value for metric in backups() for s in metric.samples}


def test_no_backup_has_no_time():
    assert read() == {}


def test_the_newest_success_and_the_newest_proof_are_told_by_target():
    BackupRun.objects.create(target="local", name="1", status="succeeded", finished_at=MONDAY, verified_at=TUESDAY)
    BackupRun.objects.create(target="local", name="2", status="succeeded", finished_at=TUESDAY)
    BackupRun.objects.create(target="remote", name="3", status="failed", finished_at=TUESDAY)
    assert read() == {
        ("reviewengine_backup_last_success", "local"): TUESDAY.timestamp(),
        ("reviewengine_backup_last_verified", "local"): TUESDAY.timestamp(),
    }
