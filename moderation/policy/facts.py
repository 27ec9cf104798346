"""Step 4, what a policy judges: the facts of one content, gathered by the pipeline."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class AuthorFacts:
    """What is known of the person who wrote the content.

    ``trust`` is the site's own level (0 = nothing known, higher = more trusted, negative = distrusted), counts are
    of this client's earlier decisions about the author, ``age_days`` the age of the account or None if not known.
    """

    trusted: bool = False
    trust: int = 0
    prior_rejections: int = 0
    prior_approvals: int = 0
    age_days: float | None = None


@dataclass(frozen=True)
class Facts:
    """Everything a rule may ask about one content.

    ``scores`` holds the categories that were read (0 to 1, 0 included), ``unavailable`` those whose detector failed
    this time, ``not_covered`` those that no enabled detector looks for. A category named in none of the three
    counts as unavailable: a forgotten reading must not approve anything. ``term_lists`` names the lists with a hit,
    None when the lists could not be consulted. ``language`` is a BCP 47 tag, empty when not known.
    """

    scores: Mapping[str, float] = _NOTHING
    unavailable: frozenset[str] = frozenset()
    not_covered: frozenset[str] = frozenset()
    text: str = ""
    language: str = ""
    author: AuthorFacts | None = None
    metadata: Mapping[str, Any] = field(default=_NOTHING)
    term_lists: frozenset[str] | None = frozenset()

    @cached_property
    def folded_text(self) -> str:
        """The text without case differences, folded once for all rules."""
        return self.text.casefold()
