"""Step 6, of what kinds a content is: what a person is warned of before they see it, and what is counted afterwards."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Func

from moderation.enums import CaseStatus
from moderation.models import ModerationResult, ReviewCase

# More likely than not: a kind that no rule asked about is still one to warn of.
LIKELY = 0.5


class _Unnest(Func):
    """Each element of an array of texts by itself."""

    function = "unnest"
    set_returning = True
    output_field = CharField()


# To count by: a row that is about two categories counts for both.
EACH_CATEGORY = _Unnest(F("categories"))


def kinds_of_case(case: ReviewCase) -> frozenset[str]:
    """The kinds of a case: its own categories, what the deciding rule reached, and what the detectors think likely."""
    result = case.result
    read = _kinds_read(result.reasons, result.scores) if result else ()
    return frozenset(case.categories).union(read)


def kinds_of_contents(content_ids: Collection[UUID]) -> dict[UUID, frozenset[str]]:
    """The kinds of each content, by its id: of all its versions, cases included. Two queries for any number.

    A content of which nothing is known has none.
    """
    return kinds_and_hidden(content_ids)[0]


def kinds_and_hidden(content_ids: Collection[UUID]) -> tuple[dict[UUID, frozenset[str]], set[UUID]]:
    """As ``kinds_of_contents``; and those of the contents that wait in a queue which hides texts. Two queries."""
    kinds: dict[UUID, set[str]] = {key: set() for key in content_ids}
    hidden: set[UUID] = set()
    if not kinds:
        return {}, hidden
    cases = ReviewCase.objects.filter(content__in=kinds)
    for key, categories, status, hides in cases.values_list("content", "categories", "status", "queue__hide_text"):
        kinds[key].update(categories)
        if hides and status == CaseStatus.OPEN:
            hidden.add(key)
    results = ModerationResult.objects.filter(content__in=kinds).values_list("content", "reasons", "scores")
    for key, reasons, scores in results:
        kinds[key].update(_kinds_read(reasons, scores))
    return {key: frozenset(found) for key, found in kinds.items()}, hidden


def _kinds_read(reasons: Iterable[dict[str, Any]], scores: dict[str, float]) -> Iterable[str]:
    yield from (said["category"] for said in reasons if said.get("category") and said.get("score") is not None)
    yield from (category for category, score in scores.items() if score >= LIKELY)
