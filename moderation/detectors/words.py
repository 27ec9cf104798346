"""Step 3, reads the words of a folded text that are not plain English: disguised, misspelt, written as one."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice, pairwise

from moderation.detectors import disguises
from moderation.detectors.edits import Edit, Offsets
from moderation.detectors.harm_lexicon import harm_lexicon
from moderation.detectors.respell import likeliest_word, restored_word
from moderation.detectors.segmentation import split_words
from moderation.detectors.vocabulary import vocabulary

_MOST_LOOKED_UP = 1_500  # unknown words and signs of one text: bounds the time of a hostile one
_SEEN_AROUND = 80  # characters before and behind a word that tell an address

# Where a word may be in disguise: signs or digits beside letters.
_HINT = re.compile(r"[a-z][^a-z\s]{1,6}[a-z]|\d[a-z]|[a-z][\d$@|+]|[$@(<|!+][a-z]|\*\*|@\$|[a-z][*#%@_](?![^\s.,!?;:])")
_WORD = re.compile(r"(?<![^\W_])[a-z]{3,}(?![^\W_])")
_ADDRESS = re.compile(
    r"://|^www\.|(?:^|\W)@|@[^@]*\.[a-z]|[a-z0-9-]\.(?:com|org|net|edu|gov|info|biz|io|co|uk|de|fr|eu|ru)\b|[/\\<>_=(){}]"
)
_LETTERS = re.compile("[a-z]+")
_PIECE = re.compile(r"(?<![^\W_])(?<!['@#])[a-z]+(?![^\W_]|')")
_FEWEST_LETTERS_OF_A_SPLIT = 5
_RARE_PIECE = 8  # level of the vocabulary: a rarer piece of a word is no word by itself
_CAMEL = re.compile(r"[A-Z]?[a-z]+(?:[A-Z][a-z]+)+")
_HUMP = re.compile(r"[A-Z]?[a-z]+")

_FEWEST_LETTERS_OF_A_RUN = 6
# A text is full of slips where so many of its words are unknown, and most of those are one edit from a known one.
_FEWEST_SLIPS, _SHARE_OF_SLIPS, _SHARE_MEANT = 3, 0.35, 0.6
# It is English where, once read, so many of its words are among the commonest: other languages stay as they are.
_VERY_COMMON, _SHARE_VERY_COMMON = 22, 0.3
_SHARE_SURELY_MEANT, _SHARE_VERY_COMMON_THEN = 0.75, 0.12
_FEWEST_WORDS_OF_A_LANGUAGE = 6
_CROWDED = 14  # characters for each space: words stand without spaces between them
_MOST_WORDS = 10_000

_Found = list[tuple[int, int, str]]


def tokens_read(text: str) -> Iterator[Edit]:
    """Edits that write tokens with digits or signs among their letters as the words that they stand for."""
    done = 0
    for hint in islice(_HINT.finditer(text), _MOST_LOOKED_UP):
        if hint.start() < done:
            continue
        start = max(text.rfind(" ", done, hint.start() + 1) + 1, done)
        end = text.find(" ", hint.end())
        done = len(text) if end < 0 else end
        if done - start <= disguises.LONGEST:
            word = disguises.undisguised(text[start:done])
            if word is not None:
                yield start, done, word


def gaps_of_split_words(text: str) -> Iterator[tuple[int, int]]:
    """The spaces inside harmful words that are written in two or three pieces, one of them no word: "stu pid"."""
    levels = vocabulary().levels
    pieces = [(*found.span(), found[0]) for found in islice(_PIECE.finditer(text), _MOST_WORDS)]
    if all(levels.get(piece, 0) >= _RARE_PIECE for _, _, piece in pieces):
        return  # as in most texts: no piece could be one of a split word
    at = 0
    while at < len(pieces) - 1:
        count = next((n for n in (3, 2) if _is_split(text, pieces[at : at + n], n, levels)), 1)
        for (_, end, _), (start, _, _) in pairwise(pieces[at : at + count]):
            yield end, start
        at += count


def _is_split(text: str, pieces: _Found, count: int, levels: Mapping[str, int]) -> bool:
    if len(pieces) < count or all(levels.get(piece, 0) >= _RARE_PIECE for _, _, piece in pieces):
        return False
    word = "".join(piece for _, _, piece in pieces)
    return (
        len(word) >= _FEWEST_LETTERS_OF_A_SPLIT
        and word in harm_lexicon().rank
        and text[pieces[0][0] : pieces[-1][1]].replace(" ", "") == word
    )


def words_read(text: str, original: str, offsets: Offsets) -> list[Edit]:
    """Edits that restore misspelt words and part those that are written as one. Plain English has none.

    ``original`` and ``offsets`` show how the word was written: a hashtag in humps is parted at the humps.
    """
    words = _WORD.findall(text)
    usual = vocabulary().levels.get  # a level of 0 is a word so rare that it may be a slip
    if all(map(usual, words)):
        return []
    odd = [(*match.span(), match[0]) for match in islice(_WORD.finditer(text), _MOST_WORDS) if not usual(match[0])]
    odd = [found for found in odd[:_MOST_LOOKED_UP] if not _is_in_address(text, found[0], found[1])]
    crowded = len(text) > _CROWDED * (text.count(" ") + 1)
    parted: list[Edit] = []
    left: _Found = []
    for start, end, word in odd:
        tagged = crowded or text[start - 1 : start] == "#"
        parts = _parts(word, original[offsets[start] : offsets[end]], tagged)
        parted += _gaps(start, parts)
        if len(parts) == 1 and (word in vocabulary().levels or not vocabulary().knows(word)):
            left.append((start, end, word))
    return sorted(parted + _respelt(left, text, len(words))) if left else parted


def _gaps(start: int, parts: Sequence[str]) -> Iterator[Edit]:
    for part in parts[:-1]:
        start += len(part)
        yield start, start, " "


def _parts(word: str, written: str, tagged: bool) -> Sequence[str]:
    if len(written) == len(word) and _CAMEL.fullmatch(written) and written.lower() == word:
        return [hump[0].lower() for hump in _HUMP.finditer(written)]
    return split_words(word, trusted=tagged) if len(word) >= _FEWEST_LETTERS_OF_A_RUN else (word,)


def _is_in_address(text: str, start: int, end: int) -> bool:
    """Whether the word is part of a link, a mail address, a name, a path or code."""
    before = text[max(0, start - _SEEN_AROUND) : start].rpartition(" ")[2]
    behind = text[end : end + _SEEN_AROUND].partition(" ")[0]
    return bool(before or behind) and _ADDRESS.search(before + text[start:end] + behind) is not None


def _respelt(odd: _Found, text: str, words: int) -> _Found:
    """What the odd words of a text are misspellings of: harmful words anywhere, others in English full of slips.

    A text of which many words are odd and few are the commonest of English is in another language: it stays.
    """
    restored = [(start, end, meant) for start, end, word in odd if (meant := restored_word(word)) is not None]
    unknown = sum(word not in vocabulary().levels for _, _, word in odd)
    if unknown < _FEWEST_SLIPS or unknown < _SHARE_OF_SLIPS * words:
        return restored
    found = [
        (start, end, meant)
        for start, end, word in odd
        if (meant := restored_word(word) or likeliest_word(word)) is not None
    ]
    all_words = _LETTERS.findall(text)
    levels = vocabulary().levels
    common = sum(levels.get(word, 0) >= _VERY_COMMON for word in [*all_words, *(meant for _, _, meant in found)])
    share = _SHARE_VERY_COMMON if len(found) < _SHARE_SURELY_MEANT * len(odd) else _SHARE_VERY_COMMON_THEN
    if common < share * len(all_words):
        return restored if len(all_words) < _FEWEST_WORDS_OF_A_LANGUAGE else []
    return found if len(found) >= _SHARE_MEANT * len(odd) else restored
