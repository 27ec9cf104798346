"""Term lists: the site's own words and domains. They belong to the whole site, not to the key's client."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Func, IntegerField
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.errors import Problem
from moderation.api.keyset import Page
from moderation.api.platform import PlatformView, etag_of
from moderation.api.term_list_shapes import (
    HitOut,
    TermListIn,
    TermListOut,
    TermListPage,
    TermListPatch,
    TermListQuery,
    TermPage,
    TermsChangedOut,
    TermsIn,
    TrialIn,
    TrialOut,
)
from moderation.enums import Scope
from moderation.models import TermList
from moderation.term_lists import (
    TermFault,
    TermListFull,
    add_terms,
    delete_list,
    distinct,
    find_faults,
    find_hits,
    lock_writers,
    remove_terms,
    save_list,
    tidy,
)

MOST_FAULTS = 100
TERMS = OpenApiExample("Two terms", {"terms": ["cold soup", "borscht"]}, request_only=True)


class TermListView(PlatformView):
    """What the views of term lists share."""

    def handle_exception(self, error: Exception) -> Any:
        if isinstance(error, TermListFull):
            error = Problem("too_many_items", str(error))
        return super().handle_exception(error)

    def locked(self, name: str) -> TermList:
        """The list, which nobody else changes until the transaction ends."""
        lock_writers()
        return _find(name)

    @transaction.atomic
    def change_terms(self, name: str, change: Callable[[TermList, list[str]], int]) -> Response:
        """How many terms of the list ``change`` has brought or taken, given those that were sent."""
        wish = self.body(TermsIn)
        row = self.locked(name)
        self.require_match(TermListOut.of(row))
        changed = change(row, wish.terms)
        answer = TermsChangedOut(changed=changed, term_count=len(row.terms), updated_at=row.updated_at)
        return Response(answer, headers={"ETag": etag_of(TermListOut.of(row))})  # of the list, as its If-Match


class TermLists(TermListView):
    """/api/v1/term-lists."""

    scopes = {"GET": Scope.LISTS_READ, "POST": Scope.LISTS_WRITE}

    @extend_schema(
        operation_id="listTermLists",
        tags=["term lists"],
        summary="Term lists, by name",
        parameters=[TermListQuery],  # type: ignore[list-item]
        responses=TermListPage,
    )
    def get(self, request: Request) -> Response:
        wanted = self.query(TermListQuery).model_dump(exclude_none=True)
        count = Func("terms", function="cardinality", output_field=IntegerField())
        rows = TermList.objects.filter(**wanted).defer("terms").annotate(term_count=count)

        def show(found: Sequence[Any]) -> list[TermListOut]:
            return [TermListOut.of(row, row.term_count) for row in found]

        return self.page(rows, show, ordering=("name",))

    @extend_schema(
        operation_id="createTermList",
        tags=["term lists"],
        summary="Make a term list",
        request=TermListIn,
        responses={201: TermListOut},
        examples=[
            OpenApiExample("Terms", {"name": "soups", "category": "spam", "terms": ["cold soup"]}, request_only=True)
        ],
    )
    @transaction.atomic
    def post(self, request: Request) -> Response:
        wish = self.body(TermListIn)
        row = TermList(**wish.fields(), terms=_usable(wish.terms, wish.kind))
        lock_writers()
        if TermList.objects.filter(name=row.name).exists():
            raise Problem("conflict", "There is a term list of this name already.")
        save_list(row=row, actor=self.principal.actor)
        answer = self.tagged(TermListOut.of(row), status=201)
        answer["Location"] = f"/api/v1/term-lists/{row.name}"
        return answer


class TermListDetail(TermListView):
    """/api/v1/term-lists/{name}."""

    scopes = {"GET": Scope.LISTS_READ, "PATCH": Scope.LISTS_WRITE, "DELETE": Scope.LISTS_WRITE}

    @extend_schema(operation_id="getTermList", tags=["term lists"], summary="One term list", responses=TermListOut)
    def get(self, request: Request, name: str) -> Response:
        return self.tagged(TermListOut.of(_find(name)))

    @extend_schema(
        operation_id="changeTermList",
        tags=["term lists"],
        summary="Change what a list counts for, or put it out of force",
        request=TermListPatch,
        responses=TermListOut,
        examples=[OpenApiExample("Out of force", {"enabled": False}, request_only=True)],
    )
    @transaction.atomic
    def patch(self, request: Request, name: str) -> Response:
        wish = self.body(TermListPatch)
        row = self.locked(name)
        self.require_match(TermListOut.of(row))
        for field, value in wish.model_dump(exclude_unset=True).items():
            setattr(row, field, value)
        if "kind" in wish.model_fields_set:
            _refuse(find_faults(enumerate(row.terms, start=1), row.kind, where="Term {}"), "/kind")
        save_list(row=row, actor=self.principal.actor)
        return self.tagged(TermListOut.of(row))

    @extend_schema(
        operation_id="deleteTermList",
        tags=["term lists"],
        summary="Delete a term list with its terms",
        responses={204: None},
    )
    @transaction.atomic
    def delete(self, request: Request, name: str) -> Response:
        row = self.locked(name)
        self.require_match(TermListOut.of(row))
        delete_list(row=row, actor=self.principal.actor)
        return Response(status=204)


class Terms(TermListView):
    """/api/v1/term-lists/{name}/terms."""

    scopes = {"GET": Scope.LISTS_READ, "POST": Scope.LISTS_WRITE}

    @extend_schema(
        operation_id="listTerms", tags=["term lists"], summary="The terms of a list, page by page", responses=TermPage
    )
    def get(self, request: Request, name: str) -> Response:
        return self.page(sorted(_find(name).terms))

    def page(self, terms: list[str]) -> Response:  # type: ignore[override]
        """One page of sorted terms. A cursor names a term, so that what comes and goes meanwhile moves nothing."""
        page = Page(self.request)
        if page.place is None:
            rows = terms[: page.size + 1]
        elif len(page.place) != 1 or not isinstance(page.place[0], str):
            raise Problem("invalid_cursor")
        elif page.backward:
            end = bisect_left(terms, page.place[0])
            rows = terms[max(0, end - page.size - 1) : end][::-1]
        else:
            begin = bisect_right(terms, page.place[0])
            rows = terms[begin : begin + page.size + 1]
        return page.answer(rows, lambda term: [term], list)

    @extend_schema(
        operation_id="addTerms",
        tags=["term lists"],
        summary="Add terms to a list",
        request=TermsIn,
        responses=TermsChangedOut,
        examples=[TERMS],
    )
    def post(self, request: Request, name: str) -> Response:
        def add(row: TermList, terms: list[str]) -> int:
            return add_terms(row=row, terms=_usable(terms, row.kind), actor=self.principal.actor)

        return self.change_terms(name, add)


class RemoveTerms(TermListView):
    """/api/v1/term-lists/{name}/terms/remove."""

    scopes = {"POST": Scope.LISTS_WRITE}

    @extend_schema(
        operation_id="removeTerms",
        tags=["term lists"],
        summary="Remove terms from a list",
        request=TermsIn,
        responses=TermsChangedOut,
        examples=[TERMS],
    )
    def post(self, request: Request, name: str) -> Response:
        def remove(row: TermList, terms: list[str]) -> int:
            return remove_terms(row=row, terms=[tidy(term) for term in terms], actor=self.principal.actor)

        return self.change_terms(name, remove)


class TryTermList(TermListView):
    """/api/v1/term-lists/{name}/test."""

    scopes = {"POST": Scope.LISTS_READ}
    changes_nothing = True

    @extend_schema(
        operation_id="testTermList",
        tags=["term lists"],
        summary="Try a list, in force or not, on a text",
        request=TrialIn,
        responses=TrialOut,
        examples=[OpenApiExample("A text", {"text": "We had C0LD soup again."}, request_only=True)],
    )
    def post(self, request: Request, name: str) -> Response:
        text, row = self.body(TrialIn).text, _find(name)
        hits = [
            HitOut(start=hit.start, end=hit.end, text=text[hit.start : hit.end], detail=hit.detail)
            for hit in find_hits(row, text)
        ]
        return Response(TrialOut(category=row.category, score=row.score, enabled=row.enabled, hits=hits))


def _find(name: str) -> TermList:
    row = TermList.objects.filter(name=name).first()
    if row is None:
        raise Problem("not_found")
    return row


def _usable(terms: Sequence[str], kind: str) -> list[str]:
    """The terms as they are stored, each once. Raises Problem that names those which cannot be looked for."""
    tidied = [tidy(term) for term in terms]
    _refuse(find_faults(enumerate(tidied), kind, where="The term"), "/terms/{}")
    return distinct(tidied)


def _refuse(faults: Sequence[TermFault], pointer: str) -> None:
    errors = [
        {"pointer": pointer.format(fault.place), "code": fault.code, "detail": fault.message}
        for fault in faults[:MOST_FAULTS]
    ]
    if errors:
        raise Problem("validation_failed", errors=errors)
