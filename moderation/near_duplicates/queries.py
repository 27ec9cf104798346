"""The look-ups of near-duplicates, each one statement for any number of contents, and the joining of clusters."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from psycopg2.extras import execute_values

from moderation.detectors.fingerprint import MOST_DISTANCE
from moderation.near_duplicates.clusters import Mark, looked_up
from reviewengine import conf

MOST_COUNTED = 1_000  # more is told as this many
_MOST_JOINED = 1_000
_MINUTE = timedelta(minutes=1)

# Lateral and aggregated, so that the planner cannot join by client and read every row: each place uses the index.
_ALIKE = """
    SELECT q.place, near.clusters, near.recent
    FROM (VALUES %s) AS q (place, client_id, bits, keys, since, recent, until) CROSS JOIN LATERAL (
        SELECT array_agg(DISTINCT f.cluster) AS clusters, count(*) FILTER (WHERE f.submitted_at > q.recent) AS recent
        FROM content_fingerprint f
        WHERE f.bands && q.keys AND f.client_id = q.client_id AND f.submitted_at BETWEEN q.since AND q.until
          AND bit_count((f.bits # q.bits)::bit(64)) <= {most_distance} AND f.content_id <> ALL ({batch}::uuid[])
    ) AS near
    WHERE near.clusters IS NOT NULL
"""
_ALIKE_ROW = "(%s, %s::bigint, %s::bigint, %s::int[], %s::timestamptz, %s::timestamptz, %s::timestamptz)"
# Counts no further than is told, so that the biggest wave costs no more than any other.
_COUNTS = """
    SELECT (SELECT count(*) FROM (
        SELECT FROM content_fingerprint f
        WHERE f.cluster = q.cluster AND f.submitted_at BETWEEN q.since AND q.until AND f.content_id <> ALL (%s::uuid[])
        LIMIT %s) AS counted)
    FROM unnest(%s::uuid[], %s::timestamptz[], %s::timestamptz[]) WITH ORDINALITY AS q (cluster, since, until, place)
    ORDER BY q.place
"""
# Rows that another worker is joining are left to it; what a huge cluster keeps of its old name harms nobody.
_JOIN = """
    WITH joining AS (
        SELECT f.content_id, q.joined FROM unnest(%s::uuid[], %s::uuid[]) AS q (cluster, joined)
        JOIN content_fingerprint f ON f.cluster = q.cluster
        ORDER BY f.content_id LIMIT %s FOR UPDATE OF f SKIP LOCKED)
    UPDATE content_fingerprint f SET cluster = joining.joined FROM joining WHERE f.content_id = joining.content_id
"""


def window() -> timedelta:
    """How far apart in time two contents may be and still be alike."""
    return timedelta(hours=conf.load().near_duplicates.window_hours)


def alike(marks: Sequence[Mark], within: timedelta) -> dict[int, tuple[set[UUID], int]]:
    """By place, the clusters of the stored contents that are alike, and how many recent ones were found."""
    rows = [
        (at, mark.content.client_id, mark.found.bits, looked_up(mark, within),
         mark.at - within, mark.at - within / 2, mark.at + within)
        for at, mark in enumerate(marks)
        if mark.found.bands
    ]  # fmt: skip
    if not rows:
        return {}
    with connection.cursor() as cursor:
        batch = cursor.mogrify("%s", [[str(mark.content.pk) for mark in marks]]).decode()
        statement = _ALIKE.format(most_distance=MOST_DISTANCE, batch=batch)
        found = execute_values(cursor, statement, rows, template=_ALIKE_ROW, page_size=len(rows), fetch=True)
    return {at: (_uuids(clusters), recent) for at, clusters, recent in found}


def _uuids(raw: str | Iterable[object]) -> set[UUID]:
    """psycopg2 reads an array of UUIDs as its text, unless it was told their type."""
    return {UUID(str(one)) for one in (raw.strip("{}").split(",") if isinstance(raw, str) else raw)}


def counts_around(places: Sequence[tuple[UUID, datetime]], but: Sequence[Mark] = ()) -> list[int]:
    """How many stored contents of each cluster there are around each moment, ``but`` some; as far as they are told.

    Moments of one minute are one: a batch of a wave must not count the wave once for each of its members.
    """
    asked = list(dict.fromkeys((str(cluster), at.replace(second=0, microsecond=0)) for cluster, at in places))
    if not asked:
        return []
    within = window()
    since, until = [at - within for _, at in asked], [at + _MINUTE + within for _, at in asked]
    with connection.cursor() as cursor:
        left_out = [str(mark.content.pk) for mark in but]
        cursor.execute(_COUNTS, (left_out, MOST_COUNTED + 1, [cluster for cluster, _ in asked], since, until))
        counts = dict(zip(asked, (count for (count,) in cursor.fetchall()), strict=True))
    return [counts[str(cluster), at.replace(second=0, microsecond=0)] for cluster, at in places]


def join_clusters(joins: Mapping[UUID, UUID]) -> None:
    """Gives clusters the name of the one they turned out to be part of."""
    if joins:
        with connection.cursor() as cursor:
            cursor.execute(_JOIN, (list(map(str, joins)), list(map(str, joins.values())), _MOST_JOINED))
