"""API keys, managed by the client whose they are. A key never gives more than it has."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from ipaddress import ip_network

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.addresses import client_address, within
from moderation.api.authentication import Principal, forget_keys
from moderation.api.errors import Problem
from moderation.api.key_shapes import (
    ChangedKeyOut,
    KeyChange,
    KeyIn,
    KeyOut,
    KeyPage,
    KeyQuery,
    KeyRotationIn,
    KeySecretOut,
    RevokedKeyOut,
    RotatedKeyOut,
)
from moderation.api.platform import PlatformView, etag_of
from moderation.enums import Scope
from moderation.keys import (
    BeyondOwn,
    KeyEnded,
    TooManyKeys,
    can_still_write_keys,
    change_key,
    issue_key,
    revoke_key,
    rotate_key,
)
from moderation.models import ApiKey

TAG = ["keys"]
ONCE = {"Cache-Control": "no-store"}
OWN_KEY = "This was the key that you call with."
OWN_ADDRESS = "You call with this key, and your address lies in none of its networks: it works from here no more."
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


def in_status(rows: QuerySet[ApiKey], status: str | None) -> QuerySet[ApiKey]:
    """The keys of which ``KeyOut`` tells this status; None: all."""
    ended = Q(expires_at__lte=timezone.now())  # not so of a key without an end
    if status == "revoked":
        return rows.exclude(revoked_at=None)
    if status == "expired":
        return rows.filter(ended, revoked_at=None)
    return rows.exclude(ended).filter(revoked_at=None) if status else rows


@contextmanager
def within_own() -> Iterator[None]:
    """What a key may not give is answered 403, with the member that asks for it; more keys than there may be 409."""
    try:
        yield
    except BeyondOwn as error:
        fault = {"pointer": f"/{error.member}", "code": "beyond_own_key", "detail": str(error)}
        raise Problem("beyond_own_key", str(error), errors=[fault] if error.member else []) from error
    except TooManyKeys as error:
        raise Problem("conflict", str(error)) from error


class Keys(KeyView):
    """/api/v1/keys."""

    scopes = {"GET": Scope.KEYS_READ, "POST": Scope.KEYS_WRITE}
    shows_secret = True

    @extend_schema(
        operation_id="listKeys",
        tags=TAG,
        summary="API keys, newest first",
        description="Those that were revoked too, unless you ask for a status.",
        parameters=[KeyQuery],  # type: ignore[list-item]  # the stubs know serializers alone
        responses=KeyPage,
    )
    def get(self, request: Request) -> Response:
        rows = in_status(self.keys(), self.query(KeyQuery).status)
        return self.page(rows, lambda rows: [self.show(row) for row in rows])

    @extend_schema(
        operation_id="createKey",
        tags=TAG,
        summary="Make an API key",
        description="The key is in this answer and nowhere else. It can have no more than yours: scopes, rate limit, "
        "networks and end. Its scopes you name; of the rest, what you do not name it takes from yours.",
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
        tag = etag_of(self.show(issued.row).state)
        headers = {**ONCE, "Location": f"{request.path}/{issued.row.prefix}", "ETag": tag}
        return Response(shown, status=201, headers=headers)


class KeyDetail(KeyView):
    """/api/v1/keys/{id}."""

    scopes = {"GET": Scope.KEYS_READ, "PATCH": Scope.KEYS_WRITE, "DELETE": Scope.KEYS_WRITE}

    def needs_no_scope(self, request: HttpRequest, principal: Principal) -> bool:
        """Whoever finds a key may end it: any key may revoke itself."""
        return request.method == "DELETE" and self.kwargs["key_id"] == principal.prefix

    @extend_schema(operation_id="getKey", tags=TAG, summary="One API key", responses=KeyOut)
    def get(self, request: Request, key_id: str) -> Response:
        shown = self.show(self.key(key_id))
        return self.tagged(shown, state=shown.state)

    @extend_schema(
        operation_id="changeKey",
        tags=TAG,
        summary="Change an API key",
        description="Nothing can be given that your own key does not have, and no key changed that has more than it. "
        "One that was rotated can only end sooner. Other processes go by what the key was "
        "for up to a second.",
        request=KeyChange,
        responses=ChangedKeyOut,
        examples=[OpenApiExample("Another name", {"name": "comments"}, request_only=True)],
    )
    @transaction.atomic
    def patch(self, request: Request, key_id: str) -> Response:
        wanted, row = self.body(KeyChange), self.key(key_id, locked=True)
        self.require_match(self.show(row).state)
        if row.revoked_at:
            raise Problem("conflict", "The key was revoked, which cannot be undone. Make another.")
        try:
            with within_own():
                change_key(key=row, actor=self.principal.actor, changes=wanted.given(), by=self.caller())
        except KeyEnded as error:
            raise Problem("conflict", "The key was rotated: it can end sooner, and no later.") from error
        transaction.on_commit(forget_keys)
        row = self.key(key_id)
        shown = self.show(row)
        answer = ChangedKeyOut(**shown.model_dump(), warnings=self.warnings(row))
        return self.tagged(answer, state=shown.state)

    def warnings(self, row: ApiKey) -> list[str]:
        """What its caller may not have meant by the change of a key."""
        found = []
        networks = tuple(map(ip_network, row.allowed_networks))
        if row.pk == self.principal.key_id and networks and not within(client_address(self.request._request), networks):
            found.append(OWN_ADDRESS)
        if not can_still_write_keys(client_id=self.principal.client_id):
            found.append(LAST_WRITER)
        return found

    @extend_schema(
        operation_id="revokeKey",
        tags=TAG,
        summary="Revoke an API key",
        description="It works no more in the process that answers; others remember it for up to a second. Any key may "
        "revoke itself, whatever its scopes; one with this scope every key of yours, those too that may do more. It "
        "stays in the list, for the record.",
        responses={200: RevokedKeyOut},
    )
    @transaction.atomic
    def delete(self, request: Request, key_id: str) -> Response:
        row = self.key(key_id, locked=True)
        self.require_match(self.show(row).state)
        revoke_key(key=row, actor=self.principal.actor)
        transaction.on_commit(forget_keys)
        warnings = [OWN_KEY] if row.pk == self.principal.key_id else []
        if Scope.KEYS_WRITE in row.scopes and not can_still_write_keys(client_id=self.principal.client_id):
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
        description="The new key is in this answer and nowhere else. Both work until the old one ends, and "
        "share one rate limit. The new one ends when the old one was to end, unless you name another time, no later "
        "than your own key's end. A key that may do more than yours cannot be rotated by it.",
        request=KeyRotationIn,
        responses={201: RotatedKeyOut},
    )
    @transaction.atomic
    def post(self, request: Request, key_id: str) -> Response:
        wanted = self.body(KeyRotationIn, optional=True)
        overlap = timedelta(seconds=wanted.overlap_seconds)
        old, caller = self.key(key_id, locked=True), self.caller()
        try:
            with within_own():
                issued = rotate_key(
                    key=old, actor=self.principal.actor, overlap=overlap, by=caller, changes=wanted.given()
                )
        except KeyEnded as error:
            raise Problem("conflict", "The key was rotated or revoked before, or has expired. Make another.") from error
        transaction.on_commit(forget_keys)
        shown = KeySecretOut.of(issued.row, caller=caller.pk, key=issued.key)
        answer = RotatedKeyOut(new=shown, old=self.show(self.key(key_id)))
        headers = {**ONCE, "Location": f"/api/v1/keys/{issued.row.prefix}"}
        return Response(answer, status=201, headers=headers)
