"""Step 3, first move: take the disguises off a text and remember where every character came from."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

from moderation.detectors.abbreviations import written_out
from moderation.detectors.base import NormalisedText
from moderation.detectors.characters import CharacterTable
from moderation.detectors.edits import Offsets, replaced
from moderation.detectors.emoji import letters_of_emoji, worded_emoji
from moderation.detectors.harm_lexicon import harm_lexicon
from moderation.detectors.lookalikes import LATIN_LOOKALIKES
from moderation.detectors.mixed_scripts import without_mixed_words
from moderation.detectors.turned import upright
from moderation.detectors.vocabulary import vocabulary
from moderation.detectors.words import gaps_of_split_words, tokens_read, words_read

# Marks that decorate any letter. Vowel signs of Indic, Thai and other scripts carry meaning and stay.
_DECORATION = (
    (0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x0640, 0x0640), (0x064B, 0x065F),
    (0x0670, 0x0670), (0x06D6, 0x06ED), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE00, 0xFE0F),
    (0xFE20, 0xFE2F), (0xE0100, 0xE01EF),
)  # fmt: skip
_BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_JAMO = re.compile("[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?")

# Three or more single letters with little between them: "i d i o t", "i.d.i.o.t", "i_d_i-o-t".
_SPACED = re.compile(r"(?<![^\W_])[^\W_](?:[ ._\-*~|/]{1,12}(?:[^\W_]|')(?![^\W_])){2,}")
_WIDEST_GAP = 3  # wider ones stand inside a word only where that is a known one: columns of a table stay apart
_SEPARATORS = re.compile(r"[ ._\-*~|/]+")
_TWO_LETTERS = re.compile(r"[a-z]( )[a-z][ .,!?]{0,6}")
_SPACED_THROUGHOUT = 0.25  # gaps a letter left: the signs of such a text stand apart from its words, too
_GAP_AT_SIGN = re.compile("(?<=[@#]) (?=[a-z])| (?=[.,!?;:])")
# Capitals, two at least, and small letters l among them: "lDlOT".
_CAPITALS_WITH_L = re.compile(r"(?<![^\W_])(?=[A-Zl]{3,40}(?![^\W_]))(?=[A-Z]*l)(?=l*[A-Z]l*[A-Z])[A-Zl]+")
_NOT_LEET_DIGIT = re.compile("[2689]")

_LEET = str.maketrans("0134578@$!|+", "oieastbasiit")
_LEET_IN_WORD = re.compile(
    r"(?<=[a-z])[013457@$!|+]{1,3}(?=[a-z])"  # between letters: "id1ot"
    r"|(?<=[a-z$])\$(?![\w$]| ?\d)"  # at the end: "pas$", not "us$ 5"
    r"|(?<![\w$])\$(?=[a-z]{2})"  # at the start: "$illy"
    r"|(?<![\w@.])@(?=ss)"  # the only leading @ that is no mention
    r"|(?<!\w)[01345](?=[a-z]{1,20}[013457@$!]{1,2}[a-z])"  # a leading digit only beside a second disguise
)
_MAIL_TAIL = re.compile(r"[\w-]{1,63}\.[a-z]")

_RUN = re.compile(r"([aiuhjkqvwy ])\1+|([^\d])\2{2,}")
_SELDOM_DOUBLED = frozenset("aiuhjkqvwy")
_OFTEN_DOUBLED = frozenset("eolsgfzx")


def normalise(text: str) -> NormalisedText:
    """The text in lower-case plain letters, disguises undone, with a map back to ``text``.

    In this order: compatibility forms, case, invisible characters and decorating marks (one character at a time);
    look-alikes of other scripts; spaced-out letters; digits and signs that stand for letters inside words, hide them or
    part them; repeats; split, misspelt and run-together words; abbreviations and emoji that hurt, what they say behind.
    Never raises on any ``str``; the time is linear in its length.
    """
    text = _CAPITALS_WITH_L.sub(_with_capital_i, text)
    is_plain = text.isascii()
    if is_plain and not _CONTROL.search(text):
        plain = text.lower().translate(_ASCII_SPACE)
        offsets: Offsets = range(len(text) + 1)
    else:
        plain, offsets = _fold(text)
    gaps = list(_separators_of_spaced_words(plain))
    plain, offsets = _drop(plain, offsets, gaps)
    if len(gaps) >= _SPACED_THROUGHOUT * len(plain):
        plain, offsets = _drop(plain, offsets, (gap.span() for gap in _GAP_AT_SIGN.finditer(plain)))
    plain, offsets = replaced(plain, offsets, tokens_read(plain))
    plain = _LEET_IN_WORD.sub(_unleet, plain)
    plain, offsets = _drop(plain, offsets, _surplus_repeats(plain))
    plain, offsets = _drop(plain, offsets, gaps_of_split_words(plain))
    plain, offsets = replaced(plain, offsets, words_read(plain, text, offsets))
    plain, offsets = replaced(plain, offsets, written_out(plain))
    if not is_plain:
        plain, offsets = replaced(plain, offsets, worded_emoji(plain))
    return NormalisedText(plain, offsets)


def original_span(normalised: NormalisedText, start: int, end: int) -> tuple[int, int]:
    """Where normalised characters ``start`` to ``end`` (exclusive, at least one) stand in the original text."""
    return normalised.offsets[start], max(normalised.offsets[end], normalised.offsets[end - 1] + 1)


def _plain(character: str) -> str:
    """The plain form of one character: often one letter, sometimes none, seldom several."""
    category = unicodedata.category(character)
    if category == "Cs":
        return "\ufffd"
    if character.isspace():
        return " "
    if category in ("Cc", "Cf") or _is_decoration(character):
        return ""
    if character in LATIN_LOOKALIKES:
        return LATIN_LOOKALIKES[character]
    letters = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", character))
    bare = "".join(c for c in letters if not _is_decoration(c))
    folded = unicodedata.normalize("NFC", bare).casefold()
    return "".join(" " if c.isspace() else LATIN_LOOKALIKES.get(c, c) for c in folded if not _is_decoration(c))


def _is_decoration(character: str) -> bool:
    code = ord(character)
    return character in _BLANK_LETTERS or any(low <= code <= high for low, high in _DECORATION)


_FOLD = CharacterTable(_plain)
_ASCII_SPACE = str.maketrans("\t\n\x0b\x0c\r", "     ")


def _fold(text: str) -> tuple[str, Offsets]:
    """Every character to its plain form, then whole words written in look-alikes."""
    pieces: list[str] = []
    offsets: list[int] = []
    fold = _FOLD
    for index, character in enumerate(upright(text)):
        plain = fold[character]
        pieces.append(plain)
        if len(plain) == 1:
            offsets.append(index)
        else:
            offsets.extend([index] * len(plain))
    offsets.append(len(text))
    folded, places = _compose_jamo("".join(pieces), offsets)
    return letters_of_emoji(without_mixed_words(folded)), places


def _compose_jamo(text: str, offsets: Offsets) -> tuple[str, Offsets]:
    """Hangul typed as separate jamo becomes syllables, as NFKC of the whole text would make it."""
    dropped = []
    for match in _JAMO.finditer(text):
        dropped.append((match.start() + 1, match.end()))
    if not dropped:
        return text, offsets
    composed = _JAMO.sub(lambda m: unicodedata.normalize("NFC", m[0]) + m[0][1:], text)
    return _drop(composed, offsets, dropped)


def _separators_of_spaced_words(text: str) -> Iterable[tuple[int, int]]:
    """The gaps inside spaced-out words. A gap with a space that is unlike most others parts two words, and stays."""
    if alone := _TWO_LETTERS.fullmatch(text):
        yield alone.span(1)
    for match in _SPACED.finditer(text):
        word = match[0]
        letters = sum(map(str.isalpha, word)) + word.count("'")
        if letters < max(3, 3 * len(_NOT_LEET_DIGIT.findall(word))):
            continue  # "4 x 3 m" is no word
        gaps = list(_SEPARATORS.finditer(word))
        if _is_one_word("".join(_SEPARATORS.split(word))):
            yield from ((match.start() + gap.start(), match.start() + gap.end()) for gap in gaps)
            continue
        ((usual, _),) = Counter(gap[0] for gap in gaps).most_common(1)
        for gap in gaps:
            if len(gap[0]) <= _WIDEST_GAP and (gap[0] == usual or " " not in gap[0]):
                yield match.start() + gap.start(), match.start() + gap.end()


def _with_capital_i(match: re.Match[str]) -> str:
    """The word with an I for each l where that makes a known word of an unknown one."""
    levels = vocabulary().levels
    meant = match[0].replace("l", "I")
    return meant if levels.get(meant.lower(), 0) and not levels.get(match[0].lower(), 0) else match[0]


def _is_one_word(letters: str) -> bool:
    """Whether spaced letters are one word, however uneven the gaps: "i d  i o    t"."""
    return letters in harm_lexicon().rank or (len(letters) > 3 and vocabulary().levels.get(letters, 0) > 0)


def _unleet(match: re.Match[str]) -> str:
    """The letters that the signs stand for; a mail address keeps its @."""
    if "@" in match[0] and _MAIL_TAIL.match(match.string, match.end()):
        return match[0]
    return match[0].translate(_LEET)


def _surplus_repeats(text: str) -> Iterable[tuple[int, int]]:
    """What is too much of a run: English writes "aa" never and "ll" often, three of a kind never."""
    for match in _RUN.finditer(text):
        start, end = match.span()
        kept = _kept_of_run(text, start, end)
        if kept < end - start:
            yield start + kept, end


def _kept_of_run(text: str, start: int, end: int) -> int:
    character = text[start]
    if character == " ":
        return 1
    if not character.isalpha():
        return 2
    alone = not (text[start - 1 : start].isalpha() or text[end : end + 1].isalpha())
    if alone:
        return 3  # "kkk" and "xxx" are words
    if character in _SELDOM_DOUBLED:
        return 1
    return 2 if character in _OFTEN_DOUBLED or not character.isascii() else 1


def _drop(text: str, offsets: Offsets, spans: Iterable[tuple[int, int]]) -> tuple[str, Offsets]:
    """Text and map without the given spans (in order, apart)."""
    pieces: list[str] = []
    kept: list[int] = []
    position = 0
    for start, end in spans:
        pieces.append(text[position:start])
        kept.extend(offsets[position:start])
        position = end
    if not position:
        return text, offsets
    pieces.append(text[position:])
    kept.extend(offsets[position:])
    return "".join(pieces), kept
