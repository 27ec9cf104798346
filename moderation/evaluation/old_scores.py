"""Reads scores that another service gave: Perspective's and OpenAI's stored answers, or plain ones, line by line.

Every line is read by itself and none is kept. A line that cannot be used is told by its number, never by its words.
"""

import csv
import gzip
import io
import math
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

TEXTS = ("text", "input", "comment_text", "comment")
SCORES = ("attributeScores", "category_scores", "scores")
ANSWERS = ("response", "answer")
LONGEST_LINE = 1_000_000  # characters
LONGEST_NAME = 80


class OldScoresFault(Exception):
    """The file cannot be read at all: what is wrong and what would mend it."""


@dataclass(frozen=True, slots=True)
class OldScores:
    """One text and what it scored, by the names of the other service; or the ``fault`` of its line."""

    line: int
    text: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    fault: str = ""


class _Unusable(Exception):
    """A line that says nothing that can be compared. The message never quotes it."""


def read_old_scores(path: Path, *, longest: int = 50_000) -> Iterator[OldScores]:
    """Each line of JSON lines, or of CSV with a header (.csv); both also as .gz. ``longest``: characters of a text.

    A line looks like ``{"text": "...", "scores": {"TOXICITY": 0.83}}``, with ``attributeScores`` as Perspective
    answered them, or with ``category_scores`` as OpenAI did (within ``results`` too). In CSV every column but the text
    is a name. Raises OldScoresFault where the file cannot be opened or is no text.
    """
    names = [suffix.lower() for suffix in path.suffixes]
    with _opened(path) as file:
        try:
            yield from (_csv_lines(file, longest) if ".csv" in names else _json_lines(file, longest))
        except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error) as error:
            # A decoder's words quote what it could not read; those of csv do not.
            kind = str(error) if isinstance(error, csv.Error) else type(error).__name__
            raise OldScoresFault(
                f"{path} cannot be read further ({kind}); it must be UTF-8, plain or as .gz."
            ) from error


@contextmanager
def _opened(path: Path) -> Iterator[io.TextIOBase]:
    """The file as text; closed with the last line that is asked for."""
    try:
        opened = path.open("rb")
    except OSError as error:
        raise OldScoresFault(f"{path} cannot be opened: {error.strerror}.") from error
    with opened as raw:
        plain = gzip.GzipFile(fileobj=raw) if path.suffix.lower() == ".gz" else raw
        yield io.TextIOWrapper(plain, encoding="utf-8-sig", newline="")


def _json_lines(file: io.TextIOBase, longest: int) -> Iterator[OldScores]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if not line.endswith("\n") and len(line) == LONGEST_LINE:
            _skip_line(file)
            yield OldScores(number, fault=f"is longer than {LONGEST_LINE:,} characters")
        elif line.strip():
            yield _checked(number, lambda line=line: _from_json(line, longest))


def _skip_line(file: io.TextIOBase) -> None:
    while (rest := file.readline(LONGEST_LINE)) and not rest.endswith("\n"):
        pass


def _csv_lines(file: io.TextIOBase, longest: int) -> Iterator[OldScores]:
    rows = csv.DictReader(file)
    column = next((name for name in TEXTS if name in (rows.fieldnames or ())), None)
    if column is None:
        raise OldScoresFault(f"The CSV has no column for the text; call one of them {' or '.join(TEXTS[:3])}.")
    for row in rows:
        yield _checked(rows.line_num, lambda row=row: _from_csv(row, column, longest))


def _checked(number: int, read: Any) -> OldScores:
    try:
        text, scores = read()
    except _Unusable as fault:
        return OldScores(number, fault=str(fault))
    return OldScores(number, text, scores)


def _from_json(line: str, longest: int) -> tuple[str, dict[str, float]]:
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _Unusable(f"is no JSON (at character {error.pos})") from error
    if not isinstance(raw, dict):
        raise _Unusable("is no JSON object")
    text = next((found for found in map(_text_of, (raw, raw.get("request"))) if found is not None), None)
    given = next((found for found in map(_scores_of, _places(raw)) if found is not None), None)
    if given is None:
        raise _Unusable(f"has no scores: name them {', '.join(SCORES[:2])} or scores")
    return _usable(text, longest), _numbers(given)


def _text_of(raw: Any) -> Any:
    """The text under any of its names; Perspective's requests have it in ``comment.text``."""
    if not isinstance(raw, dict):
        return None
    found = next((raw[name] for name in TEXTS if name in raw), None)
    return found.get("text") if isinstance(found, dict) else found


def _places(raw: Mapping[str, Any]) -> Iterator[Any]:
    """Where an answer may lie: in the line itself, or as the answer that was stored beside the text."""
    for answer in (raw, *(raw.get(name) for name in ANSWERS)):
        yield answer
        results = answer.get("results") if isinstance(answer, dict) else None
        if isinstance(results, list) and len(results) == 1:
            yield results[0]


def _scores_of(raw: Any) -> dict[str, Any] | None:
    found = next((raw[name] for name in SCORES if name in raw), None) if isinstance(raw, dict) else None
    return found if isinstance(found, dict) else None


def _numbers(given: Mapping[str, Any]) -> dict[str, float]:
    """The numbers; an attribute of Perspective's is its summary score. What is null was not scored."""
    found: dict[str, float] = {}
    for name, value in given.items():
        if isinstance(value, dict):
            summary = value.get("summaryScore")
            value = summary.get("value") if isinstance(summary, dict) else None
        if value is not None:
            found[name[:LONGEST_NAME]] = _number(value)
    if not found:
        raise _Unusable("has no score")
    return found


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise _Unusable("has a score that is no number from 0 to 1")
    return float(value)


def _from_csv(row: Mapping[str, Any], column: str, longest: int) -> tuple[str, dict[str, float]]:
    scores = {name: score for name, value in row.items() if name != column and (score := _cell(value)) is not None}
    if not scores:
        raise _Unusable("has no score from 0 to 1")
    return _usable(row[column], longest), scores


def _cell(value: Any) -> float | None:
    """The score in a cell; None for an empty one, and for what is another column than a score."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) and 0 <= number <= 1 else None


def _usable(text: Any, longest: int) -> str:
    if not isinstance(text, str) or not text:
        raise _Unusable("has no text")
    if len(text) > longest:
        raise _Unusable(f"has a text of more than {longest:,} characters")
    return text
