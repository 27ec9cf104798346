"""What a case page leaves out about other contents: the outcomes of those that its reader may yet be asked about."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Q

from moderation.admin.case_page import AuthorHistory, CasePage
from moderation.admin.case_similar import Similar, SimilarRow
from moderation.admin.case_surroundings import Excerpt
from moderation.enums import Outcome
from moderation.review.blindness import cases_that_keep

# What stands in the place of an outcome that is kept: no outcome, and no word for one.
KEPT = "kept"


@dataclass(frozen=True, slots=True)
class _Kept:
    """A content whose ``outcome`` is kept: whether it is the same author's, and whether it says nearly the same."""

    outcome: str | None
    is_theirs: bool
    is_alike: bool


def keep_outcomes(page: CasePage, reader: User) -> CasePage:
    """The page without what a second person must not know of the contents around it. One query, mostly of no row."""
    kept = _kept(page, reader)
    if not kept:
        return page

    def blind(items: list[Excerpt]) -> list[Excerpt]:
        return [replace(item, outcome=KEPT) if item.content_id in kept else item for item in items]

    return replace(
        page,
        before=blind(page.before),
        after=blind(page.after),
        history=_blind_history(page.history, blind(page.history.items), kept) if page.history else None,
        similar=_blind_similar(page.similar, kept),
    )


def _kept(page: CasePage, reader: User) -> dict[UUID, _Kept]:
    """What keeps something back of what the page shows or counts, by content."""
    content, cluster = page.content, page.similar.cluster
    shown = [item.content_id for item in (*page.before, *page.after)]
    place = Q(content__in=[*shown, *(near.pk for near in page.similar.items)])
    if cluster is not None:
        place |= Q(content__fingerprint__cluster=cluster)
    if content.author_id is not None:
        place |= Q(content__author=content.author_id)
    cases = cases_that_keep(reader).filter(place).exclude(content=content.pk).order_by()
    rows = cases.values_list("content", "content__decision", "content__author", "content__fingerprint__cluster")
    return {
        pk: _Kept(
            outcome,
            author is not None and author == content.author_id,
            its_cluster is not None and its_cluster == cluster,
        )
        for pk, outcome, author, its_cluster in rows
    }


def _count(kept: Iterable[_Kept], outcome: Outcome) -> int:
    return sum(one.outcome == outcome for one in kept)


def _blind_history(history: AuthorHistory, items: list[Excerpt], kept: dict[UUID, _Kept]) -> AuthorHistory:
    theirs = [one for one in kept.values() if one.is_theirs]
    approved, rejected = (_count(theirs, outcome) for outcome in (Outcome.APPROVE, Outcome.REJECT))
    standing = replace(
        history.standing,
        approved=max(0, history.standing.approved - approved),
        rejected=max(0, history.standing.rejected - rejected),
        kept=approved + rejected,
        rejections=[decision for decision in history.standing.rejections if decision.content_id not in kept],
    )
    return replace(history, items=items, standing=standing)


def _blind_similar(similar: Similar, kept: dict[UUID, _Kept]) -> Similar:
    alike = [one for one in kept.values() if one.is_alike]
    return replace(
        similar,
        approved=max(0, similar.approved - _count(alike, Outcome.APPROVE)),
        rejected=max(0, similar.rejected - _count(alike, Outcome.REJECT)),
        rows=[
            SimilarRow(replace(row.content, decision=KEPT), None) if row.content.pk in kept else row
            for row in similar.rows
        ],
    )
