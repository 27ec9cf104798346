"""Step 3, finds the word that somebody meant: known words one edit away, harmful ones two, by deleted letters."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from zlib import crc32

LONGEST = 24  # letters of a word that is looked up
_LOW = 0xFFFF


class DeletionIndex:
    """Finds the words that share a form with another word once letters are deleted from either.

    A word of n letters takes 8 (n + 1) bytes: hashes of its forms, each with the number of the word, in order.
    """

    def __init__(self, words: Iterable[str], deletions: int) -> None:
        self._words = tuple(words)[: _LOW + 1]
        self._deletions = deletions
        keys = [
            crc32(form.encode()) << 16 | number
            for number, word in enumerate(self._words)
            for form in _deleted(word, deletions)
        ]
        keys.sort()
        self._keys = array("Q", keys)

    def near(self, word: str) -> set[str]:
        """Words that may be ``deletions`` edits from this one; some are further off."""
        keys, words, size = self._keys, self._words, len(self._keys)
        found: set[str] = set()
        for form in _deleted(word, self._deletions):
            key = crc32(form.encode()) << 16
            at = bisect_left(keys, key)
            while at < size and keys[at] >> 16 == key >> 16:
                found.add(words[keys[at] & _LOW])
                at += 1
        return found


def _deleted(word: str, deletions: int) -> set[str]:
    """The word and its forms without up to so many letters."""
    forms = {word}
    edge = {word}
    for _ in range(deletions):
        edge = {form[:at] + form[at + 1 :] for form in edge for at in range(len(form))}
        forms |= edge
    return forms


def one_edit_apart(a: str, b: str) -> bool:
    """Whether one letter put in, left out or changed, or two neighbours swapped, make one word the other."""
    if a == b or abs(len(a) - len(b)) > 1:
        return False
    start = 0
    for one, other in zip(a, b, strict=False):
        if one != other:
            break
        start += 1
    if len(a) == len(b):
        return a[start + 1 :] == b[start + 1 :] or (
            a[start : start + 2] == b[start : start + 2][::-1] and a[start + 2 :] == b[start + 2 :]
        )
    return a[start + 1 :] == b[start:] if len(a) > len(b) else a[start:] == b[start + 1 :]


def edits_apart(a: str, b: str) -> int:
    """Edits between two words: letters put in, left out, changed, or neighbours swapped (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        older, before, row = before, row, [i]
        for j, other in enumerate(b, start=1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                best = min(best, older[j - 2] + 1)
            row.append(best)
    return row[-1]
