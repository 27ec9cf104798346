"""Where a webhook or a look at an image may go: a public address, or an internal network that the configuration names.

The URL comes from outside, and our workers stand inside. So the URL is parsed once, its host is resolved
once, every address it has must be allowed, and the connection is made to those very addresses: a name that answers
differently the next time changes nothing. The tables are IANA's special-purpose address registries (RFC 6890 and
what was added since), written out because Python's own differ between its versions.
"""

import ipaddress
import re
import socket
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolver = Callable[[str, int], Iterable[str]]

NOT_PUBLIC = tuple(
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16",
        "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
    )
)  # fmt: skip
PUBLIC_IPV6 = ipaddress.IPv6Network("2000::/3")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
WEB_PORTS = {"http": 80, "https": 443}
FIRST_UNPRIVILEGED_PORT = 1024

_HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?", re.IGNORECASE)
_ENDS_IN_NUMBER = re.compile(r"(^|\.)(0x[0-9a-f]*|[0-9]+)\.?$", re.IGNORECASE)


class UnsafeUrl(ValueError):
    """A URL that must not be called; the message names the fault and the mend.

    ``advice``: what an operator may set to allow it, which is nothing to tell a caller of the API.
    """

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.advice = advice

    @property
    def for_operators(self) -> str:
        """The message, and what an operator may do besides."""
        return f"{self} {self.advice}".strip()


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart once. ``path`` holds the query too; ``host`` is a name or an address without brackets."""

    scheme: str
    host: str
    port: int
    path: str


@dataclass(frozen=True, slots=True)
class Route:
    """A target and the addresses that were found to be allowed; nothing else may be connected to."""

    target: Target
    addresses: tuple[str, ...]


def check_url(url: str, *, allow_http: bool, allow_networks: Sequence[str], section: str = "webhooks") -> Target:
    """Takes ``url`` apart and checks all that can be known without asking DNS.

    ``section`` of the configuration is the one that the advice names as the place to allow more.

    Raises UnsafeUrl: another scheme than https (or http, where allowed), user information, a fragment, characters
    that do not belong into a URL, a port that is not a web server's, a host that is an internal address or a number.
    """
    if not url.isascii() or any(char <= " " or char in '\\"<>^`{|}\x7f' for char in url):
        raise UnsafeUrl("The URL holds characters that must be percent-encoded; write a host name in its xn-- form.")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise UnsafeUrl(f"This is not a URL ({error}). Write it like https://example.com/path.") from error
    scheme = _checked_scheme(parts.scheme, allow_http, section)
    if "@" in parts.netloc:
        raise UnsafeUrl("The URL holds a user name or a password. Remove them.")
    if "#" in url:
        raise UnsafeUrl("The URL holds a fragment (#…), which is never sent. Remove it.")
    host = _checked_host(parts.hostname or "", allow_networks, section)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(scheme, host, _checked_port(port, scheme), path)


def find_route(
    url: str,
    *,
    allow_http: bool,
    allow_networks: Sequence[str],
    section: str = "webhooks",
    resolve: Resolver | None = None,
) -> Route:
    """Checks ``url`` and every address its host has now.

    Raises UnsafeUrl when one of them is not allowed, and OSError when the host cannot be resolved.
    """
    target = check_url(url, allow_http=allow_http, allow_networks=allow_networks, section=section)
    found = tuple(dict.fromkeys((resolve or system_resolve)(target.host, target.port)))
    for address in found:
        if not is_allowed(ipaddress.ip_address(address), allow_networks):
            raise _not_public(f"{target.host} is at {address}, which is not a public address.", section)
    if not found:
        raise OSError(f"{target.host} has no address")
    return Route(target, found)


def system_resolve(host: str, port: int) -> list[str]:
    """Every address that the system's resolver gives for ``host``. Raises OSError."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def is_allowed(address: Address, allow_networks: Sequence[str]) -> bool:
    """Whether we may connect to ``address``: public, or inside one of ``allow_networks`` (CIDR).

    An IPv4 address inside an IPv6 one (mapped, NAT64) is judged as what it is; other forms that embed one, such as
    6to4 and Teredo, are never public.
    """
    address = _unwrapped(address)
    if any(address in ipaddress.ip_network(network, strict=False) for network in allow_networks):
        return True
    if isinstance(address, ipaddress.IPv6Address) and address not in PUBLIC_IPV6:
        return False
    return not any(address in block for block in NOT_PUBLIC)


def _unwrapped(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def _checked_scheme(scheme: str, allow_http: bool, section: str) -> str:
    if scheme == "http" and not allow_http:
        advice = f"Or set {section}.allow_http, on a network of your own."
        raise UnsafeUrl("The URL is not encrypted. Use https.", advice)
    if scheme not in WEB_PORTS:
        raise UnsafeUrl(f"The URL must begin with https://{' or http://' if allow_http else ''}.")
    return scheme


def _checked_port(port: int | None, scheme: str) -> int:
    if port is None:
        return WEB_PORTS[scheme]
    if port in WEB_PORTS.values() or port >= FIRST_UNPRIVILEGED_PORT:
        return port
    raise UnsafeUrl(f"Port {port} is not a web server's. Use 443, 80 or one from {FIRST_UNPRIVILEGED_PORT} on.")


def _checked_host(host: str, allow_networks: Sequence[str], section: str) -> str:
    address = _literal(host)
    if address is not None:
        if not is_allowed(address, allow_networks):
            raise _not_public(f"{host} is not a public address.", section)
        return str(address)
    if _ENDS_IN_NUMBER.search(host):
        raise UnsafeUrl(f"{host!r} is an address in disguise. Write it in its usual form, or use a name.")
    if not _HOST_NAME.fullmatch(host) or len(host) > 253:
        raise UnsafeUrl(f"{host!r} is not a host name. Write the URL like https://example.com/path.")
    return host


def _literal(host: str) -> Address | None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    # A zone (fe80::1%eth0) names one of our own interfaces.
    return None if isinstance(address, ipaddress.IPv6Address) and address.scope_id else address


def _not_public(fault: str, section: str) -> UnsafeUrl:
    return UnsafeUrl(f"{fault} Use a public one.", f"Or name its network in {section}.allow_networks.")
