"""Files of submissions: JSON lines or CSV, plain or gzipped, read line by line."""

import csv
import gzip
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import orjson
from pydantic import ValidationError

from moderation.ingest.faults import faults
from moderation.ingest.schemas import ContentIn

FIELDS = set(ContentIn.model_fields) - {"mode"}


class ImportFault(Exception):
    """The file as a whole cannot be read: what is wrong, and what would mend it."""


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One line: a valid ``item``, or a ``fault`` in words. ``labels`` are what people said of it (name to 0 or 1)."""

    line: int
    item: ContentIn | None = None
    fault: str = ""
    labels: dict[str, int] = field(default_factory=dict)


def read_rows(path: Path) -> Iterator[ImportRow]:
    """The rows of ``path``; ``.csv`` is CSV with a header, anything else JSON lines; ``.gz`` is unpacked.

    A line without ``external_id`` gets ``<file name>:<line>``, so that a second import finds it again. Fields that a
    submission does not have are kept as metadata. Raises ImportFault when the file cannot be read.
    """
    name = path.name.removesuffix(".gz")
    try:
        with _open(path) as file:
            lines = _csv_lines(file) if name.endswith(".csv") else _json_lines(file)
            for number, raw in lines:
                yield _row(raw, number, f"{name}:{number}")
    except FileNotFoundError as error:
        raise ImportFault(f"There is no file {path}.") from error
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise ImportFault(f"{path} cannot be read ({error}); it must be UTF-8, JSON lines or CSV.") from error


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def _json_lines(file: IO[str]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(file, start=1):
        if line.strip():
            try:
                yield number, orjson.loads(line)
            except orjson.JSONDecodeError:
                yield number, None


def _csv_lines(file: IO[str]) -> Iterator[tuple[int, Any]]:
    csv.field_size_limit(16_777_216)
    reader = csv.DictReader(file)
    if "text" not in (reader.fieldnames or []):
        raise ImportFault("The CSV file needs a header line with a column 'text'.")
    for number, row in enumerate(reader, start=2):
        yield number, {key: value for key, value in row.items() if key and value not in (None, "")}


def _row(raw: Any, line: int, default_id: str) -> ImportRow:
    if not isinstance(raw, dict):
        return ImportRow(line, fault="is not a JSON object")
    known = {key: value for key, value in raw.items() if key in FIELDS}
    extra = {key: value for key, value in raw.items() if key not in FIELDS and key != "labels"}
    try:
        labels = _labels(raw.get("labels"))
        item = ContentIn.model_validate({"external_id": default_id[-255:], "metadata": extra, **known})
    except ValidationError as error:
        return ImportRow(line, fault="; ".join(f"{f['pointer']} {f['detail']}" for f in faults(error)))
    except ValueError as error:
        return ImportRow(line, fault=str(error))
    return ImportRow(line, item, labels=labels)


def _labels(raw: Any) -> dict[str, int]:
    """Labels as an object of 0 and 1; in CSV as its JSON. Raises ValueError."""
    found = orjson.loads(raw) if isinstance(raw, str) and raw.startswith("{") else raw or {}
    if not isinstance(found, dict) or not all(value in (0, 1) for value in found.values()):
        raise ValueError('/labels must look like {"toxicity": 1, "spam": 0}')
    return found
