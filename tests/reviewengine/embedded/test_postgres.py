"""The embedded PostgreSQL: private, durable over restarts, and plain about what stops it."""

import os
import shutil
import signal
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest

from reviewengine.embedded import urls
from reviewengine.embedded.binaries import find_postgres
from reviewengine.embedded.errors import StackError
from reviewengine.embedded.home import Home
from reviewengine.embedded.postgres import Postgres
from reviewengine.embedded.privileges import NAMESPACE, Identity, as_user, choose_identity
from reviewengine.embedded.process import Child
from reviewengine.embedded.services import running_services
from reviewengine.embedded.unit import wait_until_ready


def query(home, sql):
    with closing(psycopg2.connect(home.database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def serving(home):
    return running_services(home.root, valkey=False, throwaway=True)


def test_a_restart_keeps_the_data(home):
    with serving(home):
        query(home, "CREATE TABLE kept AS SELECT 42 AS number")
    with serving(home):
        assert query(home, "SELECT number FROM kept") == [(42,)]


def test_no_port_is_opened(home):
    with serving(home):
        assert query(home, "SHOW listen_addresses") == [("",)]


def test_a_wrong_password_is_refused(home):
    with serving(home):
        urls.password_file(home.root).write_text("guessed\n")
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            query(home, "SELECT 1")


def test_data_of_another_major_version_is_left_alone(home):
    home.postgres_data.mkdir()
    (home.postgres_data / "PG_VERSION").write_text("16\n")

    with pytest.raises(StackError, match=r"was written by PostgreSQL 16, but this is PostgreSQL 18\..*`make reset`"):
        Postgres.of(home).prepare()
    assert [path.name for path in home.postgres_data.iterdir()] == ["PG_VERSION"]


def test_a_broken_first_start_leaves_no_data_folder(home):
    broken = Postgres.of(home)
    (home.root / "initdb").write_text("#!/bin/sh\necho boom >&2; exit 1\n")
    (home.root / "initdb").chmod(0o755)
    object.__setattr__(broken.binaries, "folder", home.root)

    with pytest.raises(StackError, match=r"could not make its data folder. Its last words: \n    boom"):
        broken.prepare()
    assert not home.postgres_data.exists()


def test_stale_files_of_a_killed_server_do_not_stop_a_start(home):
    with serving(home):
        pass
    # The id now belongs to a living process of another kind: this one.
    (home.postgres_data / "postmaster.pid").write_text(f"{os.getpid()}\n{home.postgres_data}\n")
    (home.sockets / ".s.PGSQL.5432.lock").write_text(f"{os.getpid()}\n")
    (home.sockets / ".s.PGSQL.5432").write_text("")

    with serving(home):
        assert query(home, "SELECT 1") == [(1,)]


def test_a_server_that_outlived_its_supervisor_is_stopped_first(home):
    server = Postgres.of(home, throwaway=True)
    server.prepare()
    orphan = Child(server.spec())
    wait_until_ready(server, orphan)

    with serving(home):
        assert orphan.process.wait(5) == 0
        assert query(home, "SELECT 1") == [(1,)]


def test_a_killed_server_recovers(home):
    server = Postgres.of(home)
    server.prepare()
    child = Child(server.spec())
    wait_until_ready(server, child)
    query(home, "CREATE TABLE kept AS SELECT 42 AS number")
    os.kill(child.pid, signal.SIGKILL)
    child.process.wait(5)

    with serving(home):
        assert query(home, "SELECT number FROM kept") == [(42,)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root is refused by PostgreSQL")
def test_as_root_the_files_stay_roots_own(home):
    if choose_identity(home.postgres_data).prefix != NAMESPACE:
        pytest.skip("this machine allows no user namespaces, as in a chroot")
    with serving(home):
        assert query(home, "SELECT 1") == [(1,)]
        assert (home.postgres_data / "PG_VERSION").stat().st_uid == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
@pytest.mark.parametrize("identity", [as_user("nobody"), Identity(user="nobody", owner="nobody")])
def test_without_namespaces_root_runs_it_as_nobody(home, identity):
    server = Postgres(home=home, binaries=find_postgres(), identity=identity, throwaway=True)
    if identity.user and not _reachable_for_all(server.binaries.folder):
        pytest.skip(f"{server.binaries.folder} is closed to others than root")
    server.prepare()
    child = Child(server.spec())
    try:
        wait_until_ready(server, child)
        assert query(home, "SELECT 1") == [(1,)]
        assert home.postgres_data.owner() == "nobody"
        # From now on the folder's owner decides, namespaces or not.
        assert Postgres.of(home).identity == as_user("nobody")
    finally:
        child.stop()


def _reachable_for_all(folder):
    return all(path.stat().st_mode & 0o001 for path in (folder, *folder.parents))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_home_that_nobody_cannot_reach_is_named():
    with tempfile.TemporaryDirectory(prefix="re-") as closed:
        home = Home(Path(closed) / "home")
        home.prepare()
        server = Postgres(home=home, binaries=find_postgres(), identity=Identity(user="nobody", owner="nobody"))

        with pytest.raises(StackError, match=r"refuses to run as root, and the user nobody cannot reach /"):
            server.prepare()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_in_a_closed_folder_of_root_nobody_keeps_the_right_to_pass():
    with tempfile.TemporaryDirectory(prefix="re-") as closed:
        home = Home(Path(closed) / "home")
        home.prepare()
        server = Postgres(home=home, binaries=find_postgres(), identity=as_user("nobody"), throwaway=True)
        if server.identity.user is not None:
            pytest.skip("this machine does not let root hand rights on")
        server.prepare()
        with serving(home):
            assert query(home, "SELECT 1") == [(1,)]


@pytest.fixture
def small_disk():
    folder = Path(tempfile.mkdtemp(prefix="re-"))
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], capture_output=True
    ).returncode
    if mounted != 0:
        folder.rmdir()
        pytest.skip("needs the right to mount a small disk")
    yield folder
    subprocess.run(["umount", folder], check=True)
    shutil.rmtree(folder)


def test_a_full_disk_is_said_in_one_sentence(small_disk):
    home = Home(small_disk / "home")
    home.prepare()

    with pytest.raises(StackError, match=r"^The disk of .* is full, so no database could be made\. Free 200 MB there"):
        Postgres.of(home).prepare()
    assert not home.postgres_data.exists()
