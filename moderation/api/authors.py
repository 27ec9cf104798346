"""Authors: trust, suspensions, figures. An author is there from the first content on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api import author_history
from moderation.api.author_shapes import (
    AuthorDetailOut,
    AuthorFiguresOut,
    AuthorHistoryPage,
    AuthorOut,
    AuthorPage,
    AuthorPatch,
    AuthorQuery,
    SuspensionIn,
)
from moderation.api.errors import Problem
from moderation.api.platform import PlatformView, etag_of, uuid_of
from moderation.authors import change_author, reinstate_author, suspend_author
from moderation.enums import ContentStatus, Outcome, ReportStatus, Scope
from moderation.ingest.schemas import Strict
from moderation.models import Author, Report

TAG = ["authors"]
A_WEEK = OpenApiExample("A week", {"duration_seconds": 604_800, "reason": "Third warning"}, request_only=True)


class AuthorView(PlatformView):
    """What the views of authors share: only the caller's own are there."""

    def authors(self) -> QuerySet[Author]:
        return Author.objects.filter(client_id=self.principal.client_id)

    def author(self, author_id: str) -> Author:
        """The author of this id. Raises Problem ``not_found``, also for what is no id."""
        return _find(self.authors(), author_id)

    def locked(self, author_id: str) -> Author:
        """The same, its row locked."""
        return _find(self.authors().select_for_update(of=("self",)), author_id)


def _find(rows: QuerySet[Author], author_id: str) -> Author:
    key = uuid_of(author_id)
    found = rows.filter(public_id=key).first() if key else None
    if found is None:
        raise Problem("not_found")
    return found


class Authors(AuthorView):
    """/api/v1/authors."""

    scopes = {"GET": Scope.AUTHORS_READ}

    @extend_schema(
        operation_id="listAuthors",
        tags=TAG,
        summary="Authors, newest first",
        parameters=[AuthorQuery],  # type: ignore[list-item]  # the stubs know serializers alone
        responses=AuthorPage,
    )
    def get(self, request: Request) -> Response:
        now = timezone.now()

        def show(rows: Sequence[Author]) -> list[AuthorOut]:
            return [AuthorOut.of(row, now) for row in rows]

        return self.page(_narrowed(self.authors(), self.query(AuthorQuery), now), show)


def _narrowed(authors: QuerySet[Author], query: AuthorQuery, now: datetime) -> QuerySet[Author]:
    if query.suspended is not None:
        rows = Author.objects.suspended(now) if query.suspended == "true" else Author.objects.not_suspended(now)
        authors = authors & rows
    given: dict[str, Any] = query.model_dump(include={"external_id", "trust"}, exclude_none=True)
    return authors.filter(**given)


class AuthorDetail(AuthorView):
    """/api/v1/authors/{id}."""

    scopes = {"GET": Scope.AUTHORS_READ, "PATCH": Scope.AUTHORS_WRITE}
    shows_persons = True

    @extend_schema(
        operation_id="getAuthor",
        tags=TAG,
        summary="One author with figures",
        description="The ETag stands for what can be changed, for `If-Match`; the figures come fresh every time.",
        parameters=[OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[200])],
        responses=AuthorDetailOut,
    )
    def get(self, request: Request, author_id: str) -> Response:
        author, now = self.author(author_id), timezone.now()
        shown = AuthorDetailOut(**AuthorOut.facts(author, now), figures=_figures(author))
        return Response(shown, headers={"ETag": etag_of(AuthorOut.of(author, now))})

    @extend_schema(
        operation_id="changeAuthor",
        tags=TAG,
        summary="Change the trust in an author, the name or the reach",
        request=AuthorPatch,
        responses=AuthorOut,
        examples=[OpenApiExample("Trust", {"trust": "trusted"}, request_only=True)],
    )
    @transaction.atomic
    def patch(self, request: Request, author_id: str) -> Response:
        wish, now = self.body(AuthorPatch), timezone.now()
        author = self.locked(author_id)
        self.require_match(AuthorOut.of(author, now))
        change_author(
            author=author,
            actor=self.principal.actor,
            trust=wish.trust,
            display_name=wish.display_name,
            reach=wish.reach,
        )
        return self.tagged(AuthorOut.of(author, now))


class SuspendAuthor(AuthorView):
    """/api/v1/authors/{id}/suspend."""

    scopes = {"POST": Scope.AUTHORS_WRITE}
    shows_persons = True

    @extend_schema(
        operation_id="suspendAuthor",
        tags=TAG,
        summary="Suspend an author",
        description="A suspension that runs is replaced; it ends by time alone. What it means for new content, "
        "the policy says: the shipped one asks a person.",
        request=SuspensionIn,
        responses=AuthorOut,
        examples=[A_WEEK],
    )
    @transaction.atomic
    def post(self, request: Request, author_id: str) -> Response:
        wish, now = self.body(SuspensionIn), timezone.now()
        author = self.locked(author_id)
        self.require_match(AuthorOut.of(author, now))
        suspend_author(author=author, actor=self.principal.actor, reason=wish.reason, until=wish.end(now), now=now)
        return self.tagged(AuthorOut.of(author, now))


class ReinstateAuthor(AuthorView):
    """/api/v1/authors/{id}/reinstate."""

    scopes = {"POST": Scope.AUTHORS_WRITE}
    shows_persons = True

    @extend_schema(
        operation_id="reinstateAuthor",
        tags=TAG,
        summary="End a suspension",
        description="Where none runs, nothing changes. The call needs no body.",
        request=None,
        responses=AuthorOut,
    )
    @transaction.atomic
    def post(self, request: Request, author_id: str) -> Response:
        now = timezone.now()
        author = self.locked(author_id)
        self.require_match(AuthorOut.of(author, now))
        reinstate_author(author=author, actor=self.principal.actor, now=now)
        return self.tagged(AuthorOut.of(author, now))


class AuthorHistory(AuthorView):
    """/api/v1/authors/{id}/history."""

    scopes = {"GET": Scope.AUTHORS_READ}

    @extend_schema(
        operation_id="getAuthorHistory",
        tags=TAG,
        summary="What was decided of an author's content, and done to the author, newest first",
        responses=AuthorHistoryPage,
    )
    def get(self, request: Request, author_id: str) -> Response:
        self.query(Strict)
        return author_history.page(request, self.author(author_id))


def _figures(author: Author) -> AuthorFiguresOut:
    contents = author.contents.aggregate(
        approved=Count("pk", filter=Q(decision=Outcome.APPROVE)),
        rejected=Count("pk", filter=Q(decision=Outcome.REJECT)),
        in_review=Count("pk", filter=Q(status=ContentStatus.IN_REVIEW)),
        pending=Count("pk", filter=Q(decision=None)),
    )
    reports = Report.objects.filter(content__author=author).aggregate(
        reports=Count("pk"), reports_upheld=Count("pk", filter=Q(status=ReportStatus.UPHELD))
    )
    return AuthorFiguresOut(**contents, **reports)
