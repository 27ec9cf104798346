"""Step 3, the scripts of the world's big languages: which letters a text is written in, and who writes them."""

import re
from typing import NamedTuple

LATIN = "latin"


class Script(NamedTuple):
    """``letters`` is the inside of a character class; ``languages`` (ISO 639-1) begin with the most written one."""

    letters: str
    languages: tuple[str, ...]


SCRIPTS: dict[str, Script] = {
    LATIN: Script(
        "A-Za-z\u00aa\u00ba\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
        (
            "en", "es", "pt", "fr", "de", "it", "nl", "pl", "tr", "id", "ms", "vi", "tl", "ro", "cs", "sk", "hu", "sv",
            "da", "no", "fi", "hr", "sl", "et", "lt", "lv", "sq", "ca", "sw", "so", "af", "az",
        ),
    ),
    "cyrillic": Script("\u0400-\u052f\u1c80-\u1c8f", ("ru", "uk", "bg", "sr", "mk", "be", "kk", "ky", "mn")),
    "arabic": Script("\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc", ("ar", "fa", "ur", "ps")),
    "devanagari": Script("\u0900-\u097f", ("hi", "mr", "ne")),
    "han": Script("\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f", ("zh", "ja")),
    "kana": Script("\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f", ("ja",)),
    "hangul": Script("\u1100-\u11ff\u3131-\u318e\uac00-\ud7a3", ("ko",)),
    "bengali": Script("\u0980-\u09ff", ("bn", "as")),
    "greek": Script("\u0370-\u03ff\u1f00-\u1fff", ("el",)),
    "hebrew": Script("\u05d0-\u05f2", ("he", "yi")),
    "thai": Script("\u0e00-\u0e7f", ("th",)),
    "tamil": Script("\u0b80-\u0bff", ("ta",)),
    "telugu": Script("\u0c00-\u0c7f", ("te",)),
    "gujarati": Script("\u0a80-\u0aff", ("gu",)),
    "gurmukhi": Script("\u0a00-\u0a7f", ("pa",)),
    "kannada": Script("\u0c80-\u0cff", ("kn",)),
    "malayalam": Script("\u0d00-\u0d7f", ("ml",)),
    "oriya": Script("\u0b00-\u0b7f", ("or",)),
    "sinhala": Script("\u0d80-\u0dff", ("si",)),
    "burmese": Script("\u1000-\u109f", ("my",)),
    "khmer": Script("\u1780-\u17ff", ("km",)),
    "lao": Script("\u0e80-\u0eff", ("lo",)),
    "tibetan": Script("\u0f00-\u0fff", ("bo",)),
    "georgian": Script("\u10a0-\u10ff\u1c90-\u1cbf", ("ka",)),
    "armenian": Script("\u0531-\u0587", ("hy",)),
    "ethiopic": Script("\u1200-\u137f", ("am",)),
}  # fmt: skip

# Languages that are written in another script than Latin, and in none besides.
NEVER_LATIN = frozenset(
    language for name, script in SCRIPTS.items() if name != LATIN for language in script.languages
) - {"sr", "kk", "mn"}

_RUNS = re.compile("|".join(f"(?P<{name}>[{script.letters}]+)" for name, script in SCRIPTS.items()))
_OTHER_THAN = {name: re.compile(f"[^{script.letters}']+") for name, script in SCRIPTS.items()}


def count_letters(text: str) -> dict[str, int]:
    """How many letters of each script ``text`` holds. Han beside kana is Japanese and counts as kana."""
    if text.isascii():
        latin = sum(map(str.isalpha, text))
        return {LATIN: latin} if latin else {}
    letters: dict[str, int] = {}
    for match in _RUNS.finditer(text):
        name = match.lastgroup or ""
        letters[name] = letters.get(name, 0) + len(match[0])
    if letters.get("kana", 0) > letters.get("han", 0) / 10:
        letters["kana"] += letters.pop("han", 0)
    return letters


def words_in(text: str, script: str) -> str:
    """The words of ``text`` in one script, with one space in between; everything else is gone."""
    return _OTHER_THAN[script].sub(" ", text).strip()
