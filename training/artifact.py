"""Writes the linear heads in the form that moderation.detectors.heads reads, and checks that it reads the same."""

import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moderation.detectors.heads import COLUMNS, IDF_STEPS, load_heads

_LEVELS = 127
_LARGEST_DIFFERENCE = 0.01


def empty_table(idf: NDArray[np.float32]) -> NDArray[np.int8]:
    """A table with the inverse document frequencies filled in and no weights yet."""
    table = np.zeros((len(idf), COLUMNS), dtype=np.int8)
    table[:, COLUMNS - 1] = np.rint(idf * IDF_STEPS).astype(np.uint8).view(np.int8)
    return table


def quantised(weights: NDArray[np.floating]) -> tuple[NDArray[np.int8], float]:
    """Signed square roots in 255 levels, fine where most weights lie, and the scale that undoes them."""
    scale = float(np.abs(weights).max()) / _LEVELS**2
    return (np.sign(weights) * np.rint(np.sqrt(np.abs(weights) / scale))).astype(np.int8), scale


def restored(stored: NDArray[np.int8], scale: float) -> NDArray[np.float32]:
    """The weights as the product will use them."""
    levels = stored.astype(np.float32)
    return levels * np.abs(levels) * np.float32(scale)


def write_artifact(folder: Path, table: NDArray[np.int8], heads: list[dict[str, Any]], facts: dict[str, Any]) -> str:
    """Writes ``weights.npy`` and ``meta.json``; the answer is the version, made of the day and what was learnt."""
    folder.mkdir(parents=True, exist_ok=True)
    np.save(folder / "weights.npy", table, allow_pickle=False)
    digest = hashlib.sha256(table.tobytes() + json.dumps(heads, sort_keys=True).encode()).hexdigest()[:8]
    version = f"linear-{datetime.datetime.now(datetime.UTC):%Y.%m.%d}-{digest}"
    meta = {"version": version, **facts, "heads": heads}
    (folder / "meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")
    return version


def check_served(folder: Path, texts: list[str], logits: NDArray[np.floating]) -> None:
    """Raises SystemExit unless the product computes the same logits for the texts as the training did."""
    served = load_heads(folder).logits(texts)
    difference = float(np.abs(served - logits).max())
    if not difference < _LARGEST_DIFFERENCE:
        raise SystemExit(f"The product scores differ from the training by {difference:.3f}: {folder} must not ship.")
