"""Authors: the only writer of trust and suspensions. Each change and its audit entry commit together.

A suspension ends by time alone. It forbids nothing here: policies ask for it, and the platform reads it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from moderation.audit import record_audit
from moderation.enums import SubjectType, TrustLevel
from moderation.models import Author

CHANGED, SUSPENDED, REINSTATED = "author.changed", "author.suspended", "author.reinstated"
ACTS = (CHANGED, SUSPENDED, REINSTATED)


@transaction.atomic
def change_author(
    *,
    author: Author,
    actor: str,
    trust: TrustLevel | None = None,
    display_name: str | None = None,
    reach: int | None = None,
) -> bool:
    """Writes what differs, None leaving a field alone; answers whether anything did. The caller holds the row's lock.

    ``actor`` is written as in AuditEntry. A name is personal: the entry says that it changed, and not to what.
    """
    changes: dict[str, Any] = {}
    if trust is not None and trust != author.trust:
        changes["trust"] = [str(author.trust), str(trust)]
        author.trust = trust
    if display_name is not None and display_name != author.display_name:
        changes["display_name"] = "changed"
        author.display_name = display_name
    if reach is not None and reach != author.reach:
        changes["reach"] = [author.reach, reach]
        author.reach = reach
    if changes:
        author.save(update_fields=list(changes))
        _record(CHANGED, author, actor, {"changes": changes})
    return bool(changes)


@transaction.atomic
def suspend_author(
    *, author: Author, actor: str, reason: str, until: datetime | None = None, now: datetime | None = None
) -> None:
    """Suspends until a moment, or until somebody reinstates; a suspension that runs is replaced.

    The caller holds the row's lock. ``reason`` (up to 1,000 characters) is the platform's to read. Raises ValueError
    for a moment that has passed.
    """
    now = now or timezone.now()
    if until is not None and until <= now:
        raise ValueError("A suspension ends in the future.")
    author.suspended_at, author.suspended_until, author.suspension_reason = now, until, reason
    author.save(update_fields=["suspended_at", "suspended_until", "suspension_reason"])
    _record(SUSPENDED, author, actor, {"until": until.isoformat() if until else None, "reason": reason})


@transaction.atomic
def reinstate_author(*, author: Author, actor: str, now: datetime | None = None) -> bool:
    """Ends a suspension; False, and nothing recorded, where none runs. The caller holds the row's lock."""
    running = author.is_suspended(now or timezone.now())
    author.suspended_at, author.suspended_until, author.suspension_reason = None, None, ""
    author.save(update_fields=["suspended_at", "suspended_until", "suspension_reason"])
    if running:
        _record(REINSTATED, author, actor, {})
    return running


def _record(action: str, author: Author, actor: str, data: dict[str, Any]) -> None:
    record_audit(action=action, actor=actor, subject_type=SubjectType.AUTHOR, subject_id=author.pk, data=data)
