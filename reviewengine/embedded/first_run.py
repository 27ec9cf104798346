"""What the first start made for the person who started it: a login, an API key and a request to try.

A first-run command of the product writes it, `make run` shows it at every start. The file is the only place where the
key can be read again; once it is deleted nothing brings it back.
"""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class FirstRun:
    """`curl` may hold `{url}`, which is replaced by the address of the running web server."""

    username: str
    password: str
    api_key: str
    curl: str


def path(home: Path) -> Path:
    return home / "first-run.json"


def done(home: Path) -> bool:
    """Answer whether the first-run commands have been run, whatever became of first-run.json since."""
    return _mark(home).exists()


def mark_done(home: Path) -> None:
    _mark(home).touch()


def write(home: Path, found: FirstRun) -> None:
    """Write the details, readable by their owner only."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    building = path(home).with_suffix(".building")
    building.unlink(missing_ok=True)
    with os.fdopen(os.open(building, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(found), file, indent=2)
    building.replace(path(home))


def read(home: Path) -> FirstRun | None:
    """Answer the details, or None when the file is gone or not ours."""
    try:
        return FirstRun(**json.loads(path(home).read_text()))
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return None


def _mark(home: Path) -> Path:
    return home / "first-run.done"
