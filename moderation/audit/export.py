"""The record for third parties: JSON lines that verify themselves, and CSV for reading; sent while it is read.

A line of the former holds ``sealed``, the very text whose SHA-256 is ``hash``; that text names ``previous_hash``, the
hash of the entry before. So a file can be verified with nothing but SHA-256 and a reader of JSON.
"""

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator
from datetime import UTC
from enum import StrEnum
from typing import Any

import orjson
from django.db.models import QuerySet

from moderation.audit.chain import GENESIS, Breach
from moderation.audit.hashes import canonical, entry_facts
from moderation.models import AuditEntry
from reviewengine import csv_files

CHUNK = 1000
COLUMNS = (
    "sequence", "at", "action", "actor", "subject_type", "subject_id", "request_id", "data", "previous_hash", "hash",
)  # fmt: skip


class Format(StrEnum):
    """How the record is written."""

    JSONL = "jsonl"
    CSV = "csv"


CONTENT_TYPES = {Format.JSONL: "application/x-ndjson", Format.CSV: csv_files.CONTENT_TYPE}


def export_lines(entries: QuerySet[AuditEntry], form: Format) -> Iterator[str]:
    """The entries, oldest first, as lines with their ends."""
    rows = entries.order_by("created_at", "id").iterator(chunk_size=CHUNK)
    if form == Format.JSONL:
        return (_json_line(entry) for entry in rows)
    return csv_files.csv_lines(itertools.chain([COLUMNS], map(_cells, rows)))


def _json_line(entry: AuditEntry) -> str:
    sealed = canonical(entry_facts(entry)).decode()
    line = {"sequence": entry.sequence, "at": _moment(entry), "hash": entry.hash, "sealed": sealed}
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE).decode()


def _cells(entry: AuditEntry) -> tuple[Any, ...]:
    return (
        entry.sequence, entry.created_at, entry.action, entry.actor, entry.subject_type, entry.subject_id,
        entry.request_id, _as_json(entry), entry.previous_hash, entry.hash,
    )  # fmt: skip


def _as_json(entry: AuditEntry) -> str:
    return json.dumps(entry.data, ensure_ascii=False, sort_keys=True)


def _moment(entry: AuditEntry) -> str:
    return entry.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def verify_lines(lines: Iterable[bytes]) -> Iterator[Breach | int]:
    """Walks a file of JSON lines; yields what does not fit, and for every entry that is sealed its place in the chain.

    A selection has gaps: what stands on both sides of one is whole by itself, and that nothing is missing between them
    cannot be told from the file.
    """
    known: dict[int, str] = {0: GENESIS}
    expected: dict[int, tuple[int, str]] = {}
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        found = _read(raw)
        if found is None:
            yield Breach(None, f"line {number}", "this is no line of an export")
            continue
        sequence, claimed, sealed, facts = found
        if sequence is None:
            continue  # not sealed yet when it was exported
        if facts.get("sequence") != sequence or hashlib.sha256(sealed.encode()).hexdigest() != claimed:
            yield Breach(sequence, f"line {number}", "the entry was changed after it was sealed")
        if sequence in known and sequence != 0:
            yield Breach(sequence, f"line {number}", "the entry stands here twice")
        known[sequence] = claimed
        expected[sequence] = (number, str(facts.get("previous_hash")))
        yield sequence
    for sequence, (number, previous) in expected.items():
        if known.get(sequence - 1, previous) != previous:
            yield Breach(sequence, f"line {number}", "the entry before it is another one than was sealed")


def _read(raw: bytes) -> tuple[int | None, str, str, dict[str, object]] | None:
    """A line's parts; None for what is no line of ours."""
    try:
        line = orjson.loads(raw)
        facts = orjson.loads(line["sealed"])
        sequence = line["sequence"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    if not (
        isinstance(facts, dict) and isinstance(line["sealed"], str) and (sequence is None or type(sequence) is int)
    ):
        return None
    return sequence, str(line.get("hash")), line["sealed"], facts
