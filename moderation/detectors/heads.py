"""Step 3, the linear model as it is shipped: a memory-mapped table of n-gram weights and how to score with it.

``weights.npy`` holds one row of sixteen bytes for each of 2**20 n-gram buckets: up to fifteen heads and, last, the
inverse document frequency. A byte ``q`` of a head stands for the weight ``scale * q * |q|`` (more levels near 0,
where most weights lie); a byte of the frequency for ``q / IDF_STEPS``, 0 for an n-gram never met in training.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from moderation.detectors import ngrams
from moderation.detectors.ngrams import Array

COLUMNS = 16
IDF_STEPS = 20.0
_TERM_FREQUENCY = (1 + np.log(np.arange(1, 257))).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Heads:
    """One logistic head a category over the same n-grams. What a logit is worth, ``stack`` knows."""

    categories: tuple[str, ...]
    version: str
    table: Array
    scales: Array
    biases: Array
    meta: dict[str, Any]

    def logits(self, texts: Sequence[str]) -> Array:
        """One row a text, one column a head, before calibration."""
        counted = ngrams.count(texts)
        rows = self._rows(counted.buckets)
        values = _TERM_FREQUENCY[np.minimum(counted.counts, 256) - 1] * frequencies(rows)
        norms = np.sqrt(_sums(values * values, counted.first)) + 1e-9
        weights = rows[:, : len(self.categories)].astype(np.float32)
        weights *= np.abs(weights)
        weights *= values[:, None]
        return _sums(weights, counted.first) / norms[:, None] * self.scales + self.biases

    def contributions(self, buckets: Array) -> Array:
        """How much each n-gram speaks for each head (one row an n-gram), not normalised by the text's length."""
        rows = self._rows(buckets)
        weights = rows[:, : len(self.categories)].astype(np.float32)
        contributions: Array = weights * np.abs(weights) * frequencies(rows)[:, None]
        return contributions

    def _rows(self, buckets: Array) -> Array:
        packed = self.table.view(np.complex128).reshape(-1).take(buckets)  # sixteen bytes moved as one
        return packed.view(np.int8).reshape(-1, COLUMNS)


def frequencies(rows: Array) -> Array:
    """The inverse document frequency of table rows."""
    return rows[:, COLUMNS - 1].view(np.uint8).astype(np.float32) / np.float32(IDF_STEPS)


def load_heads(folder: Path) -> Heads:
    """Reads ``meta.json`` and maps ``weights.npy``. Raises FileNotFoundError or ValueError naming the file."""
    meta = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    table = np.load(folder / "weights.npy", mmap_mode="r", allow_pickle=False)
    if table.shape != (1 << ngrams.BUCKET_BITS, COLUMNS) or table.dtype != np.int8:
        raise ValueError(f"{folder / 'weights.npy'} is not a weight table of this release: train again.")
    heads = meta["heads"]
    return Heads(
        categories=tuple(head["category"] for head in heads),
        version=meta["version"],
        table=np.asarray(table),
        scales=np.array([head["scale"] for head in heads], dtype=np.float32),
        biases=np.array([head["bias"] for head in heads], dtype=np.float32),
        meta=meta,
    )


def _sums(values: Array, first: Array) -> Array:
    """Sums of consecutive groups, a group being empty where it begins where the next one begins."""
    sizes = np.diff(np.append(first, len(values)))
    sums = np.zeros((len(first), *values.shape[1:]), dtype=values.dtype)
    filled = sizes > 0
    if filled.any():
        sums[filled] = np.add.reduceat(values, first[filled], axis=0)
    return sums
