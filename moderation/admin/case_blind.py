"""What a case page leaves out about other contents: the outcomes of those that its reader may yet be asked about."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import OuterRef, Q, Subquery

from moderation.admin.case_page import AuthorHistory, CasePage
from moderation.admin.case_similar import Similar, SimilarRow
from moderation.admin.case_surroundings import Excerpt
from moderation.enums import Outcome
from moderation.models import Content, ContentFingerprint, ReviewCase
from moderation.review.blindness import cases_that_keep

# What stands in the place of an outcome that is kept: no outcome, and no word for one.
KEPT = "kept"


def keep_outcomes(page: CasePage, reader: User) -> CasePage:
    """The page without what a second person must not know of the contents around it. One query, mostly of no row."""
    kept = _kept(page, reader)
    if not kept:
        return page
    by_author = page.content.author_id
    theirs = {key: case.content for key, case in kept.items() if case.content.author_id == by_author}

    def blind(items: list[Excerpt]) -> list[Excerpt]:
        return [replace(item, outcome=KEPT) if item.content_id in kept else item for item in items]

    return replace(
        page,
        before=blind(page.before),
        after=blind(page.after),
        history=_blind_history(page.history, blind(page.history.items), theirs) if page.history else None,
        similar=_blind_similar(page.similar, kept),
    )


def _kept(page: CasePage, reader: User) -> dict[UUID, ReviewCase]:
    """The cases that keep something back of what the page shows or counts, by content."""
    content = page.content
    around = [item.content_id for item in (*page.before, *page.after)]
    cluster = ContentFingerprint.objects.filter(content=content).values("cluster")[:1]
    place = Q(content__in=[*around, *(near.pk for near in page.similar.items)])
    place |= Q(content__fingerprint__cluster=Subquery(cluster))
    if content.author_id is not None:
        place |= Q(content__author=content.author_id)
    same = ContentFingerprint.objects.filter(content=OuterRef("content"), cluster__in=cluster).values("content")
    cases = cases_that_keep(reader).filter(place).exclude(content=content.pk).select_related("content")
    cases = cases.defer("content__text", "content__metadata").annotate(alike=Subquery(same[:1]))
    return {case.content_id: case for case in cases}


def _count(contents: Iterable[Content], outcome: Outcome) -> int:
    return sum(content.decision == outcome for content in contents)


def _blind_history(history: AuthorHistory, items: list[Excerpt], kept: dict[UUID, Content]) -> AuthorHistory:
    approved, rejected = (_count(kept.values(), outcome) for outcome in (Outcome.APPROVE, Outcome.REJECT))
    standing = replace(
        history.standing,
        approved=max(0, history.standing.approved - approved),
        rejected=max(0, history.standing.rejected - rejected),
        kept=approved + rejected,
        rejections=[decision for decision in history.standing.rejections if decision.content_id not in kept],
    )
    return replace(history, items=items, standing=standing)


def _blind_similar(similar: Similar, kept: dict[UUID, ReviewCase]) -> Similar:
    alike = [case.content for case in kept.values() if case.alike is not None]  # type: ignore[attr-defined]
    return replace(
        similar,
        approved=max(0, similar.approved - _count(alike, Outcome.APPROVE)),
        rejected=max(0, similar.rejected - _count(alike, Outcome.REJECT)),
        rows=[
            SimilarRow(replace(row.content, decision=KEPT), None) if row.content.pk in kept else row
            for row in similar.rows
        ],
    )
