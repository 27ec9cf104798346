"""Identifiers of facts: opaque to clients, sorted by time for the indexes."""

from uuid import UUID

import uuid_utils.compat


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): its first 48 bits are milliseconds, so that new rows land at the end of an index."""
    return uuid_utils.compat.uuid7()
