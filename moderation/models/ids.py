"""Identifiers of facts: opaque to clients, sorted by time for the indexes."""

from datetime import datetime
from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): its first 48 bits are milliseconds, so that new rows land at the end of an index."""
    return uuid_utils.compat.uuid7()


def first_id_at(when: datetime) -> UUID:
    """The smallest id that ``new_id`` may have given at ``when``: the key of a table is an index by time too."""
    return UUID(int=int(when.timestamp() * 1000) << 80)
