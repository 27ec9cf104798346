"""Reads labelled texts: JSON lines, plain or gzipped, `{"text": str, "source": str, "labels": {name: 0 or 1}}`."""

import gzip
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moderation.enums import Category

# The data's names and ours. Of self_harm the data holds no positive example.
CATEGORY_OF_LABEL = {
    "toxicity": Category.TOXICITY.value,
    "harassment": Category.HARASSMENT.value,
    "hate": Category.HATE.value,
    "violence": Category.VIOLENCE.value,
    "sexual": Category.SEXUAL.value,
    "profanity": Category.PROFANITY.value,
    "spam": Category.SPAM.value,
    "self_harm": Category.SELF_HARM.value,
}
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class LabelledText:
    """One row. ``labels`` maps our category to True or False; a category that is absent is unknown, not False.

    ``weights`` says how much a label counts where that is not 1. Texts of one ``group`` are variants of each other and
    stay on one side of every split.
    """

    text: str
    source: str
    labels: dict[str, bool]
    weights: dict[str, float] = field(default_factory=dict)
    group: str = ""


def read_labelled(path: Path) -> list[LabelledText]:
    """Every row of the file. Raises ValueError with the line number where a row is not of this form."""
    return [_labelled(row, f"{path}:{number}") for number, row in _rows(path)]


def label_matrix(rows: Sequence[LabelledText], categories: Sequence[str]) -> NDArray[np.int8]:
    """One row a text, one column a category: 1, 0 or UNKNOWN."""
    return np.array([[row.labels.get(name, UNKNOWN) for name in categories] for row in rows], dtype=np.int8)


def weight_matrix(rows: Sequence[LabelledText], categories: Sequence[str]) -> NDArray[np.float32]:
    """How much each label counts, in the shape of ``label_matrix``."""
    return np.array([[row.weights.get(name, 1.0) for name in categories] for row in rows], dtype=np.float32)


def fold_of(text: str, folds: int) -> int:
    """A fold from 0 that depends on the text alone, so that equal texts never stand on both sides of a split."""
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8], "big") % folds


def _rows(path: Path) -> Iterator[tuple[int, object]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                yield number, json.loads(line)


def _labelled(row: object, where: str) -> LabelledText:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError(f'{where}: expected an object with a string "text".')
    given = row.get("labels") or {}
    labels = {CATEGORY_OF_LABEL[name]: bool(value) for name, value in given.items() if name in CATEGORY_OF_LABEL}
    return LabelledText(row["text"], str(row.get("source", "")), labels)
