"""A restore goes into a new database; one that holds tables is replaced only by force, and kept even then."""

import re
from contextlib import closing

import psycopg2
import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import connection

from reviewengine.backups import databases
from reviewengine.backups.errors import BackupError
from reviewengine.backups.restoring import restore_backup
from reviewengine.backups.services import run_backup

PEOPLE = "SELECT count(*) FROM auth_user"


@pytest.fixture
def backup(people):
    return run_backup()


@pytest.fixture
def occupied(home, execute):
    """Another database, in which somebody keeps a table."""
    databases.create("occupied")
    execute("occupied", "CREATE TABLE precious AS SELECT 7 AS number")
    return "occupied"


def test_by_default_a_new_database_is_made(backup, query):
    done = restore_backup(name=backup.name)
    assert re.fullmatch(rf"{connection.settings_dict['NAME'][:30]}_restored_\d{{8}}_\d{{6}}", done.database)
    assert query(done.database, PEOPLE) == 20
    assert done.kept_as == ""


def test_the_restored_rows_are_the_same_to_the_letter(backup, query):
    done = restore_backup(name=backup.name)
    name = query(done.database, "SELECT first_name || last_name FROM auth_user WHERE username = 'person3'")
    assert name == "Zoë 🌱O'Neil\n\\"


def test_new_rows_get_new_numbers_in_the_restored_database(backup, query):
    done = restore_backup(name=backup.name)
    next_id = query(done.database, "SELECT nextval(pg_get_serial_sequence('auth_user', 'id'))")
    assert next_id > User.objects.order_by("-id")[0].id


def test_the_configured_database_is_not_touched(backup):
    User.objects.all().delete()
    restore_backup(name=backup.name)
    assert User.objects.count() == 0


def test_an_empty_database_is_filled(backup, query):
    databases.create("empty")
    restore_backup(name=backup.name, into="empty")
    assert query("empty", PEOPLE) == 20


def test_a_database_with_tables_is_refused_and_left_as_it_is(backup, occupied, query):
    with pytest.raises(BackupError, match=r"^The database 'occupied' is not empty: nothing was changed\."):
        restore_backup(name=backup.name, into=occupied)
    assert query(occupied, "SELECT number FROM precious") == 7


def test_force_replaces_it_and_keeps_the_old_one(backup, occupied, query, all_databases):
    done = restore_backup(name=backup.name, into=occupied, force=True)
    assert query(occupied, PEOPLE) == 20
    assert re.fullmatch(r"occupied_before_\d{8}_\d{6}", done.kept_as)
    assert query(done.kept_as, "SELECT number FROM precious") == 7
    assert not any("restoring" in name for name in all_databases())


def test_force_ends_the_sessions_that_are_in_the_way(backup, occupied, query):
    with closing(psycopg2.connect(**databases.parameters(occupied))) as session:
        session.cursor().execute("SELECT number FROM precious")
        restore_backup(name=backup.name, into=occupied, force=True)
    assert query(occupied, PEOPLE) == 20


def test_force_with_a_damaged_backup_changes_nothing(backup, occupied, home, query):
    dump = home / "backups" / f"{backup.name}.dump"
    dump.write_bytes(dump.read_bytes()[:-100])
    with pytest.raises(BackupError, match="its checksum does not fit"):
        restore_backup(name=backup.name, into=occupied, force=True)
    assert query(occupied, "SELECT number FROM precious") == 7


def test_a_restore_that_fails_half_way_leaves_no_new_database(backup, home, all_databases):
    before = all_databases()
    notes = home / "backups" / f"{backup.name}.json"
    notes.write_text(notes.read_text().replace('"rows": 20', '"rows": 21'))
    with pytest.raises(BackupError, match=r"public\.auth_user has 20 rows instead of 21"):
        restore_backup(name=backup.name)
    assert all_databases() == before


def test_latest_is_the_newest_complete_one(backup, home):
    newer = run_backup()
    (home / "backups" / f"{newer.name}.json").unlink()
    assert restore_backup().manifest.name == backup.name


@pytest.mark.parametrize("name", ["nothing", "../../etc/passwd", ""])
def test_what_is_not_a_name_is_refused(folder, name):
    with pytest.raises(BackupError, match=r"is not the name of a backup\. See backup_list\."):
        restore_backup(name=name)


def test_a_backup_that_is_not_there_is_named(folder):
    name = "reviewengine-20260101T000000Z-000000"
    with pytest.raises(BackupError, match=rf"Backup target 'local' has no file {name}\.json\. See backup_list\."):
        restore_backup(name=name)


def test_a_name_no_database_can_have_is_refused(backup):
    with pytest.raises(BackupError, match=r"'x;y' cannot be the name of a database\."):
        restore_backup(name=backup.name, into="x;y")


def test_the_command_says_what_it_did(backup, occupied, capsys):
    call_command("backup_restore", "latest", "--into", occupied, "--force")
    out = capsys.readouterr().out
    assert out.startswith(f"Restored {backup.name} into the database 'occupied': {backup.table_count} tables and ")
    assert re.search(r"What was there before is now the database 'occupied_before_\d+_\d+'\.", out)


def test_the_command_refuses_in_one_sentence(backup, occupied):
    with pytest.raises(CommandError, match=r"^The database 'occupied' is not empty: nothing was changed\."):
        call_command("backup_restore", backup.name, "--into", occupied)
