"""Step 3, beside the detectors: which contents say nearly the same, so that a spam wave is one cluster.

A content joins the cluster of the likest text that its client sent within the window, and else begins one. The window
bounds what is compared and what is counted: a wave that has been silent for as long ends its cluster.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from django.db import connection, transaction
from psycopg2.extras import execute_values

from moderation.detectors.fingerprint import MOST_DISTANCE, Fingerprint, band_key, distance, fingerprint
from moderation.enums import UNSETTLED_STATUSES
from moderation.models import Content, ContentFingerprint
from moderation.models.ids import new_id
from reviewengine import conf

MOST_COUNTED = 1_000  # more is told as this many
_ANCHORS = 32  # of a big cluster, only so many recent members are looked up: the index stays small, and quick
_MOST_JOINED = 1_000

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
_COUNTS_OF = """
    SELECT own.content_id, (SELECT count(*) FROM (
        SELECT FROM content_fingerprint f
        WHERE f.cluster = own.cluster
          AND f.submitted_at BETWEEN own.submitted_at - %(window)s AND own.submitted_at + %(window)s
        LIMIT %(most)s) AS counted)
    FROM content_fingerprint own WHERE own.content_id = ANY (%(ids)s::uuid[])
"""
# Rows that another worker is joining are left to it; what a huge cluster keeps of its old name harms nobody.
_JOIN = """
    WITH joining AS (
        SELECT f.content_id, q.joined FROM unnest(%s::uuid[], %s::uuid[]) AS q (cluster, joined)
        JOIN content_fingerprint f ON f.cluster = q.cluster
        ORDER BY f.content_id LIMIT %s FOR UPDATE OF f SKIP LOCKED)
    UPDATE content_fingerprint f SET cluster = joining.joined FROM joining WHERE f.content_id = joining.content_id
"""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a content belongs: its fingerprint, not saved yet, and how many others are like it within the window.

    ``joins`` are clusters that the content turns out to connect: they become one with its own.
    """

    fingerprint: ContentFingerprint
    near_duplicates: int
    joins: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class _Mark:
    """A content on its way into a cluster."""

    content: Content
    at: datetime
    found: Fingerprint

    def is_like(self, other: "_Mark", window: timedelta) -> bool:
        return (
            self.content.client_id == other.content.client_id
            and bool(self.found.bands and other.found.bands)
            and distance(self.found.bits, other.found.bits) <= MOST_DISTANCE
            and abs(self.at - other.at) <= window
        )


@dataclass(frozen=True, slots=True)
class _Group:
    """Places in a batch that share a cluster. Ids sort by time, so the least known one is the oldest."""

    members: list[int]
    cluster: UUID
    joins: frozenset[UUID] = frozenset()

    @property
    def all(self) -> list[UUID]:
        return [self.cluster, *self.joins]


def place(contents: Sequence[Content]) -> list[Placement | None]:
    """The cluster of each content, in two queries however many there are; None for one without a text.

    Contents of one batch count each other.
    """
    written = [content for content in contents if content.text.strip()]
    placed = iter(_place([_Mark(content, content.updated_at, fingerprint(content.text)) for content in written]))
    return [next(placed) if content.text.strip() else None for content in contents]


def _place(marks: Sequence[_Mark]) -> list[Placement]:
    window = _window()
    stored = _alike(marks, window)
    groups = _groups(marks, {at: clusters for at, (clusters, _) in stored.items()}, window)
    counts = _counts(
        [(cluster, marks[at].at) for group in groups for at in group.members for cluster in group.all], marks
    )
    found = iter(counts)
    placements: dict[int, Placement] = {}
    for group in groups:
        times = [marks[at].at for at in group.members]
        anchors = max(stored[at][1] if at in stored else 0 for at in group.members)
        for at in group.members:
            before = sum(next(found) for _ in group.all)
            beside = sum(abs(time - marks[at].at) <= window for time in times) - 1
            bands = _day_keys(marks[at], marks[at].at.toordinal()) if anchors < _ANCHORS else []
            anchors += 1
            row = _row(marks[at], bands, group.cluster)
            placements[at] = Placement(row, min(before + beside, MOST_COUNTED), group.joins)
    return [placements[at] for at in range(len(marks))]


@transaction.atomic
def store_placements(*, placements: Iterable[Placement]) -> None:
    """Saves the fingerprints and joins clusters; those of an edited content's earlier text are replaced."""
    kept = list(placements)
    joins = {old: placement.fingerprint.cluster for placement in kept for old in placement.joins}
    if joins:
        with connection.cursor() as cursor:
            cursor.execute(_JOIN, (list(map(str, joins)), list(map(str, joins.values())), _MOST_JOINED))
    ContentFingerprint.objects.bulk_create(
        [placement.fingerprint for placement in kept],
        update_conflicts=True,
        unique_fields=["content"],
        update_fields=["bits", "bands", "cluster", "submitted_at"],
    )


def count_near_duplicates(content_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many others are like each content, within the window before or after it; one query for any number.

    A content that no worker has read yet, or whose text was erased, has no entry.
    """
    if not content_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS_OF, {"ids": list(map(str, content_ids)), "window": _window(), "most": MOST_COUNTED + 1})
        return {UUID(str(content_id)): count - 1 for content_id, count in cursor.fetchall()}


def neighbours(content: Content, limit: int = 20) -> list[Content]:
    """The contents of the same client that are like this one, the likest first, with their newest decision's outcome.

    Of a big cluster, the newest 1,000 within the window around the content are considered.
    """
    own = ContentFingerprint.objects.filter(content=content).first()
    if own is None:
        return []
    window = _window()
    around = (own.submitted_at - window, own.submitted_at + window)
    others = ContentFingerprint.objects.filter(cluster=own.cluster, submitted_at__range=around).exclude(content=content)
    rows = others.order_by("-submitted_at").values_list("content", "bits")[:MOST_COUNTED]
    nearest = [key for key, _ in sorted(rows, key=lambda row: distance(row[1], own.bits))[:limit]]
    found = Content.objects.in_bulk(nearest)
    return [found[key] for key in nearest if key in found]


def fingerprint_missing(*, batch_size: int) -> int:
    """Fingerprints settled contents that have none, oldest first, a transaction a batch; answers how many."""
    total, last = 0, UUID(int=0)
    while True:
        with transaction.atomic():
            missing = Content.objects.filter(pk__gt=last, fingerprint=None, erased_at=None).exclude(text="")
            settled = missing.exclude(status__in=UNSETTLED_STATUSES).order_by("pk").select_for_update(of=("self",))
            batch = list(settled[:batch_size])
            placements = [placement for placement in place(batch) if placement]
            store_placements(placements=placements)
        if not batch:
            return total
        total, last = total + len(placements), batch[-1].pk


def _window() -> timedelta:
    return timedelta(hours=conf.load().near_duplicates.window_hours)


def _alike(marks: Sequence[_Mark], window: timedelta) -> dict[int, tuple[set[UUID], int]]:
    """By place, the clusters of the stored contents that are alike, and how many recent ones were found."""
    rows = [
        (at, mark.content.client_id, mark.found.bits, _looked_up(mark, window),
         mark.at - window, mark.at - window / 2, mark.at + window)
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


def _looked_up(mark: _Mark, window: timedelta) -> list[int]:
    """The keys of every day that the window touches. Keys hold the day, so that last year's waves cost nothing."""
    first, last = (mark.at - window).toordinal(), (mark.at + window).toordinal()
    return [key for day in range(first, last + 1) for key in _day_keys(mark, day)]


def _day_keys(mark: _Mark, day: int) -> list[int]:
    prefix = f"{mark.content.client_id} {day}".encode()
    return [band_key(prefix, str(place).encode(), band) for place, band in enumerate(mark.found.bands)]


def _groups(marks: Sequence[_Mark], stored: dict[int, set[UUID]], window: timedelta) -> list[_Group]:
    """The marks that belong together, by likeness to one another or to the same cluster. Its oldest name wins."""
    left = [at for at in range(len(marks)) if marks[at].found.bands]
    groups: list[_Group] = []
    while left:
        members = [left.pop(0)]
        for one in members:
            clusters = stored.get(one, set())
            joined = [at for at in left if clusters & stored.get(at, set()) or marks[one].is_like(marks[at], window)]
            members += joined
            left = [at for at in left if at not in joined]
        known = set().union(*(stored.get(at, set()) for at in members))
        cluster = min(known, default=None) or new_id()
        groups.append(_Group(members, cluster, frozenset(known - {cluster})))
    equals: dict[UUID, list[int]] = {}
    for at, mark in enumerate(marks):
        if not mark.found.bands:
            equals.setdefault(_equals(mark), []).append(at)
    return groups + [_Group(members, cluster) for cluster, members in equals.items()]


def _equals(mark: _Mark) -> UUID:
    """The cluster of a short text: the same for its equals, whenever they come."""
    stated = f"{mark.content.client_id} {mark.found.bits}".encode()
    return UUID(bytes=blake2b(stated, digest_size=16).digest())


def _counts(places: Sequence[tuple[UUID, datetime]], but: Sequence[_Mark] = ()) -> list[int]:
    """How many stored contents of each cluster there are around each moment, ``but`` some; as far as they are told."""
    if not places:
        return []
    window = _window()
    clusters = [str(cluster) for cluster, _ in places]
    since, until = [at - window for _, at in places], [at + window for _, at in places]
    with connection.cursor() as cursor:
        left_out = [str(mark.content.pk) for mark in but]
        cursor.execute(_COUNTS, (left_out, MOST_COUNTED + 1, clusters, since, until))
        return [count for (count,) in cursor.fetchall()]


def _row(mark: _Mark, bands: list[int], cluster: UUID) -> ContentFingerprint:
    return ContentFingerprint(
        content=mark.content,
        client_id=mark.content.client_id,
        bits=mark.found.bits,
        bands=bands,
        cluster=cluster,
        submitted_at=mark.at,
    )
