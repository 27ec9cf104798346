"""The chain: one writer seals what was recorded, and whoever asks can see whether the record was changed since.

Sealing happens after the commit, in batches, so that the chain never makes the pipeline wait. Each hash is the
SHA-256 of the entry's canonical JSON, the previous hash included; a sealed entry of a decision holds the digest of
the decision's row too, so that a change of either is found.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from moderation.audit.hashes import decision_digest, entry_hash
from moderation.audit.record import DECISION_RECORDED
from moderation.models import AuditEntry, Decision
from reviewengine.batches import in_batches

SEAL_LOCK = 0x5EA1
SEAL_BATCH = 1000
GENESIS = "0" * 64
UUID_TEXT = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where the record no longer says what was sealed."""

    sequence: int | None
    subject: str
    fault: str


def seal_entries(*, batch_size: int = SEAL_BATCH) -> int:
    """Seals every unsealed entry, oldest first; answers how many. A second sealer at the same time does nothing."""
    total = 0
    while sealed := _seal_batch(batch_size):
        total += sealed
    return total


@transaction.atomic
def _seal_batch(batch_size: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [SEAL_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    last = AuditEntry.objects.exclude(sequence=None).order_by("-sequence").first()
    sequence, previous = (last.sequence or 0, last.hash) if last else (0, GENESIS)
    entries = list(AuditEntry.objects.filter(sequence=None).order_by("id")[:batch_size])
    for entry in entries:
        sequence += 1
        entry.sequence, entry.previous_hash = sequence, previous
        entry.hash = previous = entry_hash(entry)
    AuditEntry.objects.bulk_update(entries, ["sequence", "previous_hash", "hash"], batch_size=250)
    return len(entries)


def verify_chain() -> Iterator[Breach]:
    """Walks the whole chain and every decision, and yields what does not fit. Nothing yielded: the record is whole."""
    previous, expected = GENESIS, 1
    sealed = AuditEntry.objects.exclude(sequence=None).order_by("sequence")
    for batch in in_batches(sealed.iterator(chunk_size=SEAL_BATCH), SEAL_BATCH):
        decided = _decisions_of(batch)
        for entry in batch:
            if entry.sequence != expected:
                yield Breach(entry.sequence, str(entry), f"entry {expected} is missing")
            if entry.previous_hash != previous or entry.hash != entry_hash(entry):
                yield Breach(entry.sequence, str(entry), "the entry was changed after it was sealed")
            if entry.action == DECISION_RECORDED:
                yield from _verify_decision(entry, decided.get(entry.subject_id))
            previous, expected = entry.hash, (entry.sequence or expected) + 1
    yield from _unrecorded_decisions()


def check_entries(entries: Sequence[AuditEntry]) -> list[Breach]:
    """What does not fit in these entries alone: their hashes, the links to those before them, and their decisions."""
    sealed = [entry for entry in entries if entry.sequence is not None]
    before = dict(
        AuditEntry.objects.filter(sequence__in=[(entry.sequence or 0) - 1 for entry in sealed]).values_list(
            "sequence", "hash"
        )
    )
    decided = _decisions_of(entries)
    breaches: list[Breach] = []
    for entry in entries:
        if entry.sequence is not None:
            expected = GENESIS if entry.sequence == 1 else before.get(entry.sequence - 1)
            if expected is None:
                breaches.append(Breach(entry.sequence, str(entry), "the entry before it is missing"))
            elif entry.previous_hash != expected or entry.hash != entry_hash(entry):
                breaches.append(Breach(entry.sequence, str(entry), "the entry was changed after it was sealed"))
        if entry.action == DECISION_RECORDED:
            breaches.extend(_verify_decision(entry, decided.get(entry.subject_id)))
    return breaches


def head_of_chain() -> tuple[int, str]:
    """The newest sealed entry's place and hash: noted elsewhere, they show later that nothing before was rewritten."""
    last = AuditEntry.objects.exclude(sequence=None).order_by("-sequence").values_list("sequence", "hash").first()
    return (last[0] or 0, last[1]) if last else (0, GENESIS)


def _decisions_of(entries: Sequence[AuditEntry]) -> dict[str, Decision]:
    """The decisions the entries speak of, by their ids as written there; somebody may have made that no id at all."""
    written = [entry.subject_id for entry in entries if entry.action == DECISION_RECORDED]
    found = Decision.objects.in_bulk([text for text in written if UUID_TEXT.fullmatch(text)])
    return {str(key): decision for key, decision in found.items()}


def _verify_decision(entry: AuditEntry, decision: Decision | None) -> Iterator[Breach]:
    if decision is None:
        yield Breach(entry.sequence, str(entry), "the decision was deleted")
    elif decision_digest(decision) != entry.data.get("digest"):
        yield Breach(entry.sequence, str(entry), "the decision was changed after it was recorded")


def _unrecorded_decisions() -> Iterator[Breach]:
    """Decisions that no entry speaks of: rows somebody put in beside the product."""
    query = (
        "SELECT d.id FROM moderation_decision d WHERE NOT EXISTS (SELECT 1 FROM moderation_auditentry a "
        "WHERE a.subject_type = 'decision' AND a.subject_id = d.id::text AND a.action = %s)"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [DECISION_RECORDED])
        for (decision_id,) in cursor.fetchall():
            yield Breach(None, f"decision:{decision_id}", "the decision has no audit entry")
