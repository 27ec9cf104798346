"""Who calls: API keys as bearer tokens, their scopes, and a short memory of them."""

import ipaddress
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from moderation.api.addresses import client_address, site_of, within
from moderation.api.errors import Problem
from moderation.api.limits import Limit, take
from moderation.api.principal import Principal as Principal
from moderation.api.principal import SharedLimit
from moderation.api.throttling import spend
from moderation.enums import Scope
from moderation.models import ApiKey
from reviewengine import conf

# A busy key is looked up once in this time in each process; a revoked key works at most that much longer.
REMEMBERED_SECONDS = 1.0
REMEMBERED_KEYS = 10_000
USED_EVERY = timedelta(minutes=1)


_remembered: dict[str, tuple[float, Principal]] = {}


def bearer_key(request: HttpRequest) -> str:
    """The key in the header Authorization, empty where there is none."""
    kind, _, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""


def authenticate(
    request: HttpRequest,
    scope: Scope,
    *,
    key: str | None = None,
    needs_no_scope: Callable[[HttpRequest, Principal], bool] | None = None,
) -> Principal:
    """The principal of a request's bearer token. Raises Problem: no key, an invalid one, or one without ``scope``.

    ``key`` is given where a door takes it from another place than the header Authorization. Requests that fail are
    counted by their client address, so that nobody can try keys for long; one that lacks the scope has spent a request.
    ``needs_no_scope`` says where none is asked for.
    """
    key = bearer_key(request) if key is None else key
    try:
        principal = _known(request, key)
    except Problem:
        _count_failure(request)
        raise
    request.principal = principal  # type: ignore[attr-defined]  # for UsageMiddleware, whatever is answered
    if scope not in principal.scopes and not (needs_no_scope and needs_no_scope(request, principal)):
        spend(principal, request)
        raise Problem("missing_scope", f"This needs the scope '{scope.value}'.")
    return principal


def _known(request: HttpRequest, key: str) -> Principal:
    if not key:
        raise Problem("not_authenticated")
    principal = _find(ApiKey.digest_of(key))
    if principal.allowed_networks and not within(client_address(request), principal.allowed_networks):
        raise Problem("address_not_allowed")
    return principal


def _count_failure(request: HttpRequest) -> None:
    """Raises Problem ``rate_limited`` where too many requests without a valid key come from one address."""
    if address := client_address(request):
        options, site = conf.load().api, f"address:{site_of(address)}"
        failures = Limit("failures", f"failures:{site}", options.rate_limit_failures, options.rate_limit_seconds)
        requests = Limit("address", site, options.rate_limit_address_requests, options.rate_limit_seconds)
        request.allowance = take([failures, requests])  # type: ignore[attr-defined]


def _find(digest: str) -> Principal:
    now = time.monotonic()
    found = _remembered.get(digest)
    if found and found[0] > now:
        return found[1]
    principal = _load(digest)
    if len(_remembered) >= REMEMBERED_KEYS:
        _remembered.clear()
    _remembered[digest] = (now + REMEMBERED_SECONDS, principal)
    return principal


def _load(digest: str) -> Principal:
    key = ApiKey.objects.usable().filter(digest=digest).first()
    if key is None:
        _remembered.pop(digest, None)
        raise Problem("invalid_key")
    now = timezone.now()
    stale = Q(last_used_at=None) | Q(last_used_at__lt=now - USED_EVERY)
    if key.last_used_at is None or key.last_used_at < now - USED_EVERY:
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
    return Principal(
        key_id=key.pk,
        client_id=key.client_id,
        prefix=key.prefix,
        scopes=frozenset(key.scopes),
        rate_limit_requests=key.rate_limit_requests,
        allowed_networks=tuple(map(ipaddress.ip_network, key.allowed_networks)),
        expires_at=key.expires_at,
        allowance=str(key.allowance),
        within=_shared(key.within),
    )


def _shared(allowances: Sequence[UUID]) -> tuple[SharedLimit, ...]:
    """What the newest key of each allowance may do; one that was revoked still bounds what it has made."""
    if not allowances:
        return ()
    rows = ApiKey.objects.filter(allowance__in=allowances).order_by("allowance", "-id").distinct("allowance")
    return tuple(
        SharedLimit(str(allowance), limit) for allowance, limit in rows.values_list("allowance", "rate_limit_requests")
    )


def forget_keys() -> None:
    """Drops what this process remembers of keys."""
    _remembered.clear()


class ApiKeyAuthentication(BaseAuthentication):
    """The same for DRF's views. A view names what each method needs in ``scopes = {"GET": Scope.CONTENT_READ}``."""

    def authenticate(self, request: Request) -> tuple[Principal, None] | None:
        view: Any = request.parser_context["view"]
        scope = view.scopes.get("GET" if request.method == "HEAD" else request.method)
        # A method that the view does not have is answered 405, whoever asks.
        if not scope:
            return None
        without = getattr(view, "needs_no_scope", None)
        return authenticate(request._request, scope, needs_no_scope=without), None


class HasScope(BasePermission):
    """Authentication has checked the scope already; without a principal there is nothing to allow."""

    def has_permission(self, request: Request, view: Any) -> bool:
        needed = "GET" if request.method == "HEAD" else request.method
        return needed not in view.scopes or isinstance(request.user, Principal)
