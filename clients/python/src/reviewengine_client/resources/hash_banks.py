"""The images that the site knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reviewengine_client.calls import Call, R, Resource, Upload, many, one
from reviewengine_client.sending import bytes_of

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from reviewengine_client.sending import File
    from reviewengine_client.shapes import (
        EntryIn,
        EntryOut,
        HashBankIn,
        HashBankOut,
        HashBankPatch,
        ListHashBankEntriesQuery,
        ListHashBanksQuery,
    )


class HashBanks(Resource[R]):
    @many("listHashBanks", "GET", "/api/v1/hash-banks")
    def list(self, **query: Unpack[ListHashBanksQuery]) -> Iterable[Call[HashBankOut]]:
        """The banks, without their entries."""
        return [Call(query=query)]

    @one("createHashBank", "POST", "/api/v1/hash-banks")
    def create(self, **bank: Unpack[HashBankIn]) -> Call[HashBankOut]:
        """Makes a bank; the next image is compared with it."""
        return Call(body=bank)

    @one("getHashBank", "GET", "/api/v1/hash-banks/{name}")
    def get(self, name: str) -> Call[HashBankOut]:
        """A bank, without its entries."""
        return Call((name,))

    @one("changeHashBank", "PATCH", "/api/v1/hash-banks/{name}")
    def change(self, name: str, *, if_match: str | None = None, **changes: Unpack[HashBankPatch]) -> Call[HashBankOut]:
        """Changes what is named; the rest stays."""
        return Call((name,), body=changes, headers={"If-Match": if_match})

    @one("deleteHashBank", "DELETE", "/api/v1/hash-banks/{name}")
    def delete(self, name: str, *, if_match: str | None = None) -> Call[None]:
        """Deletes a bank with its entries."""
        return Call((name,), headers={"If-Match": if_match})

    @many("listHashBankEntries", "GET", "/api/v1/hash-banks/{name}/entries")
    def entries(self, name: str, **query: Unpack[ListHashBankEntriesQuery]) -> Iterable[Call[EntryOut]]:
        """The entries of a bank, newest first."""
        return [Call((name,), query=query)]

    @one("addHashBankEntry", "POST", "/api/v1/hash-banks/{name}/entries")
    def add_entry(self, name: str, **entry: Unpack[EntryIn]) -> Call[EntryOut]:
        """Adds an image by its hashes."""
        return Call((name,), body=entry)

    @one("addHashBankEntry", "POST", "/api/v1/hash-banks/{name}/entries")
    def add_image(self, name: str, image: File) -> Call[EntryOut]:
        """Adds an image, of which only the hashes are kept: its bytes, its path or a file open in binary mode."""
        return Call((name,), body=Upload(bytes_of(image)))

    @one("getHashBankEntry", "GET", "/api/v1/hash-banks/{name}/entries/{entry_id}")
    def entry(self, name: str, entry_id: str) -> Call[EntryOut]:
        """An entry."""
        return Call((name, entry_id))

    @one("removeHashBankEntry", "DELETE", "/api/v1/hash-banks/{name}/entries/{entry_id}")
    def remove_entry(self, name: str, entry_id: str) -> Call[None]:
        """Removes an image from a bank."""
        return Call((name, entry_id))
