"""Step 4, what a policy judges: the facts of one content, gathered by the pipeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from moderation.enums import TrustLevel

TERM_LISTS = "term_lists"
HASH_BANKS = "hash_banks"


def language_of(declared: str, identified: str) -> str:
    """The identified language, with the region that the client named for it: a rule may ask for ``pt-BR``."""
    return declared if declared.partition("-")[0].lower() == identified else identified


@dataclass(frozen=True, slots=True)
class AuthorFacts:
    """What is known of the person who wrote the content.

    ``trust`` is a TrustLevel, the counts are of earlier final decisions about this author's content, ``age_days`` is
    the time since the author's first content here, ``reach`` how many people see what they write, each None when that
    is not known. ``suspended``: a suspension runs at this moment.
    """

    trust: str = TrustLevel.NORMAL.value
    prior_rejections: int = 0
    prior_approvals: int = 0
    age_days: float | None = None
    suspended: bool = False
    reach: int | None = None

    @property
    def trusted(self) -> bool:
        """Whether the client's moderators trust the author."""
        return self.trust == TrustLevel.TRUSTED


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything a rule may ask about one content.

    ``scores`` holds the categories that were read (0 to 1, 0 included), ``unavailable`` those whose detector failed
    this time, ``not_covered`` those that no enabled detector looks for. A category named in none of the three
    counts as unavailable: a forgotten reading must not approve anything. ``term_lists`` names the lists with a hit,
    None when the lists could not be consulted. ``hash_banks`` maps the banks that know one of the images to their
    action, None when an image could not be compared. ``language`` is the identified one as a BCP 47 tag, empty when not
    known. ``near_duplicates`` counts the client's other contents that say nearly the same, within a time.
    """

    scores: Mapping[str, float] = field(default_factory=dict)
    unavailable: frozenset[str] = frozenset()
    not_covered: frozenset[str] = frozenset()
    text: str = ""
    language: str = ""
    author: AuthorFacts | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    term_lists: frozenset[str] | None = frozenset()
    hash_banks: Mapping[str, str] | None = field(default_factory=dict)
    near_duplicates: int = 0

    def missing(self, needs: frozenset[str]) -> tuple[str, ...]:
        """Those of the needed readings that this content lacks, in order of name. Not covered is not missing."""
        return tuple(sorted(name for name in needs if self._lacks(name)))

    def _lacks(self, name: str) -> bool:
        if name == TERM_LISTS:
            return self.term_lists is None
        if name == HASH_BANKS:
            return self.hash_banks is None
        if name in self.unavailable:
            return True
        score = self.scores.get(name)
        return name not in self.not_covered if score is None else score != score
