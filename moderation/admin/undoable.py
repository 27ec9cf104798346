"""What somebody decided just now and can still take back, for the line that every page of the desk shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from moderation.enums import HoldKind, HoldStatus
from moderation.review.holds import waits_for_second
from reviewengine import conf

# A decision that is held; and what was said of a case that measures, which looks as a decision does: to be undone for
# a while, or waiting for a second person. ``kinds`` are all there are: the index begins with them. The few decisions
# that are held are looked up one by one (OFFSET 0): a person's own may be a hundred thousand.
_NEWEST = """
    SELECT h.created_at AS said_at, h.case_id, d.id, c.external_id, d.outcome, h.release_at, FALSE AS measures, NULL
    FROM moderation_decisionhold h
    JOIN LATERAL (SELECT * FROM moderation_decision WHERE id = h.decision_id OFFSET 0) d ON d.moderator_id = %(person)s
    JOIN content c ON c.id = d.content_id
    WHERE h.kind = ANY (%(kinds)s) AND h.status = %(held)s AND h.created_at > %(since)s
      AND NOT EXISTS (SELECT FROM moderation_bulkitem b WHERE b.decision_id = d.id)
    UNION ALL
    SELECT q.created_at, q.case_id, q.id, c.external_id, q.outcome, q.created_at + %(window)s, TRUE, a.reach
    FROM moderation_qualityreview q
    JOIN content c ON c.id = q.content_id LEFT JOIN moderation_author a ON a.id = c.author_id
    WHERE q.moderator_id = %(person)s AND q.created_at > %(since)s AND q.settled_at IS NULL
    ORDER BY said_at DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Undoable:
    """A held decision of the person's. ``seconds`` are left to undo it; 0 where it waits for a second person."""

    case_id: UUID
    decision_id: UUID
    external_id: str
    outcome: str
    seconds: int


def undoable(person: User) -> Undoable | None:
    """The newest of the person's decisions that does not count yet, if it is of a moment ago. One query.

    What they said of a case that measures them can be undone like any decision.
    """
    now, window = timezone.now(), timedelta(seconds=conf.load().review.undo_seconds)
    asked: dict[str, Any] = {"person": person.pk, "since": now - window, "window": window}
    asked |= {"kinds": HoldKind.values, "held": HoldStatus.HELD.value}
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, asked)
        newest = cursor.fetchone()
    return newest and _as_undoable(*newest[1:], now=now)


def _as_undoable(
    case_id: UUID,
    decision_id: UUID,
    external_id: str,
    outcome: str,
    release_at: datetime | None,
    measures: bool,
    reach: int | None,
    *,
    now: datetime,
) -> Undoable:
    if measures and waits_for_second(outcome=outcome, reach=reach):
        release_at = None
    seconds = max(1, int((release_at - now).total_seconds())) if release_at else 0
    return Undoable(case_id, decision_id, external_id, outcome, seconds)
