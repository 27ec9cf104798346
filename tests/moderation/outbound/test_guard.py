"""Which URLs and addresses a webhook may go to, as far as can be known without connecting."""

import ipaddress

import pytest

from moderation.outbound.guard import Target, UnsafeUrl, check_url, find_route, is_allowed


def check(url, *, allow_http=False, allow_networks=()):
    return check_url(url, allow_http=allow_http, allow_networks=allow_networks)


def route(url, addresses, allow_networks=()):
    return find_route(url, allow_http=False, allow_networks=allow_networks, resolve=lambda host, port: addresses)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://example.com", Target("https", "example.com", 443, "/")),
        ("https://hooks.example.com:8443/a/b?c=d", Target("https", "hooks.example.com", 8443, "/a/b?c=d")),
        ("https://EXAMPLE.com/%C3%A4", Target("https", "example.com", 443, "/%C3%A4")),
        ("https://8.8.8.8/", Target("https", "8.8.8.8", 443, "/")),
        ("https://[2606:4700::1111]/", Target("https", "2606:4700::1111", 443, "/")),
        ("https://xn--bcher-kva.example/", Target("https", "xn--bcher-kva.example", 443, "/")),
    ],
)
def test_good_url_is_taken_apart(url, target):
    assert check(url) == target


@pytest.mark.parametrize(
    ("allow_http", "allowed"), [(True, "begin with https:// or http://."), (False, "begin with https://.")]
)
def test_another_scheme_is_told_which_are_allowed(allow_http, allowed):
    with pytest.raises(UnsafeUrl, match=allowed):
        check_url("ftp://example.com/", allow_http=allow_http, allow_networks=[])


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://example.com/", "not encrypted"),
        ("ftp://example.com/", "must begin with https"),
        ("file:///etc/passwd", "must begin with https"),
        ("gopher://example.com/", "must begin with https"),
        ("example.com/hook", "must begin with https"),
        ("", "must begin with https"),
        ("https://", "not a host name"),
        ("https:///hook", "not a host name"),
        ("https://user:secret@example.com/", "user name or a password"),
        ("https://example.com@127.0.0.1/", "user name or a password"),
        ("https://@example.com/", "user name or a password"),
        ("https://example.com/#part", "fragment"),
        ("https://example.com/a b", "percent-encoded"),
        ("https://example.com/\r\nhost: x", "percent-encoded"),
        ("https://example.com\\@127.0.0.1/", "percent-encoded"),
        ("https://exämple.com/", "percent-encoded"),
        ("https://example.com:22/", "Port 22"),
        ("https://example.com:0/", "Port 0"),
        ("https://example.com:99999/", "not a URL"),
        ("https://example.com:x/", "not a URL"),
        ("https://[::1/", "not a URL"),
        ("https://exa_mple..com/", "not a host name"),
        ("https://exam%70le.com/", "not a host name"),
        ("https://[fe80::1%25eth0]/", "not a host name"),
    ],
)
def test_bad_url_is_refused_with_the_fault(url, words):
    with pytest.raises(UnsafeUrl, match=words):
        check(url)


def test_http_is_possible_where_it_is_configured():
    assert check("http://example.com/", allow_http=True).port == 80


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "127.1",
        "127.0.1",
        "1",
        "0",
        "017700000001",
        "127.0.0.1.",
    ],
)
def test_address_in_disguise_is_refused(host):
    with pytest.raises(UnsafeUrl, match="in disguise|not a public address"):
        check(f"https://{host}/")


INTERNAL = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
    "172.31.255.255", "192.0.0.1", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1",
    "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1",
]  # fmt: skip


@pytest.mark.parametrize("address", INTERNAL)
def test_internal_address_is_refused(address):
    assert not is_allowed(ipaddress.ip_address(address), [])
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(UnsafeUrl, match="not a public address"):
        check(f"https://{host}/")
    with pytest.raises(UnsafeUrl, match="is at .*, which is not a public address"):
        route("https://example.com/", [address])


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_address_is_allowed(address):
    assert route("https://example.com/", [address]).addresses == (address,)


def test_one_internal_address_among_public_ones_spoils_the_host():
    with pytest.raises(UnsafeUrl, match="is at 10.0.0.1"):
        route("https://example.com/", ["93.184.216.34", "10.0.0.1"])


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203"])
def test_configured_network_is_allowed(address):
    assert route("https://inside.example/", [address], ["10.1.0.0/16"]).addresses == (address,)


def test_configured_network_opens_nothing_else():
    with pytest.raises(UnsafeUrl, match="is not a public address"):
        route("https://inside.example/", ["10.2.0.1"], ["10.1.0.0/16", "fd00::/8"])


@pytest.mark.parametrize(
    ("url", "option"),
    [
        ("https://10.2.0.1/", "Or name its network in webhooks.allow_networks."),
        ("http://a.example/", "webhooks.allow_http"),
    ],
)
def test_what_may_be_configured_is_for_operators_alone(url, option):
    with pytest.raises(UnsafeUrl) as refused:
        check(url)
    assert option in refused.value.for_operators
    assert "allow_" not in str(refused.value)


def test_every_address_is_kept_once_and_in_order():
    assert route("https://example.com/", ["1.1.1.1", "8.8.8.8", "1.1.1.1"]).addresses == ("1.1.1.1", "8.8.8.8")


def test_host_without_an_address_is_not_found():
    with pytest.raises(OSError, match="has no address"):
        route("https://example.com/", [])


def test_system_resolver_is_asked_by_default():
    found = find_route("http://localhost:8080/", allow_http=True, allow_networks=["127.0.0.0/8", "::1/128"])
    assert "127.0.0.1" in found.addresses
