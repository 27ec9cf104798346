"""Languages as people call them: a result and a content keep their codes."""

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

# Languages that the detectors tell apart and for which Django knows no name.
_MORE_NAMES = {
    "am": N_("Amharic"), "as": N_("Assamese"), "bo": N_("Tibetan"), "gu": N_("Gujarati"), "lo": N_("Lao"),
    "or": N_("Odia"), "ps": N_("Pashto"),
    "si": N_("Sinhala"), "so": N_("Somali"), "tl": N_("Tagalog"), "yi": N_("Yiddish"), "zh": N_("Chinese"),
}  # fmt: skip
_NOT_KNOWN = ("", "und", "unknown")
NOT_IDENTIFIED = N_("not identified")


def is_known(code: str) -> bool:
    """Whether the code names a language at all."""
    return code.lower() not in _NOT_KNOWN


def language_name(code: str) -> str:
    """``Spanish`` for ``es``, ``Spanish (es-PE)`` for a region without a name, the code itself for what is not known.

    Empty, ``und`` and ``unknown`` are ``not identified``.
    """
    tag = code.lower()
    if not is_known(tag):
        return _(NOT_IDENTIFIED)
    base = tag.partition("-")[0]
    name = _name(tag) or _name(base)
    return code if not name else name if tag == base or _name(tag) else f"{name} ({code})"


def language_choices() -> list[tuple[str, str]]:
    """Code and name of every language that has a name here, without regions, by name."""
    codes = {code for code, said in LANG_INFO.items() if "name" in said and "-" not in code} | _MORE_NAMES.keys()
    return sorted(((code, _name(code)) for code in codes), key=lambda choice: choice[1])


def _name(tag: str) -> str:
    name = LANG_INFO.get(tag, {}).get("name") or _MORE_NAMES.get(tag, "")
    return _(name) if name else ""


def language_and_source(*, declared: str, identified: str) -> str:
    """``Spanish (identified)``, ``German (declared)``, or both where they differ; ``not identified`` without either.

    ``declared`` is the client's tag, ``identified`` the result's code.
    """
    says = "" if declared.lower() in _NOT_KNOWN else declared
    if identified.lower() in _NOT_KNOWN:
        return _("%(name)s (declared)") % {"name": language_name(says)} if says else _(NOT_IDENTIFIED)
    if not says:
        return _("%(name)s (identified)") % {"name": language_name(identified)}
    if says.lower().partition("-")[0] == identified.lower():
        return _("%(name)s (declared)") % {"name": language_name(says)}
    both = {"name": language_name(identified), "declared": language_name(says)}
    return _("%(name)s (identified; declared: %(declared)s)") % both
