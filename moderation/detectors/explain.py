"""Step 3, why the linear detector scored high: the words whose n-grams speak most for a category."""

import re
from collections.abc import Sequence

import numpy as np

from moderation.detectors import ngrams
from moderation.detectors.heads import Heads
from moderation.detectors.ngrams import Array

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|[^\w\s]+|_+")
_MOST_WORDS = 6
_SHARE_OF_STRONGEST = 0.25

Span = tuple[int, int]


def telling_spans(heads: Heads, texts: Sequence[str], wanted: Sequence[Sequence[int]]) -> list[dict[int, list[Span]]]:
    """For each normalised text and each head wanted for it, the words that speak for the head, neighbours joined.

    Each n-gram's contribution is spread over its characters and gathered by word. Spans are in reading order.
    """
    found = ngrams.occurrences(texts)
    contributions = heads.contributions(found.buckets) / found.lengths[:, None]
    along = {head: _summed_along(found, contributions[:, head]) for head in set().union(*wanted)}
    answers = []
    for text, begin, own in zip(texts, found.begins.tolist(), wanted, strict=True):
        tokens = [match.span() for match in _TOKEN.finditer(text)]
        places = np.array(tokens, dtype=np.int64).reshape(-1, 2) + begin + 1  # the text's own first space
        answers.append({head: _strongest(tokens, along[head][places]) for head in own} if tokens else {})
    return answers


def _summed_along(found: ngrams.Occurrences, shares: Array) -> Array:
    """The sum of all contributions before each position of the joined text."""
    length = found.total + 1
    steps = np.bincount(found.starts, shares, length) - np.bincount(found.starts + found.lengths, shares, length)
    each = np.cumsum(steps)
    summed: Array = np.concatenate(([0.0], np.cumsum(each)))
    return summed


def _strongest(tokens: Sequence[Span], sums: Array) -> list[Span]:
    """The few tokens that contribute most, given the sums before and after each."""
    strengths = sums[:, 1] - sums[:, 0]
    floor = max(float(strengths.max()) * _SHARE_OF_STRONGEST, 1e-9)
    best = np.argsort(-strengths, kind="stable")[:_MOST_WORDS]
    return _joined([tokens[at] for at in sorted(best[strengths[best] >= floor].tolist())])


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Spans with at most one character between them become one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start - joined[-1][1] <= 1:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
