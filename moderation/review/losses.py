"""Step 6, what a lead took from somebody: kept until that person is told of it.

It is kept in the cache alone, for a day: whoever is not told there finds out from the case itself.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction
from redis.exceptions import RedisError

from moderation.models import ReviewCase
from moderation.review.stale import person_name
from reviewengine.hints import hints

logger = logging.getLogger(__name__)
KEPT_SECONDS = 24 * 60 * 60
MOST_TOLD = 20


@dataclass(frozen=True, slots=True)
class Loss:
    """A case that was somebody's, named by its content, who took it, and who has it now; ``to`` is empty for nobody."""

    external_id: str
    lead: str
    to: str


def holder_of(case: ReviewCase, now: datetime) -> int | None:
    """The key of the person who has the case, or for whom it waits, at this moment."""
    if case.claimed_by_id and case.lease_expires_at and case.lease_expires_at > now:
        return case.claimed_by_id
    return case.assigned_to_id if case.assigned_until and case.assigned_until > now else None


def note_loss(*, case: ReviewCase, holder: int | None, lead: User, to: User | None = None) -> None:
    """Keeps for ``holder`` that ``lead`` took the case, once that is stored. Nobody is told of what they did."""
    if holder is None or holder in (lead.pk, to.pk if to else None):
        return
    said = {"lead": person_name(lead), "to": person_name(to) if to else ""}
    transaction.on_commit(partial(_keep, holder, case.pk, said))


def take_losses(*, person: User) -> list[Loss]:
    """What the person was not told of yet; they are now. None when the cache is away."""
    try:
        with hints() as redis:
            found, _ = redis.pipeline().hgetall(_key(person.pk)).delete(_key(person.pk)).execute()
    except RedisError as error:
        _warn(error)
        return []
    return _named(found)[:MOST_TOLD]


def loss_of(*, person: User, case_id: UUID) -> Loss | None:
    """How the person lost this very case, if a lead took it; it is told once more on their next page."""
    try:
        with hints() as redis:
            said = redis.hget(_key(person.pk), str(case_id))
    except RedisError as error:
        _warn(error)
        return None
    return next(iter(_named({str(case_id).encode(): said})), None) if said else None


def _keep(holder: int, case_id: UUID, said: dict[str, str]) -> None:
    try:
        with hints() as redis:
            kept = redis.pipeline().hset(_key(holder), str(case_id), json.dumps(said))
            kept.expire(_key(holder), KEPT_SECONDS).execute()
    except RedisError as error:
        _warn(error)


def _named(found: dict[bytes, bytes]) -> list[Loss]:
    """The ids of contents are read when they are told: an erased content has none any more."""
    names = ReviewCase.objects.filter(pk__in=[key.decode() for key in found]) if found else ReviewCase.objects.none()
    by_case = dict(names.values_list("pk", "content__external_id"))
    said = {UUID(key.decode()): json.loads(value) for key, value in found.items()}
    return [Loss(by_case[pk], one["lead"], one["to"]) for pk, one in said.items() if pk in by_case]


def _key(person: int) -> str:
    return f"reviewengine:lost:{person}"


def _warn(error: RedisError) -> None:
    logger.warning("losses.failed", extra={"error": type(error).__name__})
