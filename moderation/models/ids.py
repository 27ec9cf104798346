"""Identifiers of facts: opaque to clients, sorted by time for the indexes."""

import secrets
from datetime import datetime
from uuid import UUID

import uuid_utils.compat

_VERSION, _VARIANT = 7 << 76, 0b10 << 62
# As the library that gives the others: the first bit behind the version is a guard for its counter, and stays 0.
_RANDOM = (1 << 75) - (1 << 64) | (1 << 62) - 1


def new_id(at: datetime | None = None) -> UUID:
    """A UUIDv7 (RFC 9562): its first 48 bits are milliseconds, so that new rows land at the end of an index.

    With ``at`` it is one that could have been given at that moment; the rest of it is random.
    """
    return uuid_utils.compat.uuid7() if at is None else _id_at(at)


def first_id_at(when: datetime) -> UUID:
    """The smallest id that ``new_id`` may have given at ``when``: the key of a table is an index by time too."""
    return UUID(int=int(when.timestamp() * 1000) << 80)


def _id_at(moment: datetime) -> UUID:
    return UUID(int=first_id_at(moment).int | _VERSION | _VARIANT | secrets.randbits(128) & _RANDOM)
