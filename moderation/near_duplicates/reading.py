"""What is like a content that was read already: how many, and which."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from moderation.detectors.fingerprint import distance
from moderation.models import Content, ContentFingerprint
from moderation.near_duplicates.queries import MOST_COUNTED, window

_COUNTS = """
    SELECT own.content_id, (SELECT count(*) FROM (
        SELECT FROM content_fingerprint f
        WHERE f.cluster = own.cluster
          AND f.submitted_at BETWEEN own.submitted_at - %(window)s AND own.submitted_at + %(window)s
        LIMIT %(most)s) AS counted)
    FROM content_fingerprint own WHERE own.content_id = ANY (%(ids)s::uuid[])
"""


def count_near_duplicates(content_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many others are like each content, within the window before or after it; one query for any number.

    A content that no worker has read yet, or whose text was erased, has no entry.
    """
    if not content_ids:
        return {}
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {"ids": [str(pk) for pk in content_ids], "window": window(), "most": MOST_COUNTED + 1}
        cursor.execute(_COUNTS, asked)
        return {UUID(str(content_id)): count - 1 for content_id, count in cursor.fetchall()}


# The same members as are counted, and no more of them.
_OUTCOMES = """
    SELECT c.decision, count(*) FROM (
        SELECT f.content_id FROM content_fingerprint own JOIN content_fingerprint f ON f.cluster = own.cluster
        WHERE own.content_id = %(id)s AND f.content_id <> own.content_id
          AND f.submitted_at BETWEEN own.submitted_at - %(window)s AND own.submitted_at + %(window)s
        LIMIT %(most)s) AS alike
    JOIN content c ON c.id = alike.content_id WHERE c.decision IS NOT NULL GROUP BY c.decision
"""


def count_outcomes(content: Content) -> dict[str, int]:
    """What was decided about the contents that are like this one: outcome to number, of 1,000 at most; one query."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"id": str(content.pk), "window": window(), "most": MOST_COUNTED}
        cursor.execute(_OUTCOMES, values)
        return dict(cursor.fetchall())


def neighbours(content: Content, limit: int = 20) -> list[Content]:
    """The contents of the same client that are like this one, the likest first, with their newest decision's outcome.

    Of a big cluster, the newest 1,000 within the window around the content are considered.
    """
    own = ContentFingerprint.objects.filter(content=content).first()
    if own is None:
        return []
    within = window()
    around = (own.submitted_at - within, own.submitted_at + within)
    others = ContentFingerprint.objects.filter(cluster=own.cluster, submitted_at__range=around).exclude(content=content)
    rows = others.order_by("-submitted_at").values_list("content", "bits")[:MOST_COUNTED]
    nearest = [key for key, _ in sorted(rows, key=lambda row: distance(row[1], own.bits))[:limit]]
    found = Content.objects.in_bulk(nearest)
    return [found[key] for key in nearest if key in found]
