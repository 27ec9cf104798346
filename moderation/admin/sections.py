"""Tables of what belongs to a row, shown below its fields."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

MOST_ROWS = 50


@dataclass(frozen=True, slots=True)
class Section:
    """A titled table. The template escapes every cell that is not a safe string already."""

    title: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]
    note: str = ""


def section_of(
    title: str, headings: Sequence[str], rows: QuerySet, cells: Callable[[Any], Sequence[object]]
) -> Section:
    """A section of the first rows of ``rows``, one query; ``cells`` makes a table row of each."""
    found = list(rows[: MOST_ROWS + 1])
    note = _("Only the first %(count)d are shown.") % {"count": MOST_ROWS} if len(found) > MOST_ROWS else ""
    return Section(title, headings, [cells(row) for row in found[:MOST_ROWS]], note)
