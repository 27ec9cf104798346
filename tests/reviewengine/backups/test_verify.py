"""A check restores a backup into a scratch database and compares it, table by table, with what was dumped."""

import json

import pytest
from django.core.management import CommandError, call_command

from reviewengine.backups import databases
from reviewengine.backups.errors import BackupError
from reviewengine.backups.models import BackupRun
from reviewengine.backups.restoring import verify_backup
from reviewengine.backups.services import run_backup


@pytest.fixture
def backup(people):
    return run_backup()


@pytest.fixture
def change_manifest(home, backup):
    """Rewrites what the manifest says of one table."""

    def change(table, **facts):
        path = home / "backups" / f"{backup.name}.json"
        manifest = json.loads(path.read_text())
        manifest["tables"][table] |= facts
        path.write_text(json.dumps(manifest))

    return change


def test_a_whole_backup_is_marked_as_checked(backup):
    verify_backup(name=backup.name)
    backup.refresh_from_db()
    assert backup.verified_at > backup.finished_at


def test_the_scratch_database_is_gone_afterwards(backup, all_databases):
    before = all_databases()
    verify_backup()
    assert all_databases() == before


def test_a_changed_file_is_found(backup, home):
    dump = home / "backups" / f"{backup.name}.dump"
    content = bytearray(dump.read_bytes())
    content[len(content) // 2] ^= 1
    dump.write_bytes(content)
    with pytest.raises(BackupError, match=r"was changed: its checksum does not fit\."):
        verify_backup()
    backup.refresh_from_db()
    assert backup.fault.startswith("Check failed: The file of ")


def test_a_missing_row_is_found(backup, change_manifest, all_databases):
    before = all_databases()
    change_manifest("public.auth_user", rows=21)
    with pytest.raises(BackupError, match=r"public\.auth_user has 20 rows instead of 21\."):
        verify_backup()
    assert all_databases() == before


def test_other_content_in_as_many_rows_is_found(backup, change_manifest):
    change_manifest("public.auth_user", checksum="12345")
    with pytest.raises(BackupError, match=r"public\.auth_user has other content in its 20 rows"):
        verify_backup()


def test_a_manifest_that_is_damaged_is_named(backup, home):
    (home / "backups" / f"{backup.name}.json").write_text('{"format": 1, "name": 3')
    with pytest.raises(BackupError, match=rf"The manifest of {backup.name} is damaged"):
        verify_backup()


def test_a_check_that_succeeds_clears_the_fault_of_an_earlier_one(backup):
    BackupRun.objects.update(fault="Check failed: the server was restarted")
    verify_backup()
    backup.refresh_from_db()
    assert backup.fault == ""


def test_scratch_databases_of_killed_checks_are_dropped(backup, all_databases):
    left, foreign = databases.new_scratch_name(), "reviewengine_verify_00000000_1"
    databases.create(left)
    databases.create(foreign)
    verify_backup()
    assert left not in all_databases()
    assert foreign in all_databases()


def test_without_a_backup_the_command_says_so(home):
    with pytest.raises(CommandError, match=r"Backup target 'local' holds no backup\. Make one with backup_run\."):
        call_command("backup_verify")


def test_the_command_says_what_was_compared(backup, capsys):
    call_command("backup_verify", backup.name)
    assert capsys.readouterr().out == (
        f"{backup.name} is whole: {backup.table_count} tables and {backup.row_count} rows "
        "were restored and agree with what was dumped.\n"
    )
