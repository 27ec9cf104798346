"""A backup is a dump and a manifest in the target, and a run that says so."""

import hashlib
import json
import re

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from reviewengine.backups import databases
from reviewengine.backups.errors import BackupBusyError, BackupError
from reviewengine.backups.models import BackupRun, BackupStatus
from reviewengine.backups.services import run_backup, run_scheduled

pytestmark = pytest.mark.usefixtures("people")


def test_the_dump_lies_in_the_target_with_the_checksum_of_the_run(home):
    run = run_backup()
    dump = (home / "backups" / f"{run.name}.dump").read_bytes()
    assert (run.status, run.size_bytes, run.sha256) == ("succeeded", len(dump), hashlib.sha256(dump).hexdigest())
    assert dump.startswith(b"PGDMP")


def test_the_manifest_counts_the_rows_of_every_table(home):
    run = run_backup()
    manifest = json.loads((home / "backups" / f"{run.name}.json").read_text())
    assert manifest["tables"]["public.auth_user"]["rows"] == 20
    assert run.table_count == len(manifest["tables"]) == len(connection.introspection.table_names())
    assert run.row_count == sum(table["rows"] for table in manifest["tables"].values())


def test_the_name_tells_database_and_time(home):
    run = run_backup()
    database = re.escape(connection.settings_dict["NAME"])
    assert re.fullmatch(rf"{database}-{run.started_at:%Y%m%dT%H%M}\d\dZ-[0-9a-f]{{6}}", run.name)


def test_nobody_else_can_read_the_files(home):
    run = run_backup()
    assert (home / "backups").stat().st_mode & 0o777 == 0o700
    assert (home / "backups" / f"{run.name}.dump").stat().st_mode & 0o777 == 0o600


def test_nothing_is_left_in_the_spool(home):
    run_backup()
    assert list((home / "spool").iterdir()) == []


def test_dump_and_checksums_are_of_one_snapshot_while_rows_change(home, monkeypatch):
    from reviewengine.backups import postgres, restoring

    dump = postgres.dump

    def dump_then_change(*args, **options):
        dump(*args, **options)
        User.objects.all().delete()

    monkeypatch.setattr(postgres, "dump", dump_then_change)
    run_backup()
    assert restoring.verify_backup().tables["public.auth_user"].rows == 20


def test_a_second_backup_at_the_same_time_is_refused_and_leaves_no_run(home):
    with databases.locked(), pytest.raises(BackupBusyError, match=r"^Another backup, check or restore is running\."):
        run_backup()
    assert not BackupRun.objects.exists()


def test_the_lock_is_free_again_after_a_failed_backup(home, configure):
    configure(targets={"local": {"kind": "local", "path": "/no/such/folder"}})
    with pytest.raises(BackupError):
        run_backup()
    with databases.locked():
        pass


def test_a_run_whose_process_died_is_failed_by_the_next(home):
    dead = BackupRun.objects.create(target="local", name="dead", started_at=timezone.now())
    leftover = home / "spool" / "backup-dead"
    leftover.mkdir(parents=True)
    run_backup()
    dead.refresh_from_db()
    assert (dead.status, dead.fault) == (BackupStatus.FAILED, "Its process ended before it was done.")
    assert not leftover.exists()


def test_the_command_says_what_it_made(home, capsys):
    call_command("backup_run")
    run = BackupRun.objects.get()
    out = capsys.readouterr().out
    assert out.startswith(f"{run.name} is in target 'local': {run.table_count} tables, {run.row_count} rows, ")
    assert out.endswith(f"Check it with: manage.py backup_verify {run.name}\n")


def test_a_target_that_is_not_configured_is_named(home):
    with pytest.raises(CommandError, match=r"There is no backup target 'moon'\. Known are: local\."):
        call_command("backup_run", "--target", "moon")


def test_the_daily_work_goes_to_every_target_and_on_after_a_fault(home, configure):
    targets = {"broken": {"kind": "local", "path": "/no/such/folder"}, "local": {"kind": "local", "path": "backups"}}
    configure(targets=targets)
    with pytest.raises(BackupError, match="Backup target 'broken' cannot be reached"):
        run_scheduled()
    assert set(BackupRun.objects.values_list("target", "status")) == {("broken", "failed"), ("local", "succeeded")}
