"""Step 3, the statistical model behind the identified language: py3langid's, cut to our scripts and languages.

It is an automaton over bytes that spots 100,000 telling pieces, and a table of how likely each is in each language.
Whole, it takes 80 MB; but the words handed over are letters of a few scripts, and only some of its languages are asked
about. Where a text holds nothing else, what is left answers exactly as the whole would.
"""

import math
import re
import string
import sys
import unicodedata
from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from moderation.detectors.scripts import SCRIPTS

if TYPE_CHECKING:
    import numpy

    _Numbers = numpy.ndarray[Any, Any]

# Scripts of one language are told by their letters alone.
_SHARED = [script for script in SCRIPTS.values() if len(script.languages) > 1]
_LETTERS = re.compile(f"[{''.join(script.letters for script in _SHARED)}]")
_ASKED = frozenset(language for script in _SHARED for language in script.languages)
# Languages so alike that the model parts them by chance: together they are sure not to be another.
_ALIKE = (frozenset({"id", "ms"}), frozenset({"da", "no", "sv"}), frozenset({"cs", "sk"}), frozenset({"hr", "sl"}))


def alike(language: str) -> frozenset[str]:
    """The languages that the model does not keep apart from this one, itself included."""
    return next((family for family in _ALIKE if language in family), frozenset({language}))


def likeliest(words: str, languages: tuple[str, ...]) -> tuple[str, float]:
    """The likeliest of ``languages``, and the probability that it is that one or one much alike, from 0 to 1.

    ``words`` are letters of one script, with spaces between words.
    """
    shares = _model().shares(words, languages)
    best = max(shares, key=lambda language: shares[language])
    return best, sum(shares.get(language, 0.0) for language in alike(best))


@dataclass(frozen=True, slots=True)
class _Model:
    """``moves`` holds a row of states for each distinct row, as wide as there are different ``letters``."""

    letters: bytes  # to which column each byte belongs
    moves: "array[int]"
    row_starts: "array[int]"
    pieces: "array[int]"
    table: "_Numbers"
    base: "_Numbers"
    columns: dict[str, list[int]]

    def shares(self, words: str, languages: Iterable[str]) -> dict[str, float]:
        """How likely each language is when it must be one of them."""
        import numpy
        from py3langid.langid import visit_counts

        text = unicodedata.normalize("NFC", words.lower() if words.isupper() else words).encode()
        visits = visit_counts(self.moves, self.row_starts, self.pieces, text.translate(self.letters)) or {}
        counts = numpy.fromiter(visits.values(), dtype=numpy.float32, count=len(visits))
        scores = (numpy.log1p(counts) @ self.table[list(visits)] + self.base) if visits else self.base * 0
        # The square root of the length keeps the shares honest: neighbouring pieces tell much the same.
        scores = (scores.astype(float) / math.sqrt(len(text) or 1)).tolist()
        wanted = {language: self.columns[language] for language in languages if language in self.columns}
        highest = max(scores[at] for columns in wanted.values() for at in columns)
        odds = {name: sum(math.exp(scores[at] - highest) for at in columns) for name, columns in wanted.items()}
        total = sum(odds.values())
        return {language: value / total for language, value in odds.items()}


@lru_cache(maxsize=1)
def _model() -> _Model:
    """Read once, and only by a process that reads texts.

    Row by row: what big intermediate arrays would take stays with the process, for small ones have moved in around it.
    """
    import numpy
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    table, base, labels, raw_moves, raw_rows, raw_pieces = load_model(MODEL_DIR / MODEL_FILE)
    row_of, pieces = numpy.asarray(raw_rows), numpy.asarray(raw_pieces, dtype=numpy.int32)
    moves = numpy.frombuffer(raw_moves, dtype=f"u{raw_moves.itemsize}").reshape(-1, 256)
    used = _bytes_in_use()
    states = _reachable(moves, row_of, used)
    rows, row_of = numpy.unique(row_of[states], return_inverse=True)
    told, piece_of = numpy.unique(pieces[states], return_inverse=True)  # the first is -1: no piece
    columns = [at for at, label in enumerate(labels) if label in _ASKED]
    return _Model(
        letters=bytes(used.index(byte) if byte in used else 0 for byte in bytes(range(256)).lower()),
        moves=_renumbered(moves, rows, used, states),
        row_starts=array("I", (row_of * len(used)).tolist()),
        pieces=array("i", (piece_of - 1).tolist()),
        table=table[numpy.ix_(told[1:], numpy.asarray(columns))],
        base=base[columns],
        columns={
            name: [at for at, column in enumerate(columns) if labels[column] == name]
            for name in _ASKED.intersection(labels)
        },
    )


def _bytes_in_use() -> list[int]:
    """The bytes of our letters in UTF-8, small ones only, after the space, which every other byte is read as."""
    letters = filter(_LETTERS.match, map(chr, range(sys.maxunicode + 1)))
    found = {byte for letter in letters for byte in letter.encode()}
    return [ord(" "), ord("'"), *sorted(found - set(string.ascii_uppercase.encode()))]


def _reachable(moves: "_Numbers", row_of: "_Numbers", used: list[int]) -> "_Numbers":
    """The states that a text of these bytes leads to, the start first."""
    import numpy

    reached, visited = (numpy.zeros(len(row_of), dtype=bool) for _ in range(2))
    reached[0] = True
    while (latest := numpy.flatnonzero(reached & ~visited)).size:
        visited[latest] = True
        for row in numpy.unique(row_of[latest]):
            reached[moves[row, used]] = True
    return numpy.flatnonzero(reached)


def _renumbered(moves: "_Numbers", rows: "_Numbers", used: list[int], states: "_Numbers") -> "array[int]":
    """The wanted rows and columns, with the states numbered in the order of ``states``."""
    import numpy

    number = numpy.zeros(states[-1] + 1, dtype=numpy.uint32)
    number[states] = numpy.arange(len(states))
    packed = array("I", [0]) * (len(rows) * len(used))
    view = numpy.frombuffer(packed, dtype=numpy.uint32).reshape(len(rows), len(used))
    for at, row in enumerate(rows):
        view[at] = number[moves[row, used]]
    return packed
