"""Step 3, which language a text is written in: by its script where that decides, else by its letters, with a margin."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from moderation.detectors.language_model import alike, likeliest
from moderation.detectors.scripts import LATIN, NEVER_LATIN, SCRIPTS, count_letters, words_in
from moderation.detectors.vocabulary import vocabulary

ASSUMED = "en"  # how a text of unknown language is read
UNDETERMINED = "und"  # BCP 47's tag for a text that is in some language, not English, that nobody can tell
_READ = 4_000  # characters: enough to tell the language, and a bound on the time
_PIECES = 4  # a longer text is read in so many places
_FEWEST_LETTERS = 10  # fewer Latin letters than this may be slang or a name of anywhere
_SHORT = 40  # letters; below it the model must be surer
_SURE_OF_SHORT, _SURE = 0.9, 0.8
_CONTRADICTING, _SURE_OF_CONTRADICTION = 60, 0.95  # letters, and how sure: what beats a declared language
_ACCENTED_SHARE = 0.08  # of all characters; French has 0.03, Vietnamese 0.2
_ENGLISH_SHARE = 0.6  # of the words without their accents
# A short text that the model is not sure of is no English where at most so many of its words are.
_FEWEST_WORDS, _FEWEST_WORDS_DECLARED = 3, 4
_FEW_ENGLISH, _FEW_ENGLISH_IF_LIKELY, _LIKELY = 0.4, 0.5, 0.5
_USUAL = 6  # level of the vocabulary: rarer words are also names, and words of other languages
_LETTER_WORDS = ("a", "i", "u")
_CONTRACTED = ("n't", "'s", "'m", "'re", "'ve", "'ll", "'d")
_FEWEST_UNKNOWN_LETTERS = 3
_PART_LETTERS = 20  # and a quarter of all letters: what counts as a considerable part of a mixed text
_PART_SHARE = 0.25
_CLAUSE_LETTERS = 20

# Three letters where two would do, as some platforms write them.
_LONGER = {
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "por": "pt", "ita": "it", "nld": "nl",
    "dut": "nl", "pol": "pl", "tur": "tr", "rus": "ru", "ukr": "uk", "ara": "ar", "fas": "fa", "per": "fa", "hin": "hi",
    "zho": "zh", "chi": "zh", "jpn": "ja", "kor": "ko", "vie": "vi", "ind": "id", "tha": "th", "ell": "el", "heb": "he",
}  # fmt: skip

# Addresses, mentions, tags and whatever holds a digit say nothing of the language around them.
_NO_WORD = re.compile(r"[@#\d]|://|^www\.")
_CLAUSE_END = re.compile(r"[.!?;\n\u2026]+")


@dataclass(frozen=True, slots=True)
class Found:
    """The language of a text (ISO 639-1, empty where not known), and those of considerable other parts."""

    language: str = ""
    also_in: frozenset[str] = frozenset()


def identify(text: str, normalised: str, declared: str = "") -> Found:
    """The language of ``text``, whose disguises are off in ``normalised``. Never raises; the time is bounded.

    ``declared`` is a BCP 47 tag from the client. It is believed, unless the script contradicts it: Arabic letters are
    not German, and Latin ones are Russian only where they are not identified as another language and are no mere "ok".
    Nor is it believed of a long text in Latin letters that is almost surely in another of the languages known here:
    a client that declares the same for everything must not have French scored as if it were English.
    """
    claim = _claim(declared)
    letters = count_letters(normalised)
    if _in_unknown_script(normalised, sum(letters.values())):
        return Found(UNDETERMINED if claim in ("", ASSUMED) else claim)
    if not letters:
        return Found(claim)
    script = max(letters, key=lambda name: letters[name])
    if script != LATIN:
        part = _considerable(letters.get(LATIN, 0), sum(letters.values()))
        return Found(_of_script(text, script, claim), frozenset({ASSUMED}) if part else frozenset())
    words = _latin_words(text, normalised)
    language = _of_latin(words, claim, romanised="-latn" in declared.lower())
    if language == claim and claim in ("", ASSUMED):
        language = _of_few_words(words, normalised, claim)
    foreign = language not in ("", ASSUMED)
    return Found(language, frozenset({ASSUMED}) if foreign and _english_part(words) else frozenset())


def _claim(declared: str) -> str:
    """The language of a BCP 47 tag; the tags for no language, several and no words claim none."""
    primary = declared.partition("-")[0].lower()
    return "" if primary in ("und", "mul", "zxx") else _LONGER.get(primary, primary)


def _of_script(text: str, script: str, claim: str) -> str:
    """A script that several languages share: the declared one of them, else the likeliest."""
    languages = SCRIPTS[script].languages
    if claim in languages or len(languages) == 1:
        return claim if claim in languages else languages[0]
    best, sureness = likeliest(words_in(_places(text), script), languages)
    return best if sureness >= _SURE else languages[0]


def _of_latin(words: str, claim: str, *, romanised: bool) -> str:
    letters = sum(map(str.isalpha, words))
    languages = SCRIPTS[LATIN].languages
    if claim and (romanised or claim not in NEVER_LATIN):
        # Of a language that the model does not know, it would surely say another.
        doubtful = letters >= _CONTRADICTING and claim in languages and not romanised
        best, sureness = likeliest(words_in(words, LATIN), languages) if doubtful else (claim, 0.0)
        return best if sureness >= _SURE_OF_CONTRADICTION and claim not in alike(best) else claim
    if letters < _FEWEST_LETTERS:
        return ""
    best, sureness = likeliest(words_in(words, LATIN), languages)
    if best == ASSUMED:
        return ASSUMED if sureness >= 0.5 else claim
    return best if sureness >= (_SURE if letters >= _SHORT else _SURE_OF_SHORT) else claim


def _of_few_words(words: str, normalised: str, claim: str) -> str:
    """``claim`` ("" or English), or another language where hardly a word is English; it need not be told which.

    The words count as they read without disguise, so that slang and slips are still English.
    """
    kept = " ".join(word for word in normalised.split() if not _NO_WORD.search(word))
    read = [word for word in words_in(kept, LATIN).split() if len(word) > 1 or word in _LETTER_WORDS]
    if len(read) < (_FEWEST_WORDS_DECLARED if claim else _FEWEST_WORDS) or sum(map(len, read)) < _FEWEST_LETTERS - 1:
        return claim
    levels = vocabulary().levels
    english = sum(levels.get(word, 0) >= _USUAL or word.endswith(_CONTRACTED) for word in read) / len(read)
    if english > (0 if claim else _FEW_ENGLISH_IF_LIKELY):
        return claim
    best, sureness = likeliest(words_in(words, LATIN), SCRIPTS[LATIN].languages)
    if best == ASSUMED or (english > _FEW_ENGLISH and sureness < _LIKELY):
        return claim
    return best if sureness >= _LIKELY else UNDETERMINED


def _in_unknown_script(normalised: str, known: int) -> bool:
    """Whether most letters are of no script that is known here; characters for private use may be letters."""
    if normalised.isascii():
        return False
    letters = sum(c.isalpha() or unicodedata.category(c) == "Co" for c in normalised)
    return letters - known >= _FEWEST_UNKNOWN_LETTERS and letters > 2 * known


def _latin_words(text: str, normalised: str) -> str:
    """The words as written, for accents tell languages apart; without disguises where Latin letters were disguised."""
    written, plain = _places(text), _places(normalised)
    if not written.isascii():
        written = unicodedata.normalize("NFC", written)
        if count_letters(written).get(LATIN, 0) < 0.9 * count_letters(plain).get(LATIN, 0) or _dressed_up(written):
            written = plain
    lines = written.lower().split("\n")
    return "\n".join(" ".join(word for word in line.split() if not _NO_WORD.search(word)) for line in lines)


def _dressed_up(written: str) -> bool:
    """Whether English wears accents: many, and without them most of its longer words are plain English."""
    accented = sum(character > "\x7f" and character.isalpha() for character in written)
    if accented < _ACCENTED_SHARE * len(written):
        return False
    bare = "".join(c for c in unicodedata.normalize("NFKD", written.lower()) if not unicodedata.combining(c))
    words = [word for word in words_in(bare, LATIN).split() if len(word) > 2]
    levels = vocabulary().levels
    return sum(word in levels for word in words) >= max(1.0, _ENGLISH_SHARE * len(words))


def _places(text: str) -> str:
    """The text, of a long one some pieces from all over it."""
    if len(text) <= _READ:
        return text
    step, size = len(text) // _PIECES, _READ // _PIECES
    return "\n".join(text[at * step : at * step + size] for at in range(_PIECES))


def _considerable(letters: int, total: int) -> bool:
    return letters >= _PART_LETTERS and letters >= _PART_SHARE * total


def _english_part(words: str) -> bool:
    """Whether some of the clauses are surely English, and together a considerable part."""
    clauses = list(_clauses(words))
    total = sum(map(len, clauses))
    english = 0
    for clause in clauses:
        best, sureness = likeliest(clause, SCRIPTS[LATIN].languages)
        if best == ASSUMED and sureness >= _SURE:
            english += len(clause)
            if _considerable(english, total):
                return True
    return False


def _clauses(words: str) -> Iterator[str]:
    """The Latin words clause by clause, short ones joined to the next."""
    clause = ""
    for piece in _CLAUSE_END.split(words):
        clause = f"{clause} {words_in(piece, LATIN)}".strip()
        if len(clause) >= _CLAUSE_LETTERS:
            yield clause
            clause = ""
    if clause:
        yield clause
