"""API keys, managed by the client whose they are. A key never gives more than it has."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.authentication import forget_keys
from moderation.api.errors import Problem
from moderation.api.key_shapes import (
    KeyChange,
    KeyIn,
    KeyOut,
    KeyPage,
    KeyRotationIn,
    KeySecretOut,
    RevokedKeyOut,
    RotatedKeyOut,
)
from moderation.api.platform import PlatformView
from moderation.enums import Scope
from moderation.ingest.schemas import Strict
from moderation.keys import BeyondOwn, KeyEnded, can_still_write_keys, change_key, issue_key, revoke_key, rotate_key
from moderation.models import ApiKey

TAG = ["keys"]
ONCE = {"Cache-Control": "no-store"}
OWN_KEY = "This was the key that you call with."
LAST_WRITER = "No key is left that may make keys. Ask an operator for one."


class KeyView(PlatformView):
    """What the views of keys share: the caller's own client's."""

    def keys(self) -> QuerySet[ApiKey]:
        return ApiKey.objects.filter(client_id=self.principal.client_id).defer("digest")

    def key(self, key_id: str, *, locked: bool = False) -> ApiKey:
        """Raises Problem ``not_found``."""
        rows = self.keys().select_for_update(no_key=True) if locked else self.keys()
        if "\x00" in key_id or (found := rows.filter(prefix=key_id).first()) is None:
            raise Problem("not_found")
        return found

    def caller(self) -> ApiKey:
        """The key that asks, as it stands now; this process may remember an earlier state."""
        found = ApiKey.objects.usable().select_related("client").filter(pk=self.principal.key_id).first()
        if found is None:
            raise Problem("invalid_key")
        return found

    def show(self, row: ApiKey) -> KeyOut:
        return KeyOut.of(row, caller=self.principal.key_id)


@contextmanager
def within_own() -> Iterator[None]:
    """What a key may not give is answered 403, with the member that asks for it."""
    try:
        yield
    except BeyondOwn as error:
        fault = {"pointer": f"/{error.member}", "code": "beyond_own_key", "detail": str(error)}
        raise Problem("beyond_own_key", str(error), errors=[fault]) from error


class Keys(KeyView):
    """/api/v1/keys."""

    scopes = {"GET": Scope.KEYS_READ, "POST": Scope.KEYS_WRITE}
    shows_secret = True

    @extend_schema(
        operation_id="listKeys",
        tags=TAG,
        summary="API keys, newest first",
        description="Those that were revoked too.",
        responses=KeyPage,
    )
    def get(self, request: Request) -> Response:
        self.query(Strict)
        return self.page(self.keys(), lambda rows: [self.show(row) for row in rows])

    @extend_schema(
        operation_id="createKey",
        tags=TAG,
        summary="Make an API key",
        description="The key is in this answer and nowhere else. It can have no more than yours: scopes, rate limit, "
        "networks and end; what you do not name it takes from yours.",
        request=KeyIn,
        responses={201: KeySecretOut},
        examples=[
            OpenApiExample(
                "A key for the comment service",
                {"name": "comments", "scopes": ["content:write", "content:read"]},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> Response:
        wanted, caller = self.body(KeyIn), self.caller()
        with within_own():
            issued = issue_key(client=caller.client, actor=self.principal.actor, by=caller, **wanted.given(caller))
        shown = KeySecretOut.of(issued.row, caller=caller.pk, key=issued.key)
        return Response(shown, status=201, headers={**ONCE, "Location": f"{request.path}/{issued.row.prefix}"})


class KeyDetail(KeyView):
    """/api/v1/keys/{id}."""

    scopes = {"GET": Scope.KEYS_READ, "PATCH": Scope.KEYS_WRITE, "DELETE": Scope.KEYS_WRITE}

    @extend_schema(operation_id="getKey", tags=TAG, summary="One API key", responses=KeyOut)
    def get(self, request: Request, key_id: str) -> Response:
        shown = self.show(self.key(key_id))
        return self.tagged(shown, state=shown.state)

    @extend_schema(
        operation_id="changeKey",
        tags=TAG,
        summary="Change an API key",
        description="Nothing can be given that your own key does not have. Other processes go by what the key was "
        "for up to a second.",
        request=KeyChange,
        responses=KeyOut,
        examples=[OpenApiExample("Another name", {"name": "comments"}, request_only=True)],
    )
    @transaction.atomic
    def patch(self, request: Request, key_id: str) -> Response:
        wanted, row = self.body(KeyChange), self.key(key_id, locked=True)
        self.require_match(self.show(row).state)
        if row.revoked_at:
            raise Problem("conflict", "The key was revoked, which cannot be undone. Make another.")
        with within_own():
            change_key(key=row, actor=self.principal.actor, changes=wanted.given(), by=self.caller())
        transaction.on_commit(forget_keys)
        shown = self.show(self.key(key_id))
        return self.tagged(shown, state=shown.state)

    @extend_schema(
        operation_id="revokeKey",
        tags=TAG,
        summary="Revoke an API key",
        description="It works no more in the process that answers; others remember it for up to a second. A key may "
        "revoke itself, and one that may do more. It stays in the list, for the record.",
        responses={200: RevokedKeyOut},
    )
    @transaction.atomic
    def delete(self, request: Request, key_id: str) -> Response:
        row = self.key(key_id, locked=True)
        self.require_match(self.show(row).state)
        revoke_key(key=row, actor=self.principal.actor)
        transaction.on_commit(forget_keys)
        warnings = [OWN_KEY] if row.pk == self.principal.key_id else []
        if not can_still_write_keys(client_id=self.principal.client_id):
            warnings.append(LAST_WRITER)
        return Response(RevokedKeyOut(key=self.show(row), warnings=warnings))


class RotateKey(KeyView):
    """/api/v1/keys/{id}/rotate."""

    scopes = {"POST": Scope.KEYS_WRITE}
    shows_secret = True

    @extend_schema(
        operation_id="rotateKey",
        tags=TAG,
        summary="Put a new API key in the place of one",
        description="The new key is in this answer and nowhere else. Both work until the old one ends. A key that was "
        "to end has its time anew; one that may do more than yours cannot be rotated by it.",
        request=KeyRotationIn,
        responses={201: RotatedKeyOut},
    )
    @transaction.atomic
    def post(self, request: Request, key_id: str) -> Response:
        overlap = timedelta(seconds=self.body(KeyRotationIn, optional=True).overlap_seconds)
        old, caller = self.key(key_id, locked=True), self.caller()
        try:
            with within_own():
                issued = rotate_key(key=old, actor=self.principal.actor, overlap=overlap, by=caller)
        except KeyEnded as error:
            raise Problem("conflict", "The key was rotated or revoked before, or has expired. Make another.") from error
        transaction.on_commit(forget_keys)
        shown = KeySecretOut.of(issued.row, caller=caller.pk, key=issued.key)
        answer = RotatedKeyOut(new=shown, old=self.show(self.key(key_id)))
        headers = {**ONCE, "Location": f"/api/v1/keys/{issued.row.prefix}"}
        return Response(answer, status=201, headers=headers)
