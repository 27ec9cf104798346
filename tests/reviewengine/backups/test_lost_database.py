"""The day it is for: the configured database is damaged, or gone, and the commands bring it back."""

import os
import subprocess
import sys

import pytest
from django.core.management import call_command

from reviewengine import conf
from reviewengine.backups import databases
from reviewengine.backups.restoring import restore_backup
from reviewengine.backups.services import run_backup
from tests.reviewengine.backups.addresses import url_of

pytestmark = pytest.mark.slow
PEOPLE = "SELECT count(*) FROM auth_user"


@pytest.fixture
def manage(home):
    """Runs a command of a Review Engine whose configured database is ``live``."""

    def run(*arguments):
        environment = {**os.environ, "DATABASE_URL": url_of("live"), "REVIEWENGINE_HOME": str(home)}
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(command, env=environment, cwd=conf.BASE_DIR, capture_output=True, text=True, check=True)

    return run


@pytest.fixture
def live(people):
    """The database of a running installation, with a backup of it."""
    run = run_backup()
    restore_backup(name=run.name, into="live")
    return run


def test_the_live_database_is_replaced_and_the_damaged_one_kept(live, manage, execute, query):
    execute("live", "DELETE FROM auth_user")
    said = manage("backup_restore", live.name, "--into", "live", "--force").stdout
    kept_as = said.split("is now the database '")[1].split("'")[0]
    assert (query("live", PEOPLE), query(kept_as, PEOPLE)) == (20, 0)


def test_a_database_that_is_gone_is_made_again(live, manage, query):
    databases.drop("live")
    assert live.name in manage("backup_list").stdout
    manage("backup_restore", "latest", "--into", "live")
    assert query("live", PEOPLE) == 20


def test_the_restored_installation_works(live, manage):
    assert "is whole" in manage("backup_verify", live.name).stdout
    assert manage("migrate", "--check").returncode == 0


def test_the_restored_installation_makes_backups(live, manage, capsys):
    manage("backup_run")
    call_command("backup_list")
    assert len(capsys.readouterr().out.splitlines()) == 2
