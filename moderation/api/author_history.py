"""An author's history: decisions about the content and acts on the author, two tables read as one list."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.author_shapes import AuthorActOut, AuthorDecisionOut, AuthorEventOut
from moderation.api.errors import Problem
from moderation.api.keyset import Page
from moderation.authors import ACTS
from moderation.enums import SubjectType
from moderation.models import AuditEntry, Author, Decision

# In this order where both happened in one moment.
ACT, DECISION = "act", "decision"
# Who acted, by how the audit writes it; which person of the console it was is not the platform's to know.
DOORS = {"key": "api", "user": "console"}
_Place = tuple[datetime, str, Any]


def page(request: Request, author: Author) -> Response:
    """One page of it, newest first: at most a page's rows are read of each table."""
    wanted = Page(request)
    place = _read(wanted.place) if wanted.place is not None else None
    decisions = Decision.objects.in_effect().filter(content__author=author).select_related("content")
    slim = decisions.defer("private_note", "content__text", "content__metadata")
    acts = AuditEntry.objects.filter(subject_type=SubjectType.AUTHOR, subject_id=str(author.pk), action__in=ACTS)
    found: list[Decision | AuditEntry] = [*_beside(slim, DECISION, place, wanted), *_beside(acts, ACT, place, wanted)]
    found.sort(key=_place_of, reverse=not wanted.backward)
    return wanted.answer(found[: wanted.size + 1], _key, lambda rows: [_show(row) for row in rows])


def _beside(rows: QuerySet[Any], kind: str, place: _Place | None, page: Page) -> list[Any]:
    """The rows of one table that come next in the page's direction."""
    sign, towards = ("", "gt") if page.backward else ("-", "lt")
    if place is not None:
        at, other, key = place
        beyond = Q(**{f"created_at__{towards}": at})
        if kind == other:
            beyond |= Q(**{"created_at": at, f"pk__{towards}": key})
        elif (kind < other) != page.backward:
            beyond |= Q(created_at=at)
        rows = rows.filter(beyond)
    return list(rows.order_by(f"{sign}created_at", f"{sign}pk")[: page.size + 1])


def _place_of(row: Decision | AuditEntry) -> _Place:
    return row.created_at, DECISION if isinstance(row, Decision) else ACT, row.pk


def _key(row: Decision | AuditEntry) -> list[Any]:
    at, kind, key = _place_of(row)
    return [at.isoformat(), kind, str(key)]


def _read(place: list[Any]) -> _Place:
    """What the cursor says. Raises Problem where it is not one of this list's."""
    try:
        moment, kind, key = place
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or kind not in (ACT, DECISION):
            raise ValueError(kind)
        return at, kind, UUID(key) if kind == DECISION else int(key)
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise Problem("invalid_cursor") from error


def _show(row: Decision | AuditEntry) -> AuthorEventOut:
    if isinstance(row, AuditEntry):
        return AuthorEventOut(at=row.created_at, decision=None, act=_act(row))
    decided = AuthorDecisionOut(
        id=row.pk,
        content_id=row.content_id,
        external_id=row.content.external_id,
        content_version=row.content_version,
        outcome=row.outcome,
        source=row.source,
        rule=row.rule,
        label=row.label,
        reasoning=row.reasoning,
    )
    return AuthorEventOut(at=row.created_at, decision=decided, act=None)


def _act(entry: AuditEntry) -> AuthorActOut:
    return AuthorActOut(
        action=entry.action,
        by=DOORS.get(entry.actor.partition(":")[0], "system"),
        changes=entry.data.get("changes", {}),
        until=entry.data.get("until"),
        reason=entry.data.get("reason", ""),
    )
