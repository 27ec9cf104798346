"""What was decided before about contents that say nearly the same as the one of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from moderation.directions import inert
from moderation.enums import Outcome
from moderation.models import Content, Decision
from moderation.near_duplicates.queries import MOST_COUNTED
from moderation.near_duplicates.reading import count_near_duplicates, count_outcomes, neighbours

SHOWN = 5


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """One of them, and the newest decision in effect about it, if there is one."""

    content: Content
    decision: Decision | None

    @property
    def shown_id(self) -> str:
        return inert(self.content.external_id)


@dataclass(frozen=True, slots=True)
class Similar:
    """The contents that say nearly the same: how many, what they came to, and the likest of them."""

    total: int
    approved: int
    rejected: int
    rows: list[SimilarRow]

    @property
    def items(self) -> list[Content]:
        return [row.content for row in self.rows]

    @property
    def shown_total(self) -> str:
        return f"{MOST_COUNTED:,}+" if self.total >= MOST_COUNTED else str(self.total)


def similar_to(content: Content) -> Similar:
    """One query where nothing is like it, six where something is."""
    total = count_near_duplicates([content.pk]).get(content.pk, 0)
    if not total:
        return Similar(0, 0, 0, [])
    outcomes = count_outcomes(content)
    likest = neighbours(content, SHOWN)
    decisions = _newest_decisions([near.pk for near in likest])
    rows = [SimilarRow(near, decisions.get(near.pk)) for near in likest]
    return Similar(total, outcomes.get(Outcome.APPROVE, 0), outcomes.get(Outcome.REJECT, 0), rows)


def _newest_decisions(content_ids: Sequence[UUID]) -> dict[UUID, Decision]:
    rows = Decision.objects.in_effect().filter(content__in=content_ids).select_related("moderator")
    return {row.content_id: row for row in rows.order_by("created_at")}
