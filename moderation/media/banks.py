"""Hash banks: the only writer. Entries are made from an image or from hashes; each change leaves an audit entry.

The workers see a change with their next batch, by the bank's ``updated_at``.
"""

import threading
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from moderation.audit import name_of_actor, record_audit
from moderation.models import HashBank, HashBankEntry

FIELDS = ("name", "description", "category", "action", "max_distance", "enabled")
# A hostile image may take 400 MB while it is decoded: only one at a time in a process.
_decoding = threading.Lock()


@dataclass(frozen=True, slots=True)
class Hashes:
    """What a bank keeps of an image. ``perceptual`` is empty for one too plain to be told from others."""

    sha256: str
    perceptual: str


def hashes_of(data: bytes) -> Hashes:
    """The hashes of an image, of which nothing else is kept. Raises ImageFault."""
    from moderation.detectors.images.decode import decode
    from moderation.detectors.images.hashes import perceptual_hash, sha256_of
    from moderation.media.limits import image_limits

    with _decoding:
        return Hashes(sha256_of(data), perceptual_hash(decode(data, image_limits()).frames[0]))


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near an entry is to an image, in bits of 64. None: it is the same file."""

    entry_id: int
    distance: int | None
    is_hit: bool


def find_likenesses(bank: HashBank, hashes: Hashes, *, most: int = 20) -> list[Likeness]:
    """The entries of a bank, in force or not, that know an image, the nearest first; else the nearest one alone."""
    rows = bank.entries.values_list("pk", "sha256", "perceptual_hash")
    found = [likeness for row in rows if (likeness := _likeness(bank, hashes, *row))]
    found.sort(key=lambda one: -1 if one.distance is None else one.distance)
    return [one for one in found if one.is_hit][:most] or found[:1]


def _likeness(bank: HashBank, hashes: Hashes, entry_id: int, sha256: str, perceptual: str) -> Likeness | None:
    if sha256 and sha256 == hashes.sha256:
        return Likeness(entry_id, None, True)
    if not (perceptual and hashes.perceptual):
        return None
    distance = (int(perceptual, 16) ^ int(hashes.perceptual, 16)).bit_count()
    return Likeness(entry_id, distance, distance <= bank.max_distance)


@transaction.atomic
def save_bank(*, row: HashBank, actor: str) -> bool:
    """Stores a new or changed bank; answers whether anything changed."""
    before = HashBank.objects.select_for_update().filter(pk=row.pk).first() if row.pk else None
    pairs = {name: [_plain(getattr(before, name, None)), _plain(getattr(row, name))] for name in FIELDS}
    changes = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if before is not None and not changes:
        return False
    row.updated_at = timezone.now()
    row.save()
    _record("hash_bank", "changed" if before else "added", row.pk, actor, {"name": row.name, "changes": changes})
    return True


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


@transaction.atomic
def delete_bank(*, row: HashBank, actor: str) -> None:
    """Deletes a bank with its entries; policies that ask for it hear no more of it."""
    _record("hash_bank", "deleted", row.pk, actor, {"name": row.name, "entries": row.entries.count()})
    row.delete()


@transaction.atomic
def add_entry(
    *, bank: HashBank, actor: str, sha256: str = "", perceptual_hash: str = "", note: str = ""
) -> tuple[HashBankEntry, bool]:
    """An entry of these hashes (one at least, in small letters), and whether it is new: the same is kept once."""
    HashBank.objects.select_for_update().get(pk=bank.pk)
    hashes = {"sha256": sha256, "perceptual_hash": perceptual_hash}
    if known := bank.entries.filter(**hashes).first():
        return known, False
    entry = HashBankEntry.objects.create(bank=bank, **hashes, note=note, created_by=name_of_actor(actor))
    _touch(bank.pk)
    _record("hash_bank_entry", "added", entry.pk, actor, {"name": bank.name, **hashes})
    return entry, True


@transaction.atomic
def delete_entries(*, entries: Collection[HashBankEntry], actor: str) -> None:
    """Deletes entries, of whatever banks."""
    for entry in entries:
        hashes = {"sha256": entry.sha256, "perceptual_hash": entry.perceptual_hash}
        _record("hash_bank_entry", "deleted", entry.pk, actor, {"name": entry.bank.name, **hashes})
    HashBankEntry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    for bank_id in sorted({entry.bank_id for entry in entries}):
        _touch(bank_id)


def _touch(bank_id: int) -> None:
    """Tells the workers that the bank's entries have changed."""
    HashBank.objects.filter(pk=bank_id).update(updated_at=timezone.now())


def _record(subject_type: str, verb: str, subject_id: int, actor: str, data: dict[str, Any]) -> None:
    record_audit(
        action=f"{subject_type}.{verb}", actor=actor, subject_type=subject_type, subject_id=subject_id, data=data
    )
