"""The API keys of your platform."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reviewengine_client.calls import Call, R, Resource, many, one

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from reviewengine_client.shapes import (
        ChangedKeyOut,
        KeyChange,
        KeyIn,
        KeyOut,
        KeyRotationIn,
        KeySecretOut,
        ListKeysQuery,
        RevokedKeyOut,
        RotatedKeyOut,
    )


class Keys(Resource[R]):
    @many("listKeys", "GET", "/api/v1/keys")
    def list(self, **query: Unpack[ListKeysQuery]) -> Iterable[Call[KeyOut]]:
        """Your keys, newest first; never the keys themselves."""
        return [Call(query=query)]

    @one("createKey", "POST", "/api/v1/keys")
    def create(self, **key: Unpack[KeyIn]) -> Call[KeySecretOut]:
        """Makes a key. It is in this answer and nowhere else."""
        return Call(body=key)

    @one("getKey", "GET", "/api/v1/keys/{key_id}")
    def get(self, key_id: str) -> Call[KeyOut]:
        """What a key may do, and when it was used last."""
        return Call((key_id,))

    @one("changeKey", "PATCH", "/api/v1/keys/{key_id}")
    def change(self, key_id: str, *, if_match: str | None = None, **changes: Unpack[KeyChange]) -> Call[ChangedKeyOut]:
        """Changes what is named; the rest stays. ``warnings`` tells of a change that shuts you out."""
        return Call((key_id,), body=changes, headers={"If-Match": if_match})

    @one("revokeKey", "DELETE", "/api/v1/keys/{key_id}")
    def revoke(self, key_id: str, *, if_match: str | None = None) -> Call[RevokedKeyOut]:
        """Ends a key now and for good."""
        return Call((key_id,), headers={"If-Match": if_match})

    @one("rotateKey", "POST", "/api/v1/keys/{key_id}/rotate")
    def rotate(self, key_id: str, **rotation: Unpack[KeyRotationIn]) -> Call[RotatedKeyOut]:
        """Makes a new key that may do the same; for a while both are good."""
        return Call((key_id,), body=rotation)
