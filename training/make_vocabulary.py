"""Counts the English words that the normaliser knows: which are in use, how common each is, which pairs are usual.

python -m training.make_vocabulary --data train.jsonl.gz --words vocab.txt --dictionary web2.txt \
    --out moderation/detectors/artifacts/vocabulary

Three sources: how many texts hold a word (counts, no text); the whole words of the encoder's own vocabulary
(all-MiniLM-L6-v2, Apache-2.0), which are clean English and seldom misspelt; and of a large dictionary (Webster's second
of 1934, public domain) the words that the normaliser would otherwise take for another word misspelt.
"""

import argparse
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from pathlib import Path

from moderation.detectors.harm_lexicon import harm_lexicon
from moderation.detectors.spelling import DeletionIndex, one_edit_apart
from moderation.detectors.vocabulary import LEVELS_AN_OCTAVE, Vocabulary
from training.dataset import read_labelled

FEWEST_TEXTS, FEWEST_TEXTS_OF_A_PAIR = 3, 12
_LOWER_CASE_SHARE = 0.6  # below it a word is mostly somebody's name
_MISTYPED_SHARE = 0.2  # a spelling this seldom beside a word one edit away is taken for a slip
_WORD = re.compile(r"(?<![^\W_])[A-Za-z]{1,24}(?![^\W_])")
_SHORT_WORDS = """
a i u ad ah am an as at be by do eh ex go ha he hi hm if im in is it la ma me mr ms my no of oh ok om on or ow ox pa
re so tv uk um up us we wo ya yo ur
"""
_NOT_IN_OLD_DICTIONARIES = """
app apps blog blogs cringe fart farted farting farts ooh oops vlog vlogs frack fracking rapper rappers rapped snark
scooters bot bots hoodie kebab tikka wok woke meme memes retweet emoji selfie selfies
"""
_SHORT = frozenset(_SHORT_WORDS.split())


def main() -> None:
    """Writes ``words.txt``, one line a level of frequency, and ``pairs.txt``, one line a first word."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="texts, JSON lines (.gz too)")
    parser.add_argument("--words", type=Path, required=True, help="the encoder's vocab.txt: one word a line")
    parser.add_argument("--dictionary", type=Path, required=True, help="many English words, one a line")
    parser.add_argument("--out", type=Path, required=True, help="folder of the vocabulary")
    arguments = parser.parse_args()
    texts = [row.text for path in arguments.data for row in read_labelled(path)]
    counts = word_counts(texts, frozenset(arguments.words.read_text(encoding="utf-8").split()))
    pairs = pair_counts(texts, counts.keys())
    counts |= dict.fromkeys(at_risk(arguments.dictionary.read_text(encoding="utf-8").split(), counts), 0)
    for name, content in (("words.txt", as_levels(counts)), ("pairs.txt", as_pairs(pairs))):
        path = arguments.out / name
        path.write_text(content, encoding="ascii")
        print(f"{path}: {path.stat().st_size:,} bytes")


def word_counts(texts: Iterable[str], dictionary: Set[str]) -> dict[str, int]:
    """How many texts hold each word that is kept: dictionary words, harm words, and common words that are no slip."""
    seen: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for text in texts:
        words = set(_WORD.findall(text))
        seen.update({word.lower() for word in words})
        lower.update({word for word in words if word.islower()})
    clean = {word for word in dictionary if word.isascii() and word.isalpha() and (len(word) > 2 or word in _SHORT)}
    harm = harm_lexicon()
    counts = {word: seen[word] for word in clean if len(word) > 3 or seen[word] >= FEWEST_TEXTS or word in _SHORT}
    counts |= {word: max(seen[word], FEWEST_TEXTS) for word in harm.rank}
    common = {
        word: count
        for word, count in seen.items()
        if count >= FEWEST_TEXTS and len(word) > 3 and lower[word] >= _LOWER_CASE_SHARE * count and word not in counts
    }
    slips = _slips(common, counts)
    counts |= {word: count for word, count in common.items() if word not in slips}
    return {word: count for word, count in counts.items() if word not in harm.variants}


def _slips(words: Mapping[str, int], counts: Mapping[str, int]) -> set[str]:
    """Words of no dictionary that stand one edit from a far commoner word, regular forms of words apart."""
    known = Vocabulary(dict(counts), frozenset())
    by_length: defaultdict[int, list[str]] = defaultdict(list)
    for word in counts:
        by_length[len(word)].append(word)
    return {
        word
        for word, count in words.items()
        if not known.knows(word)
        and any(
            count <= counts[other] * _MISTYPED_SHARE and one_edit_apart(word, other)
            for length in (len(word) - 1, len(word), len(word) + 1)
            for other in by_length[length]
        )
    }


def at_risk(dictionary: Iterable[str], counts: Mapping[str, int]) -> set[str]:
    """The words of a dictionary that would be read as a harmful word misspelt, or as one with letters doubled."""
    harm = harm_lexicon()
    one, two = DeletionIndex(harm.rank, 1), DeletionIndex([word for word in harm.rank if len(word) > 7], 2)
    known = Vocabulary(dict(counts), frozenset())
    return {
        word
        for word in {*_NOT_IN_OLD_DICTIONARIES.split(), *(form for word in dictionary for form in _forms(word))}
        if len(word) > 3
        and not known.knows(word)
        and word not in harm.variants
        and (any(one_edit_apart(word, other) for other in one.near(word)) or two.near(word) or _undoubled(word, counts))
    }


def _forms(word: str) -> tuple[str, ...]:
    """A word and its regular forms; some are no words, which costs nothing."""
    stem = word[:-1] if word.endswith("e") else word
    return word, word + "s", stem + "ed", stem + "ing", stem + "er"


def _undoubled(word: str, counts: Mapping[str, int]) -> bool:
    return any(word[at] == word[at - 1] and word[:at] + word[at + 1 :] in counts for at in range(1, len(word)))


def pair_counts(texts: Iterable[str], words: Set[str]) -> Counter[str]:
    """How many texts hold each pair of words that stand side by side, both of ``words``."""
    counts: Counter[str] = Counter()
    for text in texts:
        for clause in re.split(r"[^A-Za-z ]+", text.lower()):
            found = clause.split()
            counts.update({f"{a} {b}" for a, b in zip(found, found[1:], strict=False) if a in words and b in words})
    return counts


def as_levels(counts: Mapping[str, int]) -> str:
    """One line a level, the commonest first: the level, then its words."""
    levels: defaultdict[int, list[str]] = defaultdict(list)
    for word, count in counts.items():
        levels[round(LEVELS_AN_OCTAVE * math.log2(max(count, 1)))].append(word)
    return "".join(f"{level} {' '.join(sorted(levels[level]))}\n" for level in sorted(levels, reverse=True))


def as_pairs(counts: Mapping[str, int]) -> str:
    """One line a first word, then the words often seen behind it."""
    seconds: defaultdict[str, list[str]] = defaultdict(list)
    for pair, count in counts.items():
        if count >= FEWEST_TEXTS_OF_A_PAIR:
            first, second = pair.split()
            seconds[first].append(second)
    return "".join(f"{first} {' '.join(sorted(seconds[first]))}\n" for first in sorted(seconds))


if __name__ == "__main__":
    main()
