"""Step 3, the words whose spelling is restored when it is disguised. A help in reading, never a verdict."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "artifacts" / "vocabulary" / "harm.txt"
_VARIANTS = "variants"


@dataclass(frozen=True, slots=True)
class HarmLexicon:
    """``rank`` maps each word to its place in the file, the likeliest first; ``variants`` maps a spelling to its word.

    ``by_ends`` lists the words, likeliest first, by first letter, last letter and length.
    """

    rank: dict[str, int]
    variants: dict[str, str]
    by_ends: dict[tuple[str, str, int], list[str]]


@cache
def harm_lexicon() -> HarmLexicon:
    """The lexicon, read once a process, at the first need."""
    rank: dict[str, int] = {}
    variants: dict[str, str] = {}
    for line in _FILE.read_text(encoding="ascii").splitlines():
        group, _, words = line.partition(":")
        if group == _VARIANTS:
            for pair in words.split():
                spelling, _, word = pair.partition("=")
                variants[spelling] = word
        elif not line.startswith("#"):
            for word in words.split():
                rank.setdefault(word, len(rank))
    by_ends: dict[tuple[str, str, int], list[str]] = {}
    for word in rank:
        by_ends.setdefault((word[0], word[-1], len(word)), []).append(word)
    return HarmLexicon(rank, variants, by_ends)
