"""Step 6, who is there: who looks at a case at this moment, and who is at the desk at all.

It is kept in the cache alone, under keys that end by themselves: Valkey may be flushed or away at any time, and then
nobody is shown for a few seconds.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone
from redis.exceptions import RedisError

from moderation.review.stale import person_name
from reviewengine import conf
from reviewengine.hints import hints

logger = logging.getLogger(__name__)
ONLINE = "reviewengine:presence:online"
# Between two cases somebody is still at the desk.
ONLINE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Presence:
    """A person at the desk: at which case, if at one, and since when."""

    person_id: int
    name: str
    since: datetime
    case_id: UUID | None


def be_here(*, person: User, case_id: UUID | None = None, now: datetime | None = None) -> list[Presence]:
    """Notes that the person is at the desk, and looks at a case; answers who else looks at it.

    Without a case nobody is answered. Never raises when the cache is away: presence is a courtesy.
    """
    at = (now or timezone.now()).timestamp()
    try:
        with hints() as redis:
            _note(redis, ONLINE, person.pk, {"at": at, "case": str(case_id or "")}, ONLINE_SECONDS)
            if case_id is None:
                return []
            seen = _read(redis, _key(case_id), at, _case_seconds())
            since = seen.get(person.pk, {}).get("since", at)
            _note(redis, _key(case_id), person.pk, {"at": at, "since": since}, _case_seconds())
    except RedisError as error:
        _warn(error)
        return []
    return _named({pk: {**note, "case": str(case_id)} for pk, note in seen.items() if pk != person.pk})


def leave(*, person: User, case_id: UUID) -> None:
    """Notes that the person looks at the case no more."""
    try:
        with hints() as redis:
            redis.hdel(_key(case_id), person.pk)
    except RedisError as error:
        _warn(error)


def online(*, now: datetime | None = None) -> list[Presence]:
    """Everybody at the desk, by name; nobody when the cache is away."""
    try:
        with hints() as redis:
            seen = _read(redis, ONLINE, (now or timezone.now()).timestamp(), ONLINE_SECONDS)
    except RedisError as error:
        _warn(error)
        return []
    return _named(seen)


def _key(case_id: UUID) -> str:
    return f"reviewengine:presence:case:{case_id}"


def _case_seconds() -> int:
    """As long as a claim without a sign of life: pages show both at the same beat."""
    return conf.load().review.lease_seconds


def _note(redis: Any, key: str, person_id: int, note: Mapping[str, Any], seconds: int) -> None:
    redis.hset(key, person_id, json.dumps(note))
    redis.expire(key, seconds)


def _read(redis: Any, key: str, at: float, seconds: int) -> dict[int, dict[str, Any]]:
    """The fresh notes under a key, by person. Stale ones stay until the key ends: they are as many as the people."""
    notes = {int(pk): json.loads(note) for pk, note in redis.hgetall(key).items()}
    return {pk: note for pk, note in notes.items() if at - note["at"] <= seconds}


def _named(notes: Mapping[int, Mapping[str, Any]]) -> list[Presence]:
    people = User.objects.filter(pk__in=notes, is_active=True) if notes else []
    found = [_presence(person, notes[person.pk]) for person in people]
    return sorted(found, key=lambda presence: presence.name.casefold())


def _presence(person: User, note: Mapping[str, Any]) -> Presence:
    since = datetime.fromtimestamp(note.get("since", note["at"]), tz=UTC)
    return Presence(person.pk, person_name(person), since, UUID(note["case"]) if note["case"] else None)


def _warn(error: RedisError) -> None:
    logger.warning("presence.failed", extra={"error": type(error).__name__})
