"""The embedded PostgreSQL of one home: initialised once, served over a private unix socket, never over TCP."""

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from reviewengine.embedded import urls
from reviewengine.embedded.binaries import PostgresBinaries, find_postgres
from reviewengine.embedded.errors import StackError
from reviewengine.embedded.home import Home
from reviewengine.embedded.leftovers import end_process, process_named
from reviewengine.embedded.privileges import Identity, choose_identity, require_reachable
from reviewengine.embedded.process import Child, ChildSpec

# A laptop's share of memory; the rest are PostgreSQL's own, safe defaults (fsync stays on).
SERVING = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "max_wal_size": "1GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
}
# For tests only: a crash of the machine may lose the data.
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "max_connections": "100",
}


@dataclass(frozen=True)
class Postgres:
    """One data folder with the programs that serve it."""

    home: Home
    binaries: PostgresBinaries
    identity: Identity
    throwaway: bool = False

    @classmethod
    def of(cls, home: Home, *, throwaway: bool = False) -> "Postgres":
        """Answer the server of `home`. Raises StackError when no programs are found."""
        identity = choose_identity(home.postgres_data)
        return cls(home=home, binaries=find_postgres(), identity=identity, throwaway=throwaway)

    @property
    def title(self) -> str:
        return f"PostgreSQL {self.binaries.version}"

    def prepare(self) -> None:
        """Make the data folder on the first start; later, clear what a killed server left.

        Raises StackError for a data folder of another major version, a full disk or an unreachable path.
        """
        if self.identity.owner is not None:
            self._let_in()
        found = data_version(self.home.postgres_data)
        if found is None:
            self._initialise()
        elif found != self.binaries.major:
            raise StackError(
                f"The data in {self.home.postgres_data} was written by PostgreSQL {found},"
                f" but this is PostgreSQL {self.binaries.version}.",
                "Move it with the older version's pg_dump, set REVIEWENGINE_HOME to a new folder,"
                " or drop the data with `make reset`.",
            )
        self._clear_leftovers()

    def spec(self) -> ChildSpec:
        """Answer how the server is run. SIGINT is its fast shutdown, SIGQUIT its immediate one."""
        options = {**SERVING, "unix_socket_directories": str(self.home.sockets)}
        options |= THROWAWAY if self.throwaway else {}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return ChildSpec(
            name="postgres",
            command=[*self._program("postgres"), "-D", str(self.home.postgres_data), *settings],
            log=self.home.logs / "postgres.log",
            stop_signal=signal.SIGINT,
            hurry_signal=signal.SIGQUIT,
            orphan_signal=signal.SIGINT,
            stop_seconds=30.0,
            user=self.identity.user,
            folder=self.home.postgres_data,
        )

    def is_ready(self, child: Child) -> bool:
        """Read the server's own word: the last line of postmaster.pid says ready once it takes connections."""
        lines = self._pid_file_lines()
        return len(lines) >= 8 and lines[0] == str(child.pid) and lines[7].strip() == "ready"

    def _let_in(self) -> None:
        """Let another user pass through the home (not list it), to a data and a socket folder of its own."""
        if not self.home.sockets.is_relative_to(self.home.root):
            raise StackError(
                f"The path of {self.home.root} is too long to run PostgreSQL as another user than root.",
                "Set REVIEWENGINE_HOME to a shorter path.",
            )
        self.home.root.chmod(0o711)
        self.identity.hand_over(self.home.sockets)
        require_reachable(self.identity, [self.binaries.folder, self.home.root])

    def _clear_leftovers(self) -> None:
        """End a server that outlived its supervisor (we hold the home), and disarm the files of a dead one.

        PostgreSQL would refuse to start when another program has the dead server's process id by now. Its pid file is
        kept, with the id of ourselves, which it takes for stale: the rest of the file lets it notice sessions of the
        dead server that still hold the shared memory.
        """
        for file in self.home.sockets.glob(".s.PGSQL.*"):
            file.unlink()
        lines = self._pid_file_lines()
        if not lines:
            self._pid_file.unlink(missing_ok=True)
            return
        if lines[0].isdigit() and process_named(int(lines[0]), "postgres", str(self.home.postgres_data)):
            end_process(int(lines[0]), signal.SIGINT, seconds=30.0)
        if self._pid_file.exists():
            self._pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    @property
    def _pid_file(self) -> Path:
        return self.home.postgres_data / "postmaster.pid"

    def _pid_file_lines(self) -> list[str]:
        try:
            return self._pid_file.read_text().splitlines()
        except FileNotFoundError:
            return []

    def _initialise(self) -> None:
        """Make the data folder beside its final place and rename it, so that a broken first start leaves none."""
        building = self.home.root / "postgres.building"
        shutil.rmtree(building, ignore_errors=True)
        try:
            building.mkdir(mode=0o700)
            self.identity.hand_over(building)
            self._run_initdb(building)
            self._create_database(building)
            building.rename(self.home.postgres_data)
        finally:
            shutil.rmtree(building, ignore_errors=True)

    def _run_initdb(self, folder: Path) -> None:
        command = [*self._program("initdb"), "-D", str(folder), "-U", urls.DATABASE_USER, "-A", "scram-sha-256"]
        command += ["--encoding=UTF8", "--no-instructions", *self._locale()]
        if self.throwaway:
            command.append("--no-sync")
        with self._readable_password() as password:
            self._run([*command, f"--pwfile={password}"])

    @contextlib.contextmanager
    def _readable_password(self) -> Iterator[Path]:
        """Copy the password, for the length of the block, to where the identity's user can read it, and no other."""
        copy = self.home.sockets / "initdb-password"
        copy.unlink(missing_ok=True)
        copy.touch(mode=0o600)
        try:
            copy.write_bytes(urls.password_file(self.home.root).read_bytes())
            self.identity.hand_over(copy)
            yield copy
        finally:
            copy.unlink(missing_ok=True)

    def _locale(self) -> list[str]:
        # The same order of text on every platform; the builtin provider came with PostgreSQL 17.
        if self.binaries.major < 17:
            return ["--locale=C.UTF-8"]
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]

    def _create_database(self, folder: Path) -> None:
        command = [*self._program("postgres"), "--single", "-D", str(folder)]
        if self.throwaway:
            command += ["-c", "fsync=off"]
        self._run([*command, "postgres"], stdin=f"CREATE DATABASE {urls.DATABASE_NAME};\n")

    def _run(self, command: Sequence[str], *, stdin: str = "") -> None:
        result = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            user=self.identity.user,
            extra_groups=[] if self.identity.user else None,
            cwd=self.home.sockets,
            # A Ctrl-C waits for the second this takes; the supervisor stops right after it.
            start_new_session=True,
        )
        output = result.stdout + result.stderr
        if "No space left on device" in output:
            raise StackError(
                f"The disk of {self.home.root} is full, so no database could be made.",
                "Free 200 MB there, or set REVIEWENGINE_HOME to a folder on another disk.",
            )
        # A single-user server reports a failed statement but ends with 0.
        if result.returncode != 0 or "ERROR:" in output:
            tail = "\n".join(f"    {line}" for line in output.strip().splitlines()[-6:])
            raise StackError("PostgreSQL could not make its data folder. Its last words:", f"\n{tail}")

    def _program(self, name: str) -> list[str]:
        return [*self.identity.prefix, self.binaries.path(name)]


def data_version(folder: Path) -> int | None:
    """Answer the major version that wrote this data folder, or None when there is no data."""
    try:
        return int((folder / "PG_VERSION").read_text().split(".")[0])
    except FileNotFoundError:
        return None
