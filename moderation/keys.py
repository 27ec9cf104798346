"""API keys: issued, changed, rotated and revoked; each act with its audit entry, which never holds a key."""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from moderation.audit import record_audit
from moderation.enums import Scope, SubjectType
from moderation.models import ApiClient, ApiKey
from reviewengine import conf

OLD_KEY_LIVES = timedelta(days=1)
MAX_KEYS = 100
"""Of one client, that can be used: by the API it makes no more."""
LONGEST_LINE = 8
"""Of keys with limits of their own, each made by the one before: all of them count a request of the last."""
CHANGEABLE = ("name", "scopes", "rate_limit_requests", "expires_at", "allowed_networks")


@dataclass(frozen=True, slots=True)
class Issued:
    """A new key: its row, and the key itself, the one time that it can be seen."""

    row: ApiKey
    key: str


class BeyondOwn(Exception):
    """A key was to be given what the key that asks does not have. ``member`` names what, if the caller named it."""

    def __init__(self, member: str, message: str) -> None:
        super().__init__(message)
        self.member = member


class KeyEnded(Exception):
    """The key was rotated or revoked before, or has expired."""


class TooManyKeys(Exception):
    """The client has as many usable keys as it may have, or the line of keys is as long as it may be."""


@transaction.atomic
def issue_key(
    *,
    client: ApiClient,
    scopes: Sequence[str],
    actor: str,
    name: str = "",
    rate_limit_requests: int | None = None,
    expires_at: datetime | None = None,
    allowed_networks: Sequence[str] = (),
    by: ApiKey | None = None,
) -> Issued:
    """Makes a key of ``client``. ``by``: the key that asks for it; None: an operator.

    Where ``by`` has a limit of its own, what it makes is counted in that too. Raises BeyondOwn for more than ``by`` has
    itself: its scopes, its limit, its networks, its end; and TooManyKeys.
    """
    wanted: dict[str, Any] = {
        "name": name,
        "scopes": list(scopes),
        "rate_limit_requests": rate_limit_requests,
        "expires_at": expires_at,
        "allowed_networks": list(allowed_networks),
    }
    within: list[UUID] = []
    if by:
        _refuse_more(by, wanted)
        _refuse_too_many(client)
        within = [*by.within, *([by.allowance] if by.rate_limit_requests else [])]
        if len(within) > LONGEST_LINE:
            raise TooManyKeys(f"Your key is the last of {LONGEST_LINE} that were made by one another; ask an operator.")
    return _store(client, wanted, actor, within=within)


@transaction.atomic
def change_key(*, key: ApiKey, actor: str, changes: Mapping[str, Any], by: ApiKey | None = None) -> None:
    """Changes members of CHANGEABLE, and nothing but those that differ.

    Raises BeyondOwn, as ``issue_key`` and for a key that has more than ``by``, and KeyEnded where one that was rotated
    would work for longer.
    """
    row = ApiKey.objects.select_for_update(of=("self",)).get(pk=key.pk)
    if by:
        _refuse_stronger(by, row)
        _refuse_more(by, changes)
    if row.rotated_at and "expires_at" in changes and not ends_by(changes["expires_at"], row.expires_at):
        raise KeyEnded
    differing = {name: changes[name] for name in CHANGEABLE if name in changes and changes[name] != getattr(row, name)}
    if not differing:
        return
    before = {name: getattr(row, name) for name in differing}
    for name, value in differing.items():
        setattr(key, name, value)
    key.save(update_fields=list(differing))
    was, now = _plain(before), _plain(differing)
    _record(key, "changed", actor, changes={name: [was[name], now[name]] for name in differing})


@transaction.atomic
def rotate_key(
    *,
    key: ApiKey,
    actor: str,
    overlap: timedelta = OLD_KEY_LIVES,
    by: ApiKey | None = None,
    changes: Mapping[str, Any] | None = None,
) -> Issued:
    """Makes a key in the place of ``key``, which ends after ``overlap``.

    It is what the old one was, its end and its allowance included; ``changes`` may name another ``expires_at``. Raises
    KeyEnded for a key that has a successor already or cannot be used any more, BeyondOwn for one that may do more than
    ``by``, and TooManyKeys where both are to work for a while.
    """
    row = ApiKey.objects.select_related("client").select_for_update(of=("self",)).get(pk=key.pk)
    now = timezone.now()
    if row.rotated_at or row.revoked_at or (row.expires_at and row.expires_at <= now):
        raise KeyEnded
    wanted: dict[str, Any] = {name: getattr(row, name) for name in CHANGEABLE}
    if by:
        _refuse_stronger(by, row)
        _refuse_more(by, changes or {})
        if overlap:
            _refuse_too_many(row.client)
    issued = _store(row.client, wanted | dict(changes or {}), actor, within=row.within, allowance=row.allowance)
    row.rotated_at, row.expires_at = now, min(row.expires_at or now + overlap, now + overlap)
    row.save(update_fields=["rotated_at", "expires_at"])
    _record(row, "rotated", actor, successor=issued.row.prefix, ends_at=row.expires_at.isoformat())
    return issued


@transaction.atomic
def revoke_key(*, key: ApiKey, actor: str) -> bool:
    """Ends a key for good. Answers False if that was done before.

    A process that has just used it remembers it for a second more.
    """
    now = timezone.now()
    revoked = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)
    if revoked:
        key.revoked_at = now
        _record(key, "revoked", actor, prefix=key.prefix)
    return bool(revoked)


def can_still_write_keys(*, client_id: int) -> bool:
    """Whether the client has a key left by which it can make others."""
    return ApiKey.objects.usable().filter(client=client_id, scopes__contains=[Scope.KEYS_WRITE]).exists()


def ends_by(end: datetime | None, limit: datetime | None) -> bool:
    """Whether ``end`` comes no later than ``limit``; None: never."""
    return limit is None or (end is not None and end <= limit)


def _store(
    client: ApiClient,
    wanted: dict[str, Any],
    actor: str,
    *,
    within: Sequence[UUID],
    allowance: UUID | None = None,
) -> Issued:
    key = ApiKey.issue(client=client, within=within, allowance=allowance, **wanted)
    row = ApiKey.objects.select_related("client").get(digest=ApiKey.digest_of(key))
    _record(row, "added", actor, prefix=row.prefix, **_plain(wanted))
    return Issued(row, key)


def _refuse_too_many(client: ApiClient) -> None:
    # Of those who ask at once, each counts what the one before it has made.
    ApiClient.objects.select_for_update(no_key=True).get(pk=client.pk)
    if ApiKey.objects.usable().filter(client=client).count() >= MAX_KEYS:
        raise TooManyKeys(f"You have {MAX_KEYS} keys that work. Revoke one first.")


def _refuse_stronger(by: ApiKey, row: ApiKey) -> None:
    """What may do more than the key that asks is not its to change, whatever the change."""
    try:
        _refuse_more(by, {name: getattr(row, name) for name in CHANGEABLE})
    except BeyondOwn as error:
        raise BeyondOwn("", f"That key has more than yours. {error} You may revoke it.") from error


def _refuse_more(by: ApiKey, wanted: Mapping[str, Any]) -> None:
    if missing := sorted(set(wanted.get("scopes", ())) - set(by.scopes)):
        raise BeyondOwn("scopes", f"Your key does not have {', '.join(missing)}.")
    if "rate_limit_requests" in wanted and _limit(wanted["rate_limit_requests"]) > _limit(by.rate_limit_requests):
        raise BeyondOwn("rate_limit_requests", f"Your key has {_limit(by.rate_limit_requests)} requests.")
    if "allowed_networks" in wanted and not _lie_within(wanted["allowed_networks"], by.allowed_networks):
        raise BeyondOwn("allowed_networks", "Your key may be used from fewer addresses; name networks within its own.")
    ends = wanted.get("expires_at", by.expires_at)
    if not ends_by(ends, by.expires_at):
        raise BeyondOwn("expires_at", f"Your key ends at {by.expires_at:%Y-%m-%dT%H:%M:%SZ}, and none of it later.")


def _limit(requests: int | None) -> int:
    return requests or conf.load().api.rate_limit_requests


def _lie_within(networks: Sequence[str], outer: Sequence[str]) -> bool:
    """Whether every address of ``networks`` lies in one of ``outer``; none at all means anywhere."""
    if not outer:
        return True
    rooms = [ipaddress.ip_network(network) for network in outer]
    wanted = [ipaddress.ip_network(network) for network in networks]
    return bool(wanted) and all(
        any(one.version == room.version and one.subnet_of(room) for room in rooms)  # type: ignore[arg-type]
        for one in wanted
    )


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """As an audit entry can hold it."""
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def _record(key: ApiKey, act: str, actor: str, **data: Any) -> None:
    record_audit(action=f"api_key.{act}", actor=actor, subject_type=SubjectType.API_KEY, subject_id=key.pk, data=data)
