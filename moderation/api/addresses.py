"""Where a request comes from: the peer's address, or the one that a proxy of ours names."""

import ipaddress
from collections.abc import Callable
from functools import lru_cache

from django.http import HttpRequest, HttpResponse

from reviewengine import conf

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
# Whoever has one IPv6 address has its whole /64.
IPV6_SITE = 64


def client_address(request: HttpRequest) -> Address | None:
    """The caller's address: in X-Forwarded-For the last one that is no proxy of ours, if a proxy of ours sent it.

    None for what has none, such as a Unix socket that no proxy of ours is said to stand before.
    """
    return _client(request.META.get("REMOTE_ADDR", ""), request.META.get("HTTP_X_FORWARDED_FOR", ""))


@lru_cache(4096)
def site_of(address: Address) -> str:
    """What is counted as one caller: an IPv4 address, or the /64 of an IPv6 address."""
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, IPV6_SITE), strict=False))


def within(address: Address | None, networks: tuple[Network, ...]) -> bool:
    """Whether the address lies in one of the networks. No address lies nowhere."""
    return address is not None and any(address in network for network in networks)


class ForwardedSchemeMiddleware:
    """Takes the scheme of a request from X-Forwarded-Proto only where a proxy of ours sent it.

    Where none is named in ``web.trusted_proxies`` whoever stands before this process is believed.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if trusted_proxies() and not _is_ours(request.META.get("REMOTE_ADDR", "")):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        return self.get_response(request)


@lru_cache(4096)
def _is_ours(peer: str) -> bool:
    found = _parse(peer)
    # On a Unix socket there is no peer's address: it is a proxy of this machine, if there are proxies at all.
    return found is None or within(found, trusted_proxies())


@lru_cache(4096)
def _client(peer: str, forwarded: str) -> Address | None:
    trusted = trusted_proxies()
    found = _parse(peer)
    if not trusted or not _is_ours(peer):
        return found
    for hop in reversed(forwarded.split(",")):
        address = _parse(hop)
        if address is None:
            break  # what stands further left was written by nobody that we know
        found = address
        if not within(address, trusted):
            break
    return found


@lru_cache(1)
def trusted_proxies() -> tuple[Network, ...]:
    """The networks of ``web.trusted_proxies``."""
    return tuple(ipaddress.ip_network(network) for network in conf.load().web.trusted_proxies)


def _parse(text: str) -> Address | None:
    """An address as proxies write it, with a port or without; an IPv4 address in IPv6 clothes as what it is."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
