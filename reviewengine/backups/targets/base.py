"""The contract of a backup target: a place that keeps files. One file a kind of target, one line in the registry."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, Self


class BackupTarget(ABC):
    """A place that keeps files under flat names. Every method raises BackupError with one clear sentence.

    Built from a block under ``backups.targets`` in the configuration; ``name`` is the block's key.
    """

    kind: ClassVar[str]

    def __init__(self, name: str) -> None:
        self.name = name

    @classmethod
    @abstractmethod
    def build(cls, name: str, options: Mapping[str, Any]) -> Self:
        """The target that ``options`` describe; an option that is not known is an error."""

    @abstractmethod
    def store(self, source: Path, name: str) -> None:
        """Keeps a copy of the file, all or nothing: no reader ever sees half of it. It is durable on return."""

    @abstractmethod
    def fetch(self, name: str, destination: Path) -> None:
        """Copies a kept file to ``destination``."""

    @abstractmethod
    def list(self) -> dict[str, int]:
        """The names of the kept files, with their sizes in bytes."""

    @abstractmethod
    def delete(self, name: str) -> None:
        """Removes a kept file; one that is gone already is no error."""
