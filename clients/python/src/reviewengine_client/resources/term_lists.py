"""The site's own words and domains."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from reviewengine_client.calls import Call, R, Resource, many, one

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Unpack

    from reviewengine_client.shapes import (
        ListTermListsQuery,
        TermListIn,
        TermListOut,
        TermListPatch,
        TermsChangedOut,
        TrialOut,
    )


class TermLists(Resource[R]):
    @many("listTermLists", "GET", "/api/v1/term-lists")
    def list(self, **query: Unpack[ListTermListsQuery]) -> Iterable[Call[TermListOut]]:
        """The lists, without their terms."""
        return [Call(query=query)]

    @one("createTermList", "POST", "/api/v1/term-lists")
    def create(self, **term_list: Unpack[TermListIn]) -> Call[TermListOut]:
        """Makes a list; the next text is read with it."""
        return Call(body=term_list)

    @one("getTermList", "GET", "/api/v1/term-lists/{name}")
    def get(self, name: str) -> Call[TermListOut]:
        """A list, without its terms."""
        return Call((name,))

    @one("changeTermList", "PATCH", "/api/v1/term-lists/{name}")
    def change(self, name: str, *, if_match: str | None = None, **changes: Unpack[TermListPatch]) -> Call[TermListOut]:
        """Changes what is named; the rest stays."""
        return Call((name,), body=changes, headers={"If-Match": if_match})

    @one("deleteTermList", "DELETE", "/api/v1/term-lists/{name}")
    def delete(self, name: str, *, if_match: str | None = None) -> Call[None]:
        """Deletes a list with its terms."""
        return Call((name,), headers={"If-Match": if_match})

    @many("listTerms", "GET", "/api/v1/term-lists/{name}/terms")
    def terms(self, name: str) -> Iterable[Call[str]]:
        """The terms of a list, in order."""
        return [Call((name,))]

    @one("addTerms", "POST", "/api/v1/term-lists/{name}/terms")
    def add_terms(self, name: str, terms: Sequence[str], *, if_match: str | None = None) -> Call[TermsChangedOut]:
        """Adds terms; those that are there do not count."""
        return Call((name,), body={"terms": [*terms]}, headers={"If-Match": if_match})

    @one("removeTerms", "POST", "/api/v1/term-lists/{name}/terms/remove")
    def remove_terms(self, name: str, terms: Sequence[str], *, if_match: str | None = None) -> Call[TermsChangedOut]:
        """Removes terms; those that are not there do not count."""
        return Call((name,), body={"terms": [*terms]}, headers={"If-Match": if_match})

    @one("testTermList", "POST", "/api/v1/term-lists/{name}/test")
    def test(self, name: str, text: str) -> Call[TrialOut]:
        """What a list finds in a text, which is not kept."""
        return Call((name,), body={"text": text})
