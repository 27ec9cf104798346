"""What is written beside every backup, so that it can be found, checked and restored without any database."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Self

from reviewengine.backups.errors import BackupError

FORMAT = 1
DUMP_SUFFIX = ".dump"
MANIFEST_SUFFIX = ".json"
_NAME = re.compile(r"[a-z0-9_-]{1,80}-(?P<time>[0-9]{8}T[0-9]{6}Z)-[0-9]{6}")
_TIME = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class TableMark:
    """How many rows a table had, and a checksum over them that does not depend on their order."""

    rows: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One backup: what it is of, how to know it is whole, and what each table held in the dumped snapshot."""

    name: str
    created_at: datetime
    database: str
    server_version: str
    size_bytes: int
    sha256: str
    tables: Mapping[str, TableMark]

    @property
    def row_count(self) -> int:
        """All rows of all tables."""
        return sum(mark.rows for mark in self.tables.values())

    def to_json(self) -> str:
        """The text of the manifest file."""
        facts = {"format": FORMAT, **asdict(self), "created_at": self.created_at.isoformat()}
        return json.dumps(facts, indent=1, sort_keys=True) + "\n"

    @classmethod
    def from_json(cls, text: str, *, name: str) -> Self:
        """The manifest in a file. Raises BackupError when it is not one."""
        try:
            facts = json.loads(text)
            if facts.pop("format") != FORMAT or facts["name"] != name:
                raise ValueError
            return cls(**{**facts, "created_at": datetime.fromisoformat(facts["created_at"]), "tables": _tables(facts)})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BackupError(
                f"The manifest of {name} is damaged or of a newer version.", "Use another backup."
            ) from error


def _tables(facts: dict[str, Any]) -> dict[str, TableMark]:
    return {table: TableMark(**mark) for table, mark in facts["tables"].items()}


def new_name(database: str, now: datetime) -> str:
    """A name that sorts by time, to the microsecond, and is not used twice."""
    safe = re.sub(r"[^a-z0-9_-]", "-", database.lower())[:80] or "database"
    return f"{safe}-{now.astimezone(UTC).strftime(_TIME)}-{now.microsecond:06d}"


def is_name(text: str) -> bool:
    """Whether this can be a backup's name: nothing that leads out of a target can."""
    return _NAME.fullmatch(text) is not None


def time_of(name: str) -> datetime:
    """When the backup of this name was begun."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError(f"{name!r} is not the name of a backup")
    return datetime.strptime(found["time"], _TIME).replace(tzinfo=UTC)
