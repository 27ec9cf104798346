"""What an edit changed in a text: the words that went, the words that came, and a little of what stayed around them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

SAME, REMOVED, ADDED = "same", "removed", "added"
# Words between the first and the last difference that are compared one by one: the work grows with their square.
MOST_WORDS = 500
AROUND = 80
GAP = " […] "


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of text that both versions have, or only the older, or only the newer one."""

    kind: str
    text: str


def diff_texts(old: str, new: str) -> list[Part]:
    """The parts in their order; long stretches that stayed are cut short. Longer edits are shown as a replacement."""
    before, after = _words(old), _words(new)
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    middle = _compare(before[start : len(before) - end], after[start : len(after) - end])
    tail = before[len(before) - end :]
    steps = [*((SAME, word) for word in before[:start]), *middle, *((SAME, word) for word in tail)]
    parts = [Part(kind, "".join(word for _, word in run)) for kind, run in groupby(steps, key=lambda step: step[0])]
    return [_shortened(part, index == 0, index == len(parts) - 1) for index, part in enumerate(parts)]


def _words(text: str) -> list[str]:
    """Each with the white space that follows it."""
    return re.findall(r"\s+|\S+\s*", text)


def _common(before: Sequence[str], after: Sequence[str]) -> int:
    """How many words both begin with."""
    pairs = zip(before, after, strict=False)
    return next((index for index, (one, other) in enumerate(pairs) if one != other), min(len(before), len(after)))


def _compare(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The steps from one to the other that keep the most words."""
    if max(len(before), len(after)) > MOST_WORDS:
        yield from ((REMOVED, word) for word in before)
        yield from ((ADDED, word) for word in after)
        return
    kept = _longest_kept(before, after)
    row = column = 0
    while row < len(before) or column < len(after):
        if row < len(before) and column < len(after) and before[row] == after[column]:
            yield SAME, before[row]
            row, column = row + 1, column + 1
        elif column == len(after) or (row < len(before) and kept[row + 1][column] >= kept[row][column + 1]):
            yield REMOVED, before[row]
            row += 1
        else:
            yield ADDED, after[column]
            column += 1


def _longest_kept(before: Sequence[str], after: Sequence[str]) -> list[list[int]]:
    """How many words can be kept of what follows each pair of places."""
    kept = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for row in range(len(before) - 1, -1, -1):
        here, below = kept[row], kept[row + 1]
        for column in range(len(after) - 1, -1, -1):
            if before[row] == after[column]:
                here[column] = below[column + 1] + 1
            else:
                here[column] = max(below[column], here[column + 1])
    return kept


def _shortened(part: Part, is_first: bool, is_last: bool) -> Part:
    if part.kind != SAME or len(part.text) <= 2 * AROUND + len(GAP):
        return part
    head = "" if is_first else part.text[:AROUND]
    tail = "" if is_last else part.text[-AROUND:]
    return Part(SAME, f"{head}{GAP}{tail}")
