"""Retention deletes what is too old, but never the newest complete backup."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from reviewengine.backups.manifest import new_name
from reviewengine.backups.models import BackupRun
from reviewengine.backups.services import list_backups, prune_backups, run_backup


@pytest.fixture
def aged(folder, db):
    """Puts a backup of a given age into the target; only its files matter here."""
    (folder / "backups").mkdir()

    def put(days, *, complete=True):
        name = new_name("reviewengine", timezone.now() - timedelta(days=days))
        (folder / "backups" / f"{name}.dump").write_bytes(b"PGDMP")
        if complete:
            (folder / "backups" / f"{name}.json").write_text("{}")
        return name

    return put


def names():
    return [backup.name for backup in list_backups()]


def test_only_what_is_older_than_the_days_is_deleted(aged):
    young, old = aged(29), aged(31)
    assert prune_backups() == [old]
    assert names() == [young]


def test_the_newest_complete_backup_stays_however_old(aged):
    newest, older, incomplete = aged(100), aged(101), aged(90, complete=False)
    assert set(prune_backups()) == {older, incomplete}
    assert names() == [newest]


def test_the_days_come_from_the_configuration(aged, configure):
    configure(keep_days=1)
    aged(0)
    old = aged(2)
    assert prune_backups() == [old]


def test_files_that_are_not_backups_are_left_alone(aged, folder):
    aged(0)
    (folder / "backups" / "notes.json").write_text("mine")
    prune_backups(now=timezone.now() + timedelta(days=1000))
    assert (folder / "backups" / "notes.json").read_text() == "mine"


def test_the_run_of_a_deleted_backup_says_so(home):
    first = run_backup()
    run_backup()
    prune_backups(now=timezone.now() + timedelta(days=31))
    first.refresh_from_db()
    assert first.removed_at
    assert BackupRun.objects.kept().count() == 1


def test_the_list_is_newest_first_and_marks_the_incomplete(aged, capsys):
    old, new = aged(2), aged(1, complete=False)
    call_command("backup_list")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [new, old]
    assert [line.endswith("incomplete") for line in lines] == [True, False]


def test_an_empty_target_says_how_to_begin(folder, capsys):
    call_command("backup_list")
    assert capsys.readouterr().err == "No backups yet. Make one with: manage.py backup_run\n"
