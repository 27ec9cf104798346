"""Which contents of a batch belong together, and by which keys the index finds their like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from moderation.detectors.fingerprint import MOST_DISTANCE, Fingerprint, band_key, distance
from moderation.models import Content
from moderation.models.ids import new_id


@dataclass(frozen=True, slots=True)
class Mark:
    """A content on its way into a cluster."""

    content: Content
    at: datetime
    found: Fingerprint

    def is_like(self, other: "Mark", window: timedelta) -> bool:
        return (
            self.content.client_id == other.content.client_id
            and bool(self.found.bands and other.found.bands)
            and distance(self.found.bits, other.found.bits) <= MOST_DISTANCE
            and abs(self.at - other.at) <= window
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Places in a batch that share a cluster. Ids sort by time, so the least known one is the oldest."""

    members: list[int]
    cluster: UUID
    joins: frozenset[UUID] = frozenset()

    @property
    def all(self) -> list[UUID]:
        return [self.cluster, *self.joins]


def groups_of(marks: Sequence[Mark], stored: dict[int, set[UUID]], window: timedelta) -> list[Group]:
    """The marks that belong together, by likeness to one another or to the same cluster. Its oldest name wins."""
    left = [at for at in range(len(marks)) if marks[at].found.bands]
    groups: list[Group] = []
    while left:
        members = [left.pop(0)]
        for one in members:
            clusters = stored.get(one, set())
            joined = [at for at in left if clusters & stored.get(at, set()) or marks[one].is_like(marks[at], window)]
            members += joined
            left = [at for at in left if at not in joined]
        known = set().union(*(stored.get(at, set()) for at in members))
        cluster = min(known, default=None) or new_id()
        groups.append(Group(members, cluster, frozenset(known - {cluster})))
    equals: dict[UUID, list[int]] = {}
    for at, mark in enumerate(marks):
        if not mark.found.bands:
            equals.setdefault(_equals(mark), []).append(at)
    return groups + [Group(members, cluster) for cluster, members in equals.items()]


def _equals(mark: Mark) -> UUID:
    """The cluster of a short text: the same for its equals, whenever they come."""
    stated = f"{mark.content.client_id} {mark.found.bits}".encode()
    return UUID(bytes=blake2b(stated, digest_size=16).digest())


def looked_up(mark: Mark, window: timedelta) -> list[int]:
    """The keys of every day that the window touches. Keys hold the day, so that last year's waves cost nothing."""
    first, last = (mark.at - window).toordinal(), (mark.at + window).toordinal()
    return [key for day in range(first, last + 1) for key in day_keys(mark, day)]


def day_keys(mark: Mark, day: int) -> list[int]:
    """By what the content is found on that day, a proleptic ordinal."""
    prefix = f"{mark.content.client_id} {day}".encode()
    return [band_key(prefix, str(place).encode(), band) for place, band in enumerate(mark.found.bands)]
