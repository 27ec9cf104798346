"""The author of a case as a moderator should know them: what became of what they wrote, and how they stand."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from moderation.enums import Outcome
from moderation.models import Author, Content, Decision

RECENT = 100
REJECTIONS = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """What the author's last contents came to, this one left out, and the newest rejections in effect."""

    total: int
    approved: int
    rejected: int
    rejections: list[Decision]

    @property
    def waiting(self) -> int:
        return self.total - self.approved - self.rejected

    @property
    def share_rejected(self) -> int:
        """Of a hundred that are decided; 0 where none is."""
        decided = self.approved + self.rejected
        return round(100 * self.rejected / decided) if decided else 0


def standing_of(author: Author, content: Content) -> Standing:
    """Two queries, whatever the author wrote: only the newest 100 are looked at."""
    recent = _newest(author, content)[:RECENT].values("pk")
    counts = Content.objects.filter(pk__in=recent).aggregate(
        total=Count("pk"),
        approved=Count("pk", filter=Q(decision=Outcome.APPROVE)),
        rejected=Count("pk", filter=Q(decision=Outcome.REJECT)),
    )
    return Standing(**counts, rejections=_rejections(recent) if counts["rejected"] else [])


def _newest(author: Author, content: Content) -> QuerySet[Content]:
    return Content.objects.filter(author=author).exclude(pk=content.pk).order_by("-created_at")


def _rejections(contents: QuerySet[Content, Any]) -> list[Decision]:
    """What is rejected still: a decision that was overridden or taken back says so no more."""
    rows = Decision.objects.in_effect().filter(content__in=contents, content__decision=Outcome.REJECT)
    newest = rows.filter(outcome=Outcome.REJECT).select_related("moderator").order_by("-created_at")
    return list(newest[:REJECTIONS])
