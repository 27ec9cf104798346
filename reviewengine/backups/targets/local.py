"""Keeps backups in a folder of this machine, or of a disk that is mounted on it."""

import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from reviewengine import conf
from reviewengine.backups.errors import BackupError
from reviewengine.backups.targets.base import BackupTarget

_PART = ".part"


class LocalTarget(BackupTarget):
    """Options: ``path``, a folder. A relative one lies under REVIEWENGINE_HOME and is made; an absolute one must exist.

    That an absolute folder must exist is on purpose: a disk that is not mounted is noticed, not written around.
    """

    kind = "local"

    def __init__(self, name: str, folder: Path, *, make: bool) -> None:
        super().__init__(name)
        self.folder = folder
        self._make = make

    @classmethod
    def build(cls, name: str, options: Mapping[str, Any]) -> Self:
        path = options.get("path")
        if set(options) != {"path"} or not isinstance(path, str) or not path:
            raise BackupError(
                f"Backup target '{name}': a local target has one option, 'path'.", "See config/default.yml."
            )
        return cls(name, conf.load().home / path, make=not Path(path).is_absolute())

    def store(self, source: Path, name: str) -> None:
        part, final = self._path(f".{name}{_PART}"), self._path(name)
        with self._explained(source):
            self._prepare()
            try:
                _copy_durably(source, part)
                part.replace(final)
                _sync(self.folder)
            finally:
                part.unlink(missing_ok=True)

    def fetch(self, name: str, destination: Path) -> None:
        with self._explained():
            try:
                shutil.copyfile(self._path(name), destination)
            except FileNotFoundError as error:
                raise BackupError(f"Backup target '{self.name}' has no file {name}.", "See backup_list.") from error

    def list(self) -> dict[str, int]:
        with self._explained():
            self._prepare()
            files = [path for path in self.folder.iterdir() if path.is_file() and not path.name.startswith(".")]
            return {path.name: path.stat().st_size for path in sorted(files)}

    def delete(self, name: str) -> None:
        with self._explained():
            self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if Path(name).name != name:
            raise BackupError(f"{name!r} is not a file name.")
        return self.folder / name

    def _prepare(self) -> None:
        if self._make:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        elif not self.folder.is_dir():
            raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(self.folder))

    @contextmanager
    def _explained(self, stored: Path | None = None) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            if stored and error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise self._full(stored) from error
            raise BackupError(
                f"Backup target '{self.name}' cannot be reached: {self.folder}: {error.strerror}.",
                f"Mount or make the folder, or set backups.targets.{self.name}.path.",
            ) from error

    def _full(self, stored: Path) -> BackupError:
        needed, left = stored.stat().st_size // 1024, shutil.disk_usage(self.folder).free // 1024
        return BackupError(
            f"Backup target '{self.name}' is full: {needed} KiB do not fit, {left} KiB are left in {self.folder}.",
            "Free space there, lower backups.keep_days, or set another path.",
        )


def _copy_durably(source: Path, part: Path) -> None:
    with source.open("rb") as reader, open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as writer:
        shutil.copyfileobj(reader, writer, 1 << 20)
        writer.flush()
        os.fsync(writer.fileno())


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
