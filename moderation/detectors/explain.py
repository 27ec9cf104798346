"""Step 3, why the linear detector scored high: the words whose n-grams speak most for a category."""

import re

import numpy as np

from moderation.detectors.heads import Heads

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]+|_+")
_MOST_SPANS = 6
_SHARE_OF_STRONGEST = 0.25


def telling_spans(heads: Heads, text: str, head: int) -> list[tuple[int, int]]:
    """Spans of normalised ``text``, in reading order: the words that speak for the head, neighbours joined.

    Each n-gram's contribution is spread over its characters and gathered by word.
    """
    tokens = [match.span() for match in _TOKEN.finditer(text)]
    if not tokens:
        return []
    along = _contribution_along(heads, text, head)
    strengths = np.array([along[end] - along[start] for start, end in tokens])
    floor = max(float(strengths.max()) * _SHARE_OF_STRONGEST, 1e-9)
    chosen = [int(i) for i in np.argsort(-strengths)[:_MOST_SPANS] if strengths[i] >= floor]
    return _joined([tokens[i] for i in sorted(chosen)])


def _contribution_along(heads: Heads, text: str, head: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Contribution of everything before each position of the text; one entry more than it has characters."""
    found, contribution = heads.contributions(text, head)
    steps = np.zeros(len(text) + 3)
    share = contribution / found.lengths
    np.add.at(steps, found.starts, share)
    np.subtract.at(steps, found.starts + found.lengths, share)
    each = np.cumsum(steps)[1 : len(text) + 1]  # the joined text begins with a space of its own
    return np.concatenate(([0.0], np.cumsum(each)))


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans with at most one character between them become one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start - joined[-1][1] <= 1:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
