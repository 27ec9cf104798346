"""What is like a content that was read already: how many, and which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from moderation.models import Content
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


# Of a big cluster, the newest 1,000 within the window around the content are considered; of them the likest are named.
_ALIKE = """
    WITH alike AS MATERIALIZED (
        SELECT f.content_id, f.cluster, c.external_id, c.decision, c.created_at, f.submitted_at,
            bit_count((f.bits # own.bits)::bit(64)) AS distance
        FROM content_fingerprint own
        JOIN content_fingerprint f ON f.cluster = own.cluster AND f.content_id <> own.content_id
        JOIN content c ON c.id = f.content_id
        WHERE own.content_id = %(id)s
          AND f.submitted_at BETWEEN own.submitted_at - %(window)s AND own.submitted_at + %(window)s
        ORDER BY f.submitted_at DESC LIMIT %(most)s)
    SELECT decision, cluster, NULL, NULL::timestamptz, count(*) FROM alike GROUP BY decision, cluster
    UNION ALL
    (SELECT decision, content_id, external_id, created_at, NULL FROM alike
        ORDER BY distance, submitted_at DESC LIMIT %(limit)s)
"""


@dataclass(frozen=True, slots=True)
class Near:
    """A content that is like another: its id here and at its platform, and the outcome of its newest decision."""

    pk: UUID
    external_id: str
    decision: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Alike:
    """What is like a content: how many, the outcomes of those that have one, and the likest, the likest first.

    Without any, ``cluster`` is None.
    """

    cluster: UUID | None
    total: int
    outcomes: dict[str, int]
    likest: list[Near]


def read_alike(content: Content, limit: int) -> Alike:
    """The contents of the same client that are like this one, and ``limit`` of them by name; one query."""
    with connection.cursor() as cursor:
        asked: dict[str, Any] = {"id": content.pk, "window": window(), "most": MOST_COUNTED, "limit": limit}
        cursor.execute(_ALIKE, asked)
        rows = cursor.fetchall()
    counts = {decision: count for decision, *_, count in rows if count is not None}
    cluster = next((cluster for _, cluster, *_, count in rows if count is not None), None)
    likest = [Near(pk, external_id, decision, at) for decision, pk, external_id, at, count in rows if count is None]
    return Alike(cluster, sum(counts.values()), {key: count for key, count in counts.items() if key}, likest)
