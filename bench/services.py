"""One PostgreSQL and one Valkey for both contestants. They are durable: no setting is loosened for the bench."""

import contextlib
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import psycopg2

from reviewengine.embedded.binaries import find_valkey
from reviewengine.embedded.services import running_services


@dataclass(frozen=True)
class Services:
    """Where they are. ``dsn(name)`` is without a scheme, as the reference wants it."""

    database_url: str
    redis_port: int

    def dsn(self, name: str) -> str:
        parts = urlsplit(self.database_url)
        return f"{parts.username}:{parts.password}@/{name}?{parts.query}"

    def url(self, name: str) -> str:
        return f"postgresql://{self.dsn(name)}"

    @property
    def redis_url(self) -> str:
        return f"redis://127.0.0.1:{self.redis_port}"

    def create_database(self, name: str) -> None:
        with contextlib.closing(self.connect("")) as connection:
            connection.autocommit = True
            connection.cursor().execute(f'CREATE DATABASE "{name}"')

    def connect(self, name: str):
        parts = urlsplit(self.database_url)
        host = parse_qs(parts.query)["host"][0]
        database = name or parts.path.lstrip("/")
        return psycopg2.connect(dbname=database, user=parts.username, password=parts.password, host=host)

    def scalar(self, name: str, query: str) -> int:
        with contextlib.closing(self.connect(name)) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            return cursor.fetchone()[0]


@contextlib.contextmanager
def bench_services(folder: Path) -> Iterator[Services]:
    """Starts both; Valkey listens on loopback, since the reference knows no sockets."""
    with running_services(folder, valkey=False) as home:
        port = free_port()
        command = [find_valkey().path, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        valkey = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            yield Services(home.database_url, port)
        finally:
            valkey.terminate()
            valkey.wait()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
