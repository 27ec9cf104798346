"""What was decided before about contents that say nearly the same as the one of a case."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from moderation.directions import inert
from moderation.enums import Outcome
from moderation.models import Decision
from moderation.near_duplicates.queries import MOST_COUNTED
from moderation.near_duplicates.reading import Alike, Near

SHOWN = 5


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """One of them, and the newest decision in effect about it, if there is one."""

    content: Near
    decision: Decision | None

    @property
    def shown_id(self) -> str:
        return inert(self.content.external_id)


@dataclass(frozen=True, slots=True)
class Similar:
    """The contents that say nearly the same: how many, what they came to, and the likest of them."""

    cluster: UUID | None
    total: int
    approved: int
    rejected: int
    rows: list[SimilarRow]

    @property
    def items(self) -> list[Near]:
        return [row.content for row in self.rows]

    @property
    def shown_total(self) -> str:
        return f"{MOST_COUNTED:,}+" if self.total >= MOST_COUNTED else str(self.total)


def similar_of(alike: Alike, newest: Mapping[UUID, Decision]) -> Similar:
    """What was read of them, with their newest decisions in effect, by content."""
    rows = [SimilarRow(near, newest.get(near.pk)) for near in alike.likest]
    approved, rejected = (alike.outcomes.get(outcome, 0) for outcome in (Outcome.APPROVE, Outcome.REJECT))
    return Similar(alike.cluster, alike.total, approved, rejected, rows)
