"""What surrounds the content of a case: what was said around it, what its author wrote, and what that came to.

Two statements for everything, whatever there is: a moderator waits for this page hundreds of times a shift.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from moderation.admin.cells import duration
from moderation.directions import inert
from moderation.enums import HoldStatus, Outcome
from moderation.models import Content

EXCERPT_CHARACTERS = 240
AUTHOR_ITEMS = 5
NEIGHBOURS = 2
RECENT = 100
REJECTIONS = 3

# What was said just before and just after in the same conversation, else what the content answers; and what its author
# wrote last. Only the beginning of each text is read. A part that nothing can answer is no part of the plan: the values
# are compared with each other too.
_AROUND = """
    SELECT shown.place, c.id, coalesce(nullif(a.display_name, ''), a.external_id), c.decision, c.created_at,
           left(c.text, %(characters)s)
    FROM (
        (SELECT 'author' AS place, id FROM content
            WHERE author_id = %(author)s AND id <> %(content)s ORDER BY created_at DESC LIMIT %(items)s)
        UNION ALL
        (SELECT 'before', id FROM content
            WHERE client_id = %(client)s AND conversation_id = %(thread)s AND conversation_id <> '' AND %(thread)s <> ''
              AND created_at <= %(at)s AND id <> %(content)s
            ORDER BY created_at DESC, id DESC LIMIT %(neighbours)s)
        UNION ALL
        (SELECT 'after', id FROM content
            WHERE client_id = %(client)s AND conversation_id = %(thread)s AND conversation_id <> '' AND %(thread)s <> ''
              AND created_at > %(at)s AND id <> %(content)s
            ORDER BY created_at, id LIMIT %(neighbours)s)
        UNION ALL
        (SELECT 'before', id FROM content
            WHERE client_id = %(client)s AND external_id = %(parent)s AND %(parent)s <> '' AND %(thread)s = ''
              AND id <> %(content)s)
    ) AS shown
    JOIN content c ON c.id = shown.id LEFT JOIN moderation_author a ON a.id = c.author_id
    ORDER BY c.created_at, c.id
"""
# Only the newest contents are looked at, whatever the author wrote. A rejection that was overridden or taken back, or
# that does not count yet, is none.
_STANDING = """
    WITH theirs AS (
        SELECT id, decision FROM content
        WHERE author_id = %(author)s AND id <> %(content)s ORDER BY created_at DESC LIMIT %(recent)s)
    SELECT count(*), count(*) FILTER (WHERE decision = %(approve)s), count(*) FILTER (WHERE decision = %(reject)s),
           ARRAY(
               SELECT d.id::text FROM theirs JOIN moderation_decision d ON d.content_id = theirs.id
               LEFT JOIN moderation_decisionhold h ON h.decision_id = d.id
               WHERE theirs.decision = %(reject)s AND d.outcome = %(reject)s
                 AND (h.decision_id IS NULL OR h.status = %(released)s)
               ORDER BY d.created_at DESC LIMIT %(rejections)s)
    FROM theirs
"""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The beginning of another content, and what became of it. ``cover`` says what it is about where it is covered."""

    content_id: UUID
    author: str
    outcome: str | None
    age: str
    text: str
    cover: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The thread just ``before`` and ``after``, and what the author wrote last (``said``), the newest first."""

    before: list[Excerpt]
    after: list[Excerpt]
    said: list[Excerpt]


@dataclass(frozen=True, slots=True)
class Counts:
    """What the author's newest contents came to, this one left out; the newest rejections in effect, by their ids."""

    total: int
    approved: int
    rejected: int
    rejections: tuple[UUID, ...]


def surroundings_of(content: Content) -> Surroundings:
    """One query."""
    places: dict[str, list[Excerpt]] = {"before": [], "after": [], "author": []}
    now = timezone.now()
    for place, *row in _rows(_AROUND, content):
        places[place].append(_excerpt(*row, now=now))
    return Surroundings(places["before"], places["after"], places["author"][::-1])


def counts_of(content: Content) -> Counts:
    """One query."""
    ((total, approved, rejected, rejections),) = _rows(_STANDING, content)
    return Counts(total, approved, rejected, tuple(map(UUID, rejections)))


def _rows(statement: str, content: Content) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, _asked(content))
        return cursor.fetchall()


def _asked(content: Content) -> Mapping[str, Any]:
    return {
        "content": content.pk,
        "client": content.client_id,
        "author": content.author_id,
        "thread": content.conversation_id,
        "parent": content.parent_external_id,
        "at": content.created_at,
        "characters": EXCERPT_CHARACTERS + 1,
        "items": AUTHOR_ITEMS,
        "neighbours": NEIGHBOURS,
        "recent": RECENT,
        "rejections": REJECTIONS,
        "approve": Outcome.APPROVE.value,
        "reject": Outcome.REJECT.value,
        "released": HoldStatus.RELEASED.value,
    }


def _excerpt(
    content_id: UUID, author: str | None, outcome: str | None, created_at: datetime, text: str, *, now: datetime
) -> Excerpt:
    return Excerpt(
        content_id=content_id,
        author=inert(author) if author else gettext("Unknown author"),
        outcome=outcome,
        age=duration(max(0, int((now - created_at).total_seconds()))),
        text=truncate(text),
    )


def truncate(text: str) -> str:
    """The text with a mark where it goes on."""
    return text[:EXCERPT_CHARACTERS] + "…" if len(text) > EXCERPT_CHARACTERS else text
