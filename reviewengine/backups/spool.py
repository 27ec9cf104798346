"""The folder in which dumps are written before they are stored, and read before they are restored."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reviewengine import conf
from reviewengine.backups.errors import BackupError


@contextmanager
def spool(purpose: str) -> Iterator[Path]:
    """A private folder under REVIEWENGINE_HOME, gone at the end. ``purpose`` is the first part of its name."""
    root = conf.load().home / "spool"
    folder: Path | None = None
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=f"{purpose}-", dir=root))
        yield folder
    except OSError as error:
        raise BackupError(
            f"The spool {root} cannot be used: {error.strerror}.", "Free space there, or set REVIEWENGINE_HOME."
        ) from error
    finally:
        if folder:
            shutil.rmtree(folder, ignore_errors=True)


def clear_spool(purpose: str) -> None:
    """Removes what killed processes left; call it only when nobody else can be at work for this purpose."""
    for folder in (conf.load().home / "spool").glob(f"{purpose}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
