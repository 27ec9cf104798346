"""Step 3, which language a text is written in: the script decides where it can, else what the client declares."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

ASSUMED = "en"  # how a text of unknown language is read
_PART_LETTERS = 20  # and a quarter of all letters: what counts as a considerable part of a mixed text
_PART_SHARE = 0.25
_FEWEST_LETTERS = 3
_READ = 4_000  # characters: enough to tell the language, and a bound on the time


@dataclass(frozen=True, slots=True)
class Found:
    """The language of a text (ISO 639-1, empty where not known), and those of considerable other parts."""

    language: str = ""
    also_in: frozenset[str] = frozenset()


_LATIN = "latin"
# Scripts, and the language each is taken for: the most written one where several share it.
_SCRIPTS: tuple[tuple[str, str, str], ...] = (
    (_LATIN, "", "A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff"),
    ("greek", "el", "\u0370-\u03ff\u1f00-\u1fff"),
    ("cyrillic", "ru", "\u0400-\u052f\u1c80-\u1c8f"),
    ("armenian", "hy", "\u0531-\u0587"),
    ("hebrew", "he", "\u05d0-\u05f2"),
    ("arabic", "ar", "\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"),
    ("devanagari", "hi", "\u0900-\u097f"),
    ("bengali", "bn", "\u0980-\u09ff"),
    ("gurmukhi", "pa", "\u0a00-\u0a7f"),
    ("gujarati", "gu", "\u0a80-\u0aff"),
    ("oriya", "or", "\u0b00-\u0b7f"),
    ("tamil", "ta", "\u0b80-\u0bff"),
    ("telugu", "te", "\u0c00-\u0c7f"),
    ("kannada", "kn", "\u0c80-\u0cff"),
    ("malayalam", "ml", "\u0d00-\u0d7f"),
    ("sinhala", "si", "\u0d80-\u0dff"),
    ("thai", "th", "\u0e00-\u0e7f"),
    ("lao", "lo", "\u0e80-\u0eff"),
    ("tibetan", "bo", "\u0f00-\u0fff"),
    ("burmese", "my", "\u1000-\u109f"),
    ("georgian", "ka", "\u10a0-\u10ff\u1c90-\u1cbf"),
    ("ethiopic", "am", "\u1200-\u137f"),
    ("khmer", "km", "\u1780-\u17ff"),
    ("kana", "ja", "\u3041-\u30ff\u31f0-\u31ff"),
    ("hangul", "ko", "\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3"),
    ("han", "zh", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"),
)
_LANGUAGE_OF = {script: language for script, language, _ in _SCRIPTS}
_RUNS = re.compile("|".join(f"(?P<{script}>[{ranges}]+)" for script, _, ranges in _SCRIPTS))


def identify(text: str, normalised: str, declared: str = "") -> Found:
    """The language of ``text``. ``declared`` is a BCP 47 tag: believed, unless the script contradicts it."""
    letters = _letters(normalised[:_READ])
    if sum(letters.values()) < _FEWEST_LETTERS:
        return Found(_primary(declared))
    script = max(letters, key=lambda name: letters[name])
    language = _primary(declared) if script == _LATIN else _LANGUAGE_OF[script]
    return Found(language, frozenset(_parts(letters, script)))


def _letters(text: str) -> dict[str, int]:
    """How many letters of each script there are."""
    letters: dict[str, int] = {}
    for match in _RUNS.finditer(text):
        script = match.lastgroup or ""
        letters[script] = letters.get(script, 0) + len(match[0])
    return letters


def _parts(letters: dict[str, int], main: str) -> Iterable[str]:
    """A considerable Latin part beside another script is read as if it stood alone."""
    latin = letters.get(_LATIN, 0)
    if main != _LATIN and latin >= _PART_LETTERS and latin >= _PART_SHARE * sum(letters.values()):
        yield ASSUMED


def _primary(tag: str) -> str:
    """The language of a BCP 47 tag: ``en`` of ``en-GB``."""
    return tag.partition("-")[0].lower()
