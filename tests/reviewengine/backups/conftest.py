"""A home of its own for every test of backups, and no database left behind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from reviewengine import conf
from reviewengine.backups import databases


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """REVIEWENGINE_HOME with one local target, ``backups``, for tests that dump nothing."""
    configured = conf.load().model_copy(update={"home": tmp_path})
    monkeypatch.setattr(conf, "load", lambda: configured)
    return tmp_path


@pytest.fixture
def home(folder, transactional_db) -> Iterator[Path]:
    """The same with a database that other processes see; databases that the test makes are dropped after it."""
    before = database_names()
    yield folder
    for name in database_names() - before:
        databases.drop(name)


@pytest.fixture
def people(home) -> list[User]:
    """Rows worth keeping."""
    return [User.objects.create(username=f"person{n}", first_name="Zoë 🌱", last_name="O'Neil\n\\") for n in range(20)]


@pytest.fixture
def configure(monkeypatch):
    """Changes values under ``backups`` in the configuration of the test."""

    def change(**values):
        config = conf.load()
        backups = config.backups.model_copy(update=values)
        monkeypatch.setattr(conf, "load", lambda: config.model_copy(update={"backups": backups}))

    return change


def database_names() -> set[str]:
    with databases.connected() as opened, opened.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {row[0] for row in cursor.fetchall()}


@pytest.fixture
def all_databases():
    """Reads the names of the server's databases."""
    return database_names


@pytest.fixture
def query():
    """Reads one value from a database of the server."""

    def read(database, statement):
        with databases.connected(database) as opened, opened.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()[0]

    return read


@pytest.fixture
def execute():
    """Changes a database of the server."""

    def run(database, statement):
        with databases.connected(database) as opened, opened.cursor() as cursor:
            cursor.execute(statement)
            opened.commit()

    return run
