"""The author of a case as a moderator should know them: what became of what they wrote, and how they stand."""

from dataclasses import dataclass

from moderation.models import Decision


@dataclass(frozen=True, slots=True)
class Standing:
    """What the author's last contents came to, this one left out, and the newest rejections in effect."""

    total: int
    approved: int
    rejected: int
    rejections: list[Decision]
    kept: int = 0  # of how many the reader must not know what they came to

    @property
    def waiting(self) -> int:
        return self.total - self.approved - self.rejected - self.kept

    @property
    def share_rejected(self) -> int:
        """Of a hundred that are decided; 0 where none is."""
        decided = self.approved + self.rejected
        return round(100 * self.rejected / decided) if decided else 0
