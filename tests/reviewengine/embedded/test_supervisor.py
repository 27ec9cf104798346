"""The supervisor with real services: starts in order, restarts what crashes, stops in order, says so."""

import os
import re
import signal
import sys
from contextlib import closing

import psycopg2
import pytest
import redis

from reviewengine.embedded.binaries import find_postgres
from reviewengine.embedded.postgres import Postgres
from reviewengine.embedded.privileges import as_user

pytestmark = pytest.mark.slow
UP = "Ctrl-C stops them."


def query(home, sql):
    with closing(psycopg2.connect(home.database_url)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def lines(text):
    return [re.sub(r"\.{2,}|\d+\.\d s|\d+\.\d+(\.\d+)?", "_", line).strip() for line in text.splitlines() if line]


def test_it_starts_in_order_and_stops_when_asked(start, home):
    drill = start()
    drill.hears(UP)

    assert lines(drill.said)[1:3] == ["PostgreSQL _ _ started in _", "Valkey _ _ started in _"]
    assert drill.end(signal.SIGINT) == 0
    assert drill.said.endswith(f"Stopping, in order. Ctrl-C again to hurry.\nStopped. The data stays in {home.root}.\n")
    assert sorted(path.name for path in home.run.iterdir()) == ["stack.lock"]


def test_sigterm_stops_it_as_well(start):
    drill = start()
    drill.hears(UP)

    assert drill.end(signal.SIGTERM) == 0


def test_a_stop_during_the_start_leaves_nothing_running(start, home):
    drill = start()
    drill.hears("PostgreSQL")

    assert drill.end() == 0
    assert not (home.postgres_data / "postmaster.pid").exists()


def test_a_killed_service_is_started_again_and_said_so(start, home):
    drill = start()
    drill.hears(UP)
    query(home, "CREATE TABLE kept AS SELECT 42 AS number")
    drill.kill("postgres")
    drill.kill("valkey")

    assert "PostgreSQL _ ended (signal 9); started again in _. Log: " in "\n".join(lines(drill.said))
    assert "Valkey _ ended (signal 9); started again in _. Log: " in "\n".join(lines(drill.said))
    assert drill.end() == 0
    start().hears(UP)
    assert query(home, "SELECT number FROM kept") == [(42,)]


def test_the_fifth_crash_in_a_row_stops_the_stack(start, home):
    drill = start(own_postgres=False)
    drill.hears(UP)
    for _ in range(5):
        drill.kill("valkey")

    assert drill.process.wait(30) == 1
    assert "crashed 5 times in a row (signal 9), so everything is stopped. Its last words:" in drill.said
    assert f"The whole log: {home.logs}/valkey.log" in drill.said
    assert "Traceback" not in drill.said


def test_after_a_killed_supervisor_the_next_start_just_works(start, home):
    drill = start()
    drill.hears(UP)
    query(home, "CREATE TABLE kept AS SELECT 42 AS number")
    drill.process.kill()
    drill.process.wait()

    again = start()
    again.hears(UP)
    assert query(home, "SELECT number FROM kept") == [(42,)]
    assert redis.from_url(home.redis_url).ping() is True
    assert again.end() == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_nothing_outlives_a_killed_supervisor(start):
    drill = start()
    drill.hears(UP)
    drill.die()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_not_even_what_runs_as_another_user(start, home):
    Postgres(home=home, binaries=find_postgres(), identity=as_user("nobody")).prepare()
    drill = start()
    drill.hears(UP)
    assert query(home, "SELECT 1") == [(1,)]
    drill.die()


def test_a_second_start_on_the_same_home_is_one_sentence(start, home):
    drill = start()
    drill.hears(UP)
    second = start()

    assert second.process.wait(30) == 1
    assert second.said == (
        f"Review Engine already runs on {home.root} (process {drill.process.pid})."
        " Stop it with Ctrl-C, or set PORT and REVIEWENGINE_HOME to run a second copy beside it.\n"
    )
    assert drill.process.poll() is None


def test_data_of_another_version_is_one_sentence(start, home):
    home.postgres_data.mkdir()
    (home.postgres_data / "PG_VERSION").write_text("16\n")
    drill = start()

    assert drill.process.wait(30) == 1
    assert "was written by PostgreSQL 16, but this is PostgreSQL 18" in drill.said
    assert "Traceback" not in drill.said


def test_a_url_of_its_own_means_that_service_is_not_started(start, home):
    drill = start(own_valkey=False)
    drill.hears(UP)

    assert "Valkey" not in drill.said
    assert not (home.sockets / "valkey.sock").exists()


def test_a_closed_terminal_does_not_stop_an_orderly_end(start, home):
    drill = start()
    drill.hears(UP)

    assert drill.end(signal.SIGHUP) == 0
    assert not os.path.exists(home.postgres_data / "postmaster.pid")
