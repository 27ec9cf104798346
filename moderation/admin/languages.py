"""Languages as people call them: a result and a content keep their codes."""

from django.conf.locale import LANG_INFO

# Languages that the detectors tell apart and for which Django knows no name.
_MORE_NAMES = {
    "am": "Amharic", "as": "Assamese", "bo": "Tibetan", "gu": "Gujarati", "lo": "Lao", "or": "Odia", "ps": "Pashto",
    "si": "Sinhala", "so": "Somali", "tl": "Tagalog", "yi": "Yiddish", "zh": "Chinese",
}  # fmt: skip
_NOT_KNOWN = ("", "und", "unknown")
NOT_IDENTIFIED = "not identified"


def language_name(code: str) -> str:
    """``Spanish`` for ``es``, ``Spanish (es-PE)`` for a region without a name, the code itself for what is not known.

    Empty, ``und`` and ``unknown`` are ``not identified``.
    """
    tag = code.lower()
    if tag in _NOT_KNOWN:
        return NOT_IDENTIFIED
    base = tag.partition("-")[0]
    name = _name(tag) or _name(base)
    return code if not name else name if tag == base or _name(tag) else f"{name} ({code})"


def language_choices() -> list[tuple[str, str]]:
    """Code and name of every language that has a name here, without regions, by name."""
    codes = {code for code, said in LANG_INFO.items() if "name" in said and "-" not in code} | _MORE_NAMES.keys()
    return sorted(((code, _name(code)) for code in codes), key=lambda choice: choice[1])


def _name(tag: str) -> str:
    return LANG_INFO.get(tag, {}).get("name") or _MORE_NAMES.get(tag, "")


def language_and_source(*, declared: str, identified: str) -> str:
    """``Spanish (identified)``, ``German (declared)``, or both where they differ; ``not identified`` without either.

    ``declared`` is the client's tag, ``identified`` the result's code.
    """
    says = "" if declared.lower() in _NOT_KNOWN else declared
    if identified.lower() in _NOT_KNOWN:
        return f"{language_name(says)} (declared)" if says else NOT_IDENTIFIED
    if not says:
        return f"{language_name(identified)} (identified)"
    if says.lower().partition("-")[0] == identified.lower():
        return f"{language_name(says)} (declared)"
    return f"{language_name(identified)} (identified; declared: {language_name(says)})"
