"""The catalogues of the console's words: gathers what code and templates say, and compiles what translators wrote.

For developers alone: it needs Babel, and no gettext of the system. What runs reads the compiled files.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "reviewengine" / "locale"
APPS = ("dashboard", "moderation", "reviewengine")
WIDTH = 110
METHODS = [("**.py", "python"), ("**/templates/**.html", "reviewengine.catalogues:extract_template")]
KEYWORDS: dict[str, Any] = {
    "_": None,
    "N_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


@dataclass(frozen=True, slots=True)
class State:
    """What a catalogue lacks: words without a translation, uncertain ones, faulty ones, and whether it is compiled."""

    missing: list[str]
    fuzzy: list[str]
    faulty: list[str]
    obsolete: list[str]
    compiled: bool

    @property
    def is_whole(self) -> bool:
        return self.compiled and not (self.missing or self.fuzzy or self.faulty or self.obsolete)


def extract_template(file: IO[bytes], keywords: Any, tags: Any, options: Any) -> Iterator[Any]:
    """Babel's reader of Django's templates: Django writes them as Python first, but for the indentation."""
    source = "\n".join(line.strip() for line in templatize(file.read().decode()).splitlines())
    return extract_python(BytesIO(source.encode()), keywords, tags, {**options, "encoding": "utf-8"})


def gather() -> Catalog:
    """Everything that the console says, in English."""
    said = Catalog(project="Review Engine", charset="utf-8")
    for app in APPS:
        folder = ROOT / app
        for name, _line, message, comments, context in extract_from_dir(folder, METHODS, keywords=KEYWORDS):
            said.add(message, None, [(f"{app}/{name}", 0)], auto_comments=comments, context=context)
    return said


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/django.po"))


def read_catalogue(language: str) -> Catalog:
    with _po(language).open("rb") as file:
        return read_po(file, locale=language)


def update_catalogue(language: str) -> State:
    """Brings a catalogue up to what is said now, and compiles it; translations that fit are kept."""
    catalogue = read_catalogue(language)
    catalogue.update(gather(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    with _po(language).open("wb") as file:
        write_po(file, catalogue, width=WIDTH, sort_output=True, include_lineno=False, ignore_obsolete=True)
    _mo(language).write_bytes(_compiled(read_catalogue(language)))
    return state_of(language)


def state_of(language: str) -> State:
    """Compares a catalogue with what is said now; changes nothing."""
    catalogue, said = read_catalogue(language), gather()
    wanted = {(message.id, message.context) for message in said if message.id}
    known = {(message.id, message.context): message for message in catalogue if message.id}
    missing = [_name(key) for key in wanted if key not in known or not _is_translated(known[key])]
    return State(
        missing=sorted(missing),
        fuzzy=sorted(_name(key) for key, message in known.items() if message.fuzzy),
        faulty=[f"{_name((message.id, ''))}: {errors[0]}" for message, errors in catalogue.check()],
        obsolete=sorted(_name(key) for key in known.keys() - wanted),
        compiled=_mo(language).exists() and _mo(language).read_bytes() == _compiled(catalogue),
    )


def _is_translated(message: Any) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(strings)


def _name(key: tuple[Any, Any]) -> str:
    return str(key[0] if isinstance(key[0], str) else key[0][0])


def _compiled(catalogue: Catalog) -> bytes:
    file = BytesIO()
    write_mo(file, catalogue)
    return file.getvalue()


def _po(language: str) -> Path:
    return FOLDER / language / "LC_MESSAGES" / "django.po"


def _mo(language: str) -> Path:
    return _po(language).with_suffix(".mo")
