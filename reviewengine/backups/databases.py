"""The server's databases: connecting, making, dropping and renaming them, and the lock that lets one run at a time."""

import hashlib
import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg2
from django.db import connection
from psycopg2 import sql
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ

from reviewengine.backups.errors import BackupBusyError, BackupError
from reviewengine.backups.fingerprint import table_names

LOCK = 0xBAC0
# Where commands about other databases are given; a server has at least one of them.
_MAINTENANCE = ("postgres", "template1")


def parameters(database: str | None = None) -> dict[str, Any]:
    """How to reach the server of DATABASE_URL, as libpq names it; ``database`` instead of the configured one."""
    wanted = {key: value for key, value in connection.get_connection_params().items() if isinstance(value, str | int)}
    return {**wanted, "dbname": database} if database else wanted


def current_database() -> str:
    """The name of the configured database."""
    return str(parameters()["dbname"])


@contextmanager
def connected(database: str | None = None) -> Iterator[Any]:
    """A connection of its own, closed at the end. Raises BackupError when the server refuses it."""
    try:
        opened = psycopg2.connect(**parameters(database))
    except psycopg2.OperationalError as error:
        raise BackupError(f"PostgreSQL cannot be reached: {first_line(error)}.", "Check DATABASE_URL.") from error
    with closing(opened):
        try:
            yield opened
        except psycopg2.Error as error:
            raise BackupError(f"PostgreSQL gave up: {first_line(error)}.", "See the server's log.") from error


@contextmanager
def locked(*, snapshot: bool = False) -> Iterator[Any]:
    """A cursor in a transaction that holds the lock; with ``snapshot`` it sees the database as it is now, unchanging.

    Raises BackupBusyError when another process holds the lock. It belongs to the transaction, so it works behind
    PgBouncer and ends with the process.
    """
    with connected() as opened:
        if snapshot:
            opened.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ, readonly=True)
        with opened.cursor() as cursor:
            cursor.execute("SELECT set_config('idle_in_transaction_session_timeout', '0', true)")
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                raise BackupBusyError
            yield cursor


@contextmanager
def _commanding() -> Iterator[Any]:
    """A cursor outside of any transaction, in a database that no command here touches."""
    with connected(_maintenance_database()) as opened:
        opened.autocommit = True
        with opened.cursor() as cursor:
            try:
                yield cursor
            except psycopg2.errors.InsufficientPrivilege as error:
                raise BackupError(
                    f"The database user may not do this: {first_line(error)}.",
                    "Grant it CREATEDB (ALTER ROLE ... CREATEDB), or restore with --into an empty database.",
                ) from error


def _maintenance_database() -> str:
    for name in _MAINTENANCE:
        try:
            with connected(name):
                return name
        except BackupError:
            continue
    return current_database()


def exists(database: str) -> bool:
    """Whether the server has a database of this name."""
    with _commanding() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        return cursor.fetchone() is not None


def has_tables(database: str) -> bool:
    """Whether the database holds any table of its own."""
    with connected(database) as opened, opened.cursor() as cursor:
        return bool(table_names(cursor))


def create(database: str) -> None:
    """Makes an empty database with the encoding and collation of the configured one, where that still exists."""
    with _commanding() as cursor:
        command = sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(database))
        cursor.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = %s",
            [current_database()],
        )
        if like := cursor.fetchone():
            command += sql.SQL(" ENCODING {} LC_COLLATE {} LC_CTYPE {}").format(*map(sql.Literal, like))
        cursor.execute(command)


def drop(database: str) -> None:
    """Drops a database, and ends the sessions that are in it."""
    with _commanding() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def swap_in(new: str, name: str, *, keep_as: str) -> None:
    """Gives ``new`` the name of an existing database, which lives on as ``keep_as``. Ends the sessions in it."""
    with _commanding() as cursor:
        rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        _end_sessions(cursor, name)
        cursor.execute(rename.format(sql.Identifier(name), sql.Identifier(keep_as)))
        cursor.execute(rename.format(sql.Identifier(new), sql.Identifier(name)))


def _end_sessions(cursor: Any, database: str) -> None:
    cursor.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", [database])
    cursor.fetchall()


def new_scratch_name() -> str:
    """A name for a database that is dropped again. It tells whose check it is: installations can share a server."""
    return _scratch_prefix() + secrets.token_hex(4)


def _scratch_prefix() -> str:
    owner = hashlib.sha256(current_database().encode()).hexdigest()[:8]
    return f"reviewengine_verify_{owner}_"


def drop_leftovers() -> None:
    """Drops scratch databases that a killed check has left; call it while holding the lock."""
    with _commanding() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [_scratch_prefix()])
        names = [row[0] for row in cursor.fetchall()]
    for name in names:
        drop(name)


def first_line(error: Exception) -> str:
    """The server's own words, without its stop."""
    return str(error).strip().splitlines()[0].rstrip(".") if str(error).strip() else type(error).__name__
