"""Step 6, what people were exposed to, in numbers: one's own for everybody, each person's for a lead."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from moderation.models import Exposure
from moderation.review.kinds import EACH_CATEGORY

_SUMS: dict[str, Any] = {
    "looks": Count("pk"),
    "text_seconds": Sum("text_seconds"),
    "image_seconds": Sum("image_seconds"),
}


@dataclass(frozen=True, slots=True)
class KindFigures:
    """Looks at contents of one kind, and the seconds in which their texts and images lay open."""

    kind: str
    looks: int
    text_seconds: int
    image_seconds: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What one person was exposed to in some time. A look counts under each of its kinds, and once in the sums."""

    looks: int = 0
    graphic: int = 0
    open_seconds: int = 0
    text_seconds: int = 0
    image_seconds: int = 0
    kinds: tuple[KindFigures, ...] = ()


def figures_by_person(*, since: datetime, moderators: Iterable[int] | None = None) -> dict[int, Figures]:
    """By the person's id, what was looked at since then, the kinds most looked at first. Two queries."""
    rows = Exposure.objects.filter(started_at__gte=since)
    if moderators is not None:
        rows = rows.filter(moderator__in=moderators)
    kinds = _kinds_by_person(rows)
    sums = rows.values("moderator").annotate(
        **_SUMS, graphic=Count("pk", filter=Q(is_graphic=True)), open_seconds=Sum("open_seconds")
    )
    return {key: Figures(**row, kinds=tuple(kinds.get(key, ()))) for key, row in _keyed(sums)}


def figures_of(moderator_id: int, *, since: datetime) -> Figures:
    """One person's."""
    return figures_by_person(since=since, moderators=[moderator_id]).get(moderator_id, Figures())


def _keyed(rows: Iterable[Mapping[str, Any]]) -> Iterable[tuple[int, dict[str, Any]]]:
    for row in rows:
        values = dict(row)
        yield values.pop("moderator"), values


def _kinds_by_person(rows: QuerySet[Exposure]) -> dict[int, list[KindFigures]]:
    counted = rows.annotate(kind=EACH_CATEGORY).values("moderator", "kind").annotate(**_SUMS)
    found: dict[int, list[KindFigures]] = {}
    for key, row in _keyed(counted):
        found.setdefault(key, []).append(KindFigures(**row))
    for kinds in found.values():
        kinds.sort(key=lambda one: (-one.looks, one.kind))
    return found
