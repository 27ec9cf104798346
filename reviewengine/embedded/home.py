"""The data folder of one running copy: what lies where, made private, held by one supervisor at a time."""

import errno
import fcntl
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from reviewengine.embedded import urls
from reviewengine.embedded.errors import StackError

PRIVATE = 0o700
# What Review Engine puts under a home. A reset deletes these and no other: REVIEWENGINE_HOME may hold more.
OWN_NAMES = [
    "postgres",
    "postgres.building",
    "valkey",
    "logs",
    "metrics",
    "run",
    "secrets",
    "static",
    "media",
    "spool",
    "first-run.json",
    "first-run.done",
]


@dataclass(frozen=True)
class Home:
    """The folders under REVIEWENGINE_HOME. Nothing is touched until `prepare`."""

    root: Path

    @property
    def postgres_data(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey_data(self) -> Path:
        return self.root / "valkey"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def metrics(self) -> Path:
        return self.root / "metrics"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def sockets(self) -> Path:
        return urls.socket_dir(self.root)

    @property
    def database_url(self) -> str:
        return urls.database_url(self.root)

    @property
    def redis_url(self) -> str:
        return urls.redis_url(self.root)

    def prepare(self) -> None:
        """Make the folders, owner-only, and the database password. Raises StackError when the disk does not let us."""
        try:
            for folder in (self.root, self.valkey_data, self.logs, self.run, urls.password_file(self.root).parent):
                folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            if not os.access(self.root, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            if not self.sockets.is_relative_to(self.root):
                _make_private(self.sockets)
            _write_password(urls.password_file(self.root))
        except OSError as error:
            raise StackError(
                f"The data folder {self.root} cannot be written: {error.strerror}.",
                "Set REVIEWENGINE_HOME to a folder that this user may write, on a disk with free space.",
            ) from error

    def lock(self) -> TextIO:
        """Hold this home until the answered file is closed; the kernel lets go when the process dies.

        Raises StackError when another supervisor holds it.
        """
        file = (self.run / "stack.lock").open("a+")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            file.close()
            raise StackError(
                f"Review Engine already runs on {self.root} (process {holder}).",
                "Stop it with Ctrl-C, or set PORT and REVIEWENGINE_HOME to run a second copy beside it.",
            ) from error
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        return file

    def remove(self) -> list[str]:
        """Delete everything Review Engine made under this home. Answers the names of what else lies there, kept.

        Raises StackError while a supervisor holds the home.
        """
        if not self.root.exists():
            return []
        self.run.mkdir(mode=PRIVATE, exist_ok=True)
        with self.lock():
            for name in OWN_NAMES:
                _delete(self.root / name)
            _delete(self.sockets)
        kept = sorted(path.name for path in self.root.iterdir())
        if not kept:
            self.root.rmdir()
        return kept


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _make_private(folder: Path) -> None:
    """Make a 0700 folder in the temp dir, which is everyone's, and refuse one that another user put there."""
    folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    status = folder.lstat()
    if folder.is_symlink() or status.st_uid != os.getuid():
        raise StackError(
            f"The socket folder {folder} belongs to another user.",
            "Remove it, or set REVIEWENGINE_HOME to a shorter path.",
        )
    folder.chmod(PRIVATE)


def _write_password(path: Path) -> None:
    """Write a new random password once, readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(24) + "\n")
