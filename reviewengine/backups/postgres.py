"""Dumping and restoring: the only place that runs pg_dump and pg_restore."""

import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from reviewengine.backups.databases import parameters
from reviewengine.backups.errors import BackupError
from reviewengine.embedded.binaries import postgres_clients

# libpq's parameters and the environment variables that hand them to its programs: nothing secret on a command line.
_ENVIRONMENT = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "passfile": "PGPASSFILE",
    "options": "PGOPTIONS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "channel_binding": "PGCHANNELBINDING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
# pg_restore from PostgreSQL 17 on sets it, servers before do not know it, and nothing depends on it.
_HARMLESS = "transaction_timeout"


_NEEDS_TLS = ("require", "verify-ca", "verify-full")


@dataclass(frozen=True, slots=True)
class Clients:
    """A folder with pg_dump and pg_restore, and their major version."""

    folder: Path
    major: int


def choose_clients(server_major: int) -> Clients:
    """The programs of the server's own version, else of the nearest newer one, that can speak to it.

    Raises BackupError when there are only older ones (pg_dump refuses a server newer than itself), or only ones
    without TLS (the wheel's are) where the connection demands it.
    """
    found = [Clients(folder, int(version.split(".")[0])) for folder, version in postgres_clients()]
    usable = [clients for clients in found if clients.major >= server_major]
    if parameters().get("sslmode") in _NEEDS_TLS:
        usable = [clients for clients in usable if speaks_tls(clients.folder)]
    if usable:
        return min(usable, key=lambda clients: clients.major)
    have = ", ".join(sorted({str(clients.major) for clients in found})) or "none"
    raise BackupError(
        f"No pg_dump fits the server, which is PostgreSQL {server_major} (found: {have}).",
        f"Install the package postgresql-client-{server_major} on this machine.",
    )


def server_major(cursor: Any) -> int:
    """The server's major version."""
    return int(cursor.connection.server_version) // 10_000


def dump(clients: Clients, *, snapshot: str, destination: Path) -> None:
    """Writes the configured database, as it is in the exported ``snapshot``, in PostgreSQL's custom format."""
    options = ["--format=custom", f"--compress={compression(clients.folder)}", f"--snapshot={snapshot}"]
    destination.touch(mode=0o600)
    _run(clients, "pg_dump", [*options, "--no-password", f"--file={destination}"], parameters())


def restore(clients: Clients, *, source: Path, database: str) -> None:
    """Fills an empty database from a dump. What is restored belongs to the configured user."""
    options = ["--no-owner", "--no-privileges", "--no-password", f"--dbname={database}"]
    _run(clients, "pg_restore", [*options, str(source)], parameters(database))


@cache
def compression(folder: Path) -> str:
    """The best compression that this pg_dump was built with: zstd, else gzip."""
    return "6" if "compress" in _probe(folder, "--compress=zstd:3") else "zstd:3"


@cache
def speaks_tls(folder: Path) -> bool:
    """Whether this pg_dump was built with TLS."""
    return "SSL support is not compiled in" not in _probe(folder, sslmode="require")


def _probe(folder: Path, *options: str, sslmode: str = "disable") -> str:
    """What pg_dump complains of. It refuses what it cannot do before it connects, so no server is needed."""
    command = [str(folder / "pg_dump"), "--format=custom", "--host=/nonexistent", "--file=/dev/null", *options]
    environment = {"PGSSLMODE": sslmode, "LC_MESSAGES": "C"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=30, check=False).stderr


def _run(clients: Clients, program: str, options: Sequence[str], connection: dict[str, Any]) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    environment |= {_ENVIRONMENT[key]: str(value) for key, value in connection.items() if key in _ENVIRONMENT}
    environment |= {"PGDATABASE": str(connection["dbname"]), "LC_MESSAGES": "C"}
    result = subprocess.run(
        [clients.folder / program, *options], env=environment, capture_output=True, text=True, check=False
    )
    if result.returncode and (faults := _faults(result.stderr)):
        raise BackupError(f"{program} failed: {faults[0]}.", _mend(faults[0]))
    if result.returncode < 0:
        raise BackupError(f"{program} was ended by signal {-result.returncode}.", "Try again.")


def _faults(output: str) -> list[str]:
    """What the program complained of, less what is harmless."""
    lines = [
        match[1].rstrip(".") for line in output.splitlines() if (match := re.match(r"\S+: (?:error|fatal): (.*)", line))
    ]
    counted = [line for line in lines if _HARMLESS not in line]
    return counted if lines else output.strip().splitlines()[-1:] or ["it gave no reason"]


def _mend(fault: str) -> str:
    if "No space left" in fault:
        return "Free space under REVIEWENGINE_HOME, where dumps are written first."
    if "SSL support is not compiled in" in fault:
        return "Install the package postgresql-client: its programs speak TLS."
    if "permission denied" in fault:
        return "The database user must own what it dumps, or be a member of pg_read_all_data."
    return ""
