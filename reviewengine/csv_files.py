"""CSV that is safe to open in a spreadsheet: no cell begins what a spreadsheet would run."""

import csv
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

CONTENT_TYPE = "text/csv; charset=utf-8"
BYTE_ORDER_MARK = "\ufeff"  # without it, spreadsheets take UTF-8 for something else
# Spreadsheets run what begins so, after blanks too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class _Line:
    """What the writer of csv writes to: it hands every line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """The rows as lines with their ends, each written when it is asked for."""
    writer = csv.writer(_Line())
    return (writer.writerow(map(cell, row)) for row in rows)


def cell(value: Any) -> Any:
    """A value as a cell: times in UTC, lists in one cell, and nothing that a spreadsheet would run."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
