"""The people on your platform whose content it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reviewengine_client.calls import Call, R, Resource, many, one

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from reviewengine_client.shapes import (
        AuthorDetailOut,
        AuthorEventOut,
        AuthorOut,
        AuthorPatch,
        ListAuthorsQuery,
        SuspensionIn,
    )


class Authors(Resource[R]):
    @many("listAuthors", "GET", "/api/v1/authors")
    def list(self, **query: Unpack[ListAuthorsQuery]) -> Iterable[Call[AuthorOut]]:
        """Authors, newest first; ``external_id`` finds one by your own id."""
        return [Call(query=query)]

    @one("getAuthor", "GET", "/api/v1/authors/{author_id}")
    def get(self, author_id: str) -> Call[AuthorDetailOut]:
        """An author with figures."""
        return Call((author_id,))

    @one("changeAuthor", "PATCH", "/api/v1/authors/{author_id}")
    def change(self, author_id: str, *, if_match: str | None = None, **changes: Unpack[AuthorPatch]) -> Call[AuthorOut]:
        """Sets trust or the shown name; what is not named stays."""
        return Call((author_id,), body=changes, headers={"If-Match": if_match})

    @one("suspendAuthor", "POST", "/api/v1/authors/{author_id}/suspend")
    def suspend(
        self, author_id: str, *, if_match: str | None = None, **suspension: Unpack[SuspensionIn]
    ) -> Call[AuthorOut]:
        """Suspends an author until a time, for so many seconds, or until somebody reinstates them."""
        return Call((author_id,), body=suspension, headers={"If-Match": if_match})

    @one("reinstateAuthor", "POST", "/api/v1/authors/{author_id}/reinstate")
    def reinstate(self, author_id: str, *, if_match: str | None = None) -> Call[AuthorOut]:
        """Ends a suspension now."""
        return Call((author_id,), headers={"If-Match": if_match})

    @many("getAuthorHistory", "GET", "/api/v1/authors/{author_id}/history")
    def history(self, author_id: str) -> Iterable[Call[AuthorEventOut]]:
        """What was decided about the author's contents, and what was done to the author, newest first."""
        return [Call((author_id,))]
