"""What is hashed: the facts of an entry and of a decision as canonical JSON (sorted keys, no spaces, UTF-8), SHA-256.

docs/operations/audit.md gives the recipe to third parties; a change here would break every chain that was sealed.
"""

import hashlib
from typing import Any

import orjson

from moderation.models import AuditEntry, Decision


def entry_facts(entry: AuditEntry) -> dict[str, Any]:
    """What the hash of an entry covers. An entry outside of a request names none: those of before had no such field."""
    facts = {
        "sequence": entry.sequence,
        "previous_hash": entry.previous_hash,
        "action": entry.action,
        "actor": entry.actor,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "data": entry.data,
        "created_at": entry.created_at.timestamp(),
    }
    return {**facts, "request_id": entry.request_id} if entry.request_id else facts


def entry_hash(entry: AuditEntry) -> str:
    """The SHA-256 of everything an entry says, its place in the chain included."""
    return sha256_of(entry_facts(entry))


def decision_digest(decision: Decision) -> str:
    """The SHA-256 of everything a decision says. One without a label has the digest from before there were any."""
    facts = {
        name: getattr(decision, name)
        for name in ("content_version", "outcome", "source", "rule", "reasoning", "private_note", "moderator_id")
    }
    for name in ("id", "content_id", "result_id", "overrides_id"):
        value = getattr(decision, name)
        facts[name] = str(value) if value else None
    facts["created_at"] = decision.created_at.timestamp()
    if decision.label:
        facts["label"] = decision.label
    return sha256_of(facts)


def canonical(facts: dict[str, Any]) -> bytes:
    """The facts as canonical JSON."""
    return orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)


def sha256_of(facts: dict[str, Any]) -> str:
    """The SHA-256 of the facts' canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(facts)).hexdigest()
