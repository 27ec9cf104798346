"""How term lists look in answers, and what is sent about them."""

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import Field, StrictBool, StrictFloat, StrictInt, StrictStr, model_validator
from pydantic_core import PydanticCustomError

from moderation.api.content_shapes import Whole
from moderation.api.list_shapes import Patch, Slug
from moderation.api.words import Passage
from moderation.detectors.term_lists import LONGEST_TERM
from moderation.enums import Category, TermListKind
from moderation.ingest.schemas import Strict
from moderation.models import TermList

MOST_TERMS_A_CALL = 5000
Score = Annotated[StrictFloat | StrictInt, Field(ge=0, le=1)]
# What is wrong with a single term is told with its place, so its own limits stand only in the description.
Terms = Annotated[list[StrictStr], Field(max_length=MOST_TERMS_A_CALL)]


class TermListOut(Whole):
    """A list without its terms: those are read page by page."""

    name: str
    kind: TermListKind
    category: Category = Field(description="What a hit counts for")
    score: float = Field(description="0 to 1: how a hit reads in the category; domains that are allowed need none")
    whole_word: bool = Field(description="Whether a term counts only between word edges")
    enabled: bool
    term_count: int
    updated_at: datetime

    @classmethod
    def of(cls, row: TermList, term_count: int | None = None) -> "TermListOut":
        return cls(
            name=row.name,
            kind=TermListKind(row.kind),
            category=Category(row.category),
            score=row.score,
            whole_word=row.whole_word,
            enabled=row.enabled,
            term_count=len(row.terms) if term_count is None else term_count,
            updated_at=row.updated_at,
        )


class TermListPage(Whole):
    """A page of lists; follow ``next`` and ``previous`` as they are."""

    results: list[TermListOut]
    next: str | None
    previous: str | None


class TermPage(Whole):
    """A page of terms, in the order of their characters; follow ``next`` and ``previous`` as they are."""

    results: list[str]
    next: str | None
    previous: str | None


class TermsChangedOut(Whole):
    """What a call did to a list."""

    changed: int = Field(description="How many terms came, or went; those that were there, or not there, do not count")
    term_count: int
    updated_at: datetime


class HitOut(Whole):
    """Where the list was found: code points of the text, end exclusive."""

    start: int
    end: int
    text: str = Field(description="What stands there")
    detail: str = Field(description="Why, for a list of domains")


class TrialOut(Whole):
    """What a list finds in a text, whether or not it is in force."""

    category: Category
    score: float = Field(description="What a hit reads as")
    enabled: bool
    hits: list[HitOut] = Field(description="The first twenty")


class TermListQuery(Strict):
    """What the list is narrowed by."""

    kind: TermListKind | None = None
    enabled: bool | None = None


class TermListIn(Strict):
    """A new list. Its name stays: policies ask for it."""

    name: Slug
    kind: TermListKind = TermListKind.TERMS
    category: Category | None = Field(None, description="Needed for terms; lists of domains count for `url_risk`")
    score: Score = 1.0
    whole_word: StrictBool = True
    enabled: StrictBool = True
    terms: Terms = Field([], description=f"1 to {LONGEST_TERM} characters each; more can be added afterwards")

    @model_validator(mode="after")
    def _category(self) -> Self:
        if self.kind == TermListKind.TERMS and self.category is None:
            raise PydanticCustomError("missing", "name the category that a term counts for")
        return self

    def fields(self) -> dict[str, Any]:
        """The same as the model's fields, the terms left out."""
        given: dict[str, Any] = self.model_dump(exclude={"terms"})
        return {**given, "category": self.category or Category.URL_RISK}


class TermListPatch(Patch):
    """What is to change; what is not named stays."""

    kind: TermListKind | None = None
    category: Category | None = None
    score: Score | None = None
    whole_word: StrictBool | None = None
    enabled: StrictBool | None = None


class TermsIn(Strict):
    """Terms to add or to remove; capitals and blanks around them do not count."""

    terms: Annotated[Terms, Field(min_length=1)]


class TrialIn(Strict):
    """A text to try the list on. It is not kept."""

    text: Passage
