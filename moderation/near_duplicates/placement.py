"""Places contents into clusters, and saves where they belong."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from moderation.detectors.fingerprint import fingerprint
from moderation.enums import UNSETTLED_STATUSES
from moderation.models import Content, ContentFingerprint
from moderation.near_duplicates.clusters import Mark, day_keys, groups_of
from moderation.near_duplicates.queries import MOST_COUNTED, alike, counts_around, join_clusters, window

_ANCHORS = 32  # of a big cluster, only so many recent members are looked up: the index stays small, and quick


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a content belongs: its fingerprint, not saved yet, and how many others are like it within the window.

    ``joins`` are clusters that the content turns out to connect: they become one with its own.
    """

    fingerprint: ContentFingerprint
    near_duplicates: int
    joins: frozenset[UUID] = frozenset()


def place(contents: Sequence[Content]) -> list[Placement | None]:
    """The cluster of each content, in two queries however many there are; None for one without a text.

    Contents of one batch count each other.
    """
    written = [content for content in contents if content.text.strip()]
    placed = iter(_place([Mark(content, content.updated_at, fingerprint(content.text)) for content in written]))
    return [next(placed) if content.text.strip() else None for content in contents]


def _place(marks: Sequence[Mark]) -> list[Placement]:
    within = window()
    stored = alike(marks, within)
    groups = groups_of(marks, {at: clusters for at, (clusters, _) in stored.items()}, within)
    counts = counts_around(
        [(cluster, marks[at].at) for group in groups for at in group.members for cluster in group.all], marks
    )
    found = iter(counts)
    placements: dict[int, Placement] = {}
    for group in groups:
        times = [marks[at].at for at in group.members]
        anchors = max(stored[at][1] if at in stored else 0 for at in group.members)
        for at in group.members:
            before = sum(next(found) for _ in group.all)
            beside = sum(abs(time - marks[at].at) <= within for time in times) - 1
            bands = day_keys(marks[at], marks[at].at.toordinal()) if anchors < _ANCHORS else []
            anchors += 1
            row = _row(marks[at], bands, group.cluster)
            placements[at] = Placement(row, min(before + beside, MOST_COUNTED), group.joins)
    return [placements[at] for at in range(len(marks))]


@transaction.atomic
def store_placements(*, placements: Iterable[Placement]) -> None:
    """Saves the fingerprints and joins clusters; those of an edited content's earlier text are replaced."""
    kept = list(placements)
    joins = {old: placement.fingerprint.cluster for placement in kept for old in placement.joins}
    join_clusters(joins)
    ContentFingerprint.objects.bulk_create(
        [placement.fingerprint for placement in kept],
        update_conflicts=True,
        unique_fields=["content"],
        update_fields=["bits", "bands", "cluster", "submitted_at"],
    )


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


def _row(mark: Mark, bands: list[int], cluster: UUID) -> ContentFingerprint:
    return ContentFingerprint(
        content=mark.content,
        client_id=mark.content.client_id,
        bits=mark.found.bits,
        bands=bands,
        cluster=cluster,
        submitted_at=mark.at,
    )
