"""How often a key may call, and how often a client address: both in one round trip."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from moderation.api.addresses import client_address, site_of
from moderation.api.limits import Allowance, Limit, rate_headers, take
from moderation.api.principal import Principal
from moderation.models.client import EXPIRY_WARNING
from reviewengine import conf

EXPIRES = "X-API-Key-Expires"


def spend(principal: Principal, request: HttpRequest | None = None) -> tuple[Allowance, ...]:
    """Takes one request from the key's allowance, those of the keys that it comes from and, given the request, from
    that of its client address.

    Raises Problem when one of them has none left. Answers what is left, nothing while Valkey is down, and leaves it in
    ``request.allowance`` for the headers of the answer.
    """
    options = conf.load().api
    seconds = options.rate_limit_seconds
    requests = principal.rate_limit_requests or options.rate_limit_requests
    limits = [Limit("default", principal.allowance or str(principal.key_id), requests, seconds)]
    for number, shared in enumerate(principal.within, start=1):
        name = "shared" if number == 1 else f"shared-{number}"
        limits.append(Limit(name, shared.allowance, shared.requests or options.rate_limit_requests, seconds))
    if request is not None and (address := client_address(request)):
        limits.append(Limit("address", f"address:{site_of(address)}", options.rate_limit_address_requests, seconds))
    allowances = take(limits)
    if request is not None:
        request.allowance = allowances  # type: ignore[attr-defined]
    return allowances


def add_headers(response: HttpResponse, allowances: tuple[Allowance, ...] | None) -> None:
    """Tells the client what is left."""
    if allowances:
        for name, value in rate_headers(allowances).items():
            response.headers.setdefault(name, value)


class KeyHeadersMiddleware:
    """Tells whoever called with a key what is left of its limits, and when the key ends, if that is soon."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        add_headers(response, getattr(request, "allowance", None))
        principal: Principal | None = getattr(request, "principal", None)
        if principal and principal.expires_at and principal.expires_at - timezone.now() <= EXPIRY_WARNING:
            response.headers[EXPIRES] = principal.expires_at.isoformat().replace("+00:00", "Z")
        return response


class KeyRateLimit(BaseThrottle):
    """The same limits for DRF's views."""

    def allow_request(self, request: Request, view: object) -> bool:
        if isinstance(request.user, Principal):
            spend(request.user, request._request)
        return True
