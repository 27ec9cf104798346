"""Probes, against the real database and the real Valkey, and against ones that are not there."""

import socket

import pytest
import redis
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from reviewengine import health

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    """Every test finds the checks as a new process does, and waits for them however busy the machine is."""
    monkeypatch.setattr(health, "ANSWER_SECONDS", 60)
    health._silent_since.clear()
    health._running.clear()
    health._migrated = False


@pytest.fixture
def no_database(monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")


@pytest.fixture
def no_redis(monkeypatch):
    """A client that is pointed to where nobody listens."""
    nobody = redis.Redis(unix_socket_path="/nowhere/valkey.sock")
    monkeypatch.setattr(health, "get_redis_connection", lambda alias: nobody)


@pytest.fixture
def silent_database(monkeypatch):
    """Takes connections, and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, port = server.getsockname()
        monkeypatch.setitem(connection.settings_dict, "HOST", host)
        monkeypatch.setitem(connection.settings_dict, "PORT", str(port))
        monkeypatch.setattr(health, "ANSWER_SECONDS", 0.2)
        yield


@pytest.mark.parametrize("path", ["/livez", "/healthz"])
def test_alive_asks_no_dependency(path, client, no_database, no_redis, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get(path)
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_when_everything_answers(client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ok\n")


def test_verbose_tells_of_every_check(client):
    assert client.get("/readyz?verbose").content == b"[+]database ok\n[+]redis ok\n[+]migrations ok\nok\n"


def test_without_the_database_it_is_not_ready_and_says_so(client, no_database):
    response = client.get("/readyz")
    assert response.status_code == 503
    assert b"[-]database down: PostgreSQL does not answer\n" in response.content
    assert b"redis" not in response.content


def test_without_redis_it_is_not_ready_and_says_so(client, no_redis):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"[-]redis down: Redis does not answer\nnot ready\n")


def test_a_check_can_be_left_out(client, no_redis):
    assert client.get("/readyz?exclude=redis").status_code == 200
    assert client.get("/readyz?verbose&exclude=redis&exclude=migrations").content == b"[+]database ok\nok\n"


def test_a_check_can_be_asked_for_alone(client, no_redis):
    assert client.get("/readyz/database").status_code == 200
    assert client.get("/readyz/redis").status_code == 503


def test_an_unknown_check_is_named_with_the_known_ones(client):
    response = client.get("/readyz/disk")
    assert response.status_code == 404
    assert response.content == b"There is no check 'disk'. Known: database, redis, migrations.\n"


@pytest.mark.django_db(transaction=True)
def test_migrations_that_wait_make_it_unready(client):
    """A committed gap in the record: the check looks over a connection of its own."""
    recorder, newest = MigrationRecorder(connection), MigrationLoader(connection).graph.leaf_nodes("moderation")[0]
    recorder.record_unapplied(*newest)
    try:
        response = client.get("/readyz")
    finally:
        recorder.record_applied(*newest)
    assert response.status_code == 503
    assert response.content == b"[-]migrations waiting: 1 to apply: run manage.py migrate\nnot ready\n"


def test_a_slow_database_is_busy_and_the_process_stays_ready(client, silent_database):
    response = client.get("/readyz/database?verbose")
    assert response.status_code == 200
    assert response.content.startswith(b"[+]database busy: no answer for")


def test_a_database_that_stays_silent_is_down(client, silent_database, monkeypatch):
    monkeypatch.setattr(health, "SILENCE_SECONDS", 0)
    assert client.get("/readyz/database").status_code == 503


def test_a_database_without_a_free_connection_is_busy(monkeypatch):
    def full(self):
        raise health.DatabaseError("connection failed: FATAL:  sorry, too many clients already")

    monkeypatch.setattr(DatabaseWrapper, "connect", full)
    assert health.health_of("database") == health.Health("busy", "no connection is free")


def test_health_names_every_dependency(client):
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json() == {"api": "ok", "database": "ok", "redis": "ok", "migrations": "ok"}
    assert response.headers["Cache-Control"] == "no-cache"


def test_health_is_503_without_the_database(client, no_database):
    response = client.get("/health")
    assert response.status_code == 503
    assert response.json() == {"api": "ok", "database": "down", "redis": "ok", "migrations": "down"}


def test_health_stays_200_without_redis(client, no_redis):
    response = client.get("/health")
    assert response.status_code == 200
    assert response.json() == {"api": "ok", "database": "ok", "redis": "down", "migrations": "ok"}


def test_no_answer_holds_an_address_or_a_password(client, no_database, no_redis, settings):
    page = client.get("/readyz?verbose").content.decode() + client.get("/health").content.decode()
    assert "/nowhere" not in page
    assert settings.DATABASES["default"]["PASSWORD"] not in page
