"""Reads labelled texts: JSON lines, plain or gzipped, with labels in our names, OpenAI's or Perspective's."""

import gzip
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any

import orjson

from moderation.enums import Category

LONGEST_NAME = 80
LEAST_KINDS = 2  # kinds of harm that must be labelled before they say whether there is any
_NO_HARM = {
    Category.ANY_HARM, Category.SPAM, Category.PROFANITY, Category.PII, Category.URL_RISK, Category.NSFW_IMAGE
}  # fmt: skip
_HARMS = frozenset(Category.values) - {category.value for category in _NO_HARM}
_ALIASES = {
    "has-pii": Category.PII, "unsafe": Category.ANY_HARM, "harmful": Category.ANY_HARM, "flagged": Category.ANY_HARM,
}  # fmt: skip
# The columns of the evaluation set that OpenAI published.
_LETTERS = {
    "S": Category.SEXUAL, "H": Category.HATE, "V": Category.VIOLENCE, "HR": Category.HARASSMENT,
    "SH": Category.SELF_HARM, "S3": Category.SEXUAL_MINORS, "H2": Category.HATE_THREATENING,
    "V2": Category.VIOLENCE_GRAPHIC,
}  # fmt: skip


class LabelledFileFault(Exception):
    """A file cannot be used: which file and line, what is wrong, and what would mend it. Never quotes a text."""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """One row. ``labels`` maps a category to what people said; one that is absent is unknown, not False.

    ``language`` is a BCP 47 tag, ``group`` names the slice the file puts the text in; both may be empty.
    """

    text: str
    labels: Mapping[str, bool]
    language: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """A file as read. ``ignored`` counts the labels whose names are no category."""

    name: str
    rows: tuple[LabelledText, ...]
    ignored: Mapping[str, int] = field(default_factory=dict)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories that are labelled, in the order of our vocabulary."""
        known = {name for row in self.rows for name in row.labels}
        return tuple(name for name in Category.values if name in known)


def _fold(name: str) -> str:
    return name.strip().lower().replace("_", "-").replace("/", "-")


_CATEGORY_OF = {_fold(name): name for name in Category.values} | {name: c.value for name, c in _ALIASES.items()}


def category_of(name: str) -> str | None:
    """Our name of a label: ``self_harm``, ``SEVERE_TOXICITY`` and ``hate_threatening`` are understood; else None."""
    return _CATEGORY_OF.get(_fold(name))


def read_labelled(path: Path, *, label: str = "", longest: int = 50_000) -> LabelledFile:
    """The rows of one file.

    ``label`` names the category that a plain ``"label": 0`` or ``1`` speaks of, ``longest`` is the most characters a
    text may have. Raises LabelledFileFault with file and line for the first thing that is wrong.
    """
    ignored: Counter[str] = Counter()
    rows = tuple(_row(raw, f"{path}:{number}", label, longest, ignored) for number, raw in _lines(path))
    if not rows:
        raise LabelledFileFault(f'{path} is empty: it needs a line such as {{"text": "...", "labels": {{"spam": 1}}}}.')
    if not any(row.labels for row in rows):
        raise LabelledFileFault(
            f"{path} labels no category that is known here. Known: {', '.join(Category.values)}. "
            'For a plain "label" of 0 or 1, name its category with --label.'
        )
    return LabelledFile(path.name, rows, ignored)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    try:
        with _open(path) as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except FileNotFoundError as error:
        raise LabelledFileFault(f"There is no file {path}.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise LabelledFileFault(f"{path} cannot be read ({error}): it must be JSON lines, plain or as .gz.") from error


def _open(path: Path) -> gzip.GzipFile | BufferedReader:
    return gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb")


def _row(line: bytes, where: str, label: str, longest: int, ignored: Counter[str]) -> LabelledText:
    try:
        raw = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise LabelledFileFault(f"{where}: is not JSON in UTF-8 (at character {error.pos}). Mend the line.") from error
    if not isinstance(raw, dict):
        raise LabelledFileFault(f'{where}: is not an object such as {{"text": "...", "labels": {{"spam": 1}}}}.')
    text = next((raw[key] for key in ("text", "prompt", "input") if key in raw), None)
    if not isinstance(text, str):
        raise LabelledFileFault(f'{where}: has no string "text".')
    if len(text) > longest:
        raise LabelledFileFault(f"{where}: the text has {len(text):,} characters; at most {longest:,} are read.")
    labels = _with_any_harm(_labels(raw, where, label, ignored))
    group = _word(raw, where, "group") or _word(raw, where, "identity")
    return LabelledText(text, labels, _word(raw, where, "language"), group)


def _labels(raw: Mapping[str, Any], where: str, label: str, ignored: Counter[str]) -> dict[str, bool]:
    labels: dict[str, bool] = {}
    for name, value in _given(raw, where, label).items():
        category = category_of(name)
        if category is None:
            ignored[name[:LONGEST_NAME]] += 1
        elif value is not None:
            labels[category] = _truth(value, f'{where}: the label "{name}"')
    return labels


def _given(raw: Mapping[str, Any], where: str, label: str) -> dict[str, Any]:
    """The labels as they stand, by whichever name the file has for them."""
    found: Any = next((raw[key] for key in ("labels", "categories") if key in raw), {})
    if not isinstance(found, dict):
        raise LabelledFileFault(f'{where}: "labels" must look like {{"toxicity": 1, "spam": 0}}.')
    letters = {_LETTERS[key].value: raw[key] for key in _LETTERS if "prompt" in raw and key in raw}
    plain = {label: raw["label"]} if label and "label" in raw else {}
    return {**letters, **found, **plain}


def _truth(value: Any, what: str) -> bool:
    if value not in (0, 1):
        raise LabelledFileFault(f"{what} must be 0, 1, true, false, or left out where it is not known.")
    return bool(value)


def _word(raw: Mapping[str, Any], where: str, key: str) -> str:
    value = raw.get(key) or ""
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        raise LabelledFileFault(f'{where}: "{key}" must be a name of at most {LONGEST_NAME} characters.')
    return value


def _with_any_harm(labels: dict[str, bool]) -> dict[str, bool]:
    """Any harm, where the file does not say it but labels several kinds."""
    harms = [value for name, value in labels.items() if name in _HARMS]
    if Category.ANY_HARM not in labels and len(harms) >= LEAST_KINDS:
        labels[Category.ANY_HARM.value] = any(harms)
    return labels
