"""Step 3, finds the links of a text and takes them apart, in linear time on any text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import re2

from moderation.detectors.hosts import as_browsers_read, resolved

_MOST_LINKS = 200
_LONGEST_HOST = 253  # the limit of the domain name system

# Cheap first look, at the text as it is written: without one of these there is no link.
_MAYBE = re.compile(
    r"[:\ufe13\ufe55\uff1a][/\\\uff0f\uff3c]|(?:javascript|vbscript|data):"
    r"|[a-z0-9\u0080-\U0010ffff][.\u2024\u3002\ufe52\uff0e\uff61][a-z0-9\u0080-\U0010ffff]"
    r"|[\[({<] ?(?:\.|dot) ?[\])}>]| dot [a-z]",
    re.IGNORECASE,
)
_LINK = re2.compile(
    r"(?i)\b(?:(?:https?|ftp|hxxps?):[/\\]+[^\s<>\"]+"
    r"|https?:[\p{L}\p{N}%-]+\.[^\s<>\"]+"
    r"|(?:javascript|vbscript|data):[^\s<>\"]{3}[^\s<>\"]*"
    r"|www\.[^\s<>\"]+"
    r"|(?:[\p{L}\p{N}][\p{L}\p{N}-]*\.)+(?:xn--[a-z0-9-]+|[a-z]{2,24})(?::\d{1,5})?(?:/[^\s<>\"]*)?)"
)
# "example dot com", "example[.]com", "example (dot) com /path": the ending must be a common one.
_SPELLED = re2.compile(
    r"(?i)\b(?:(?:https?|hxxps?)(?:://|\[:\]//))?[a-z0-9][a-z0-9-]*"
    r"(?:(?: ?[\[({<] ?(?:\.|dot|punto) ?[\])}>] ?| dot |\.)[a-z0-9-]+)+(?: ?/[^\s<>\"]*)?"
)
_SCHEME = re.compile(r"(?i)(https?|ftp|hxxps?):[/\\]*")  # browsers take any number of slashes, of either kind
_SPELLED_DOT = re.compile(r" ?[\[({<] ?(?:\.|dot|punto) ?[\])}>] ?| dot ", re.IGNORECASE)
_PLAIN_SPEECH = frozenset(("the", "a", "an", "this", "that", "of", "in", "big", "first", "every"))  # "the dot com era"
_TRAILING = ".,;:!?'\")]}>…"

# Endings that are cheap to register in bulk.
_RISKY = """
tk ml ga cf gq top xyz click loan win bid work party review stream download racing date zip mov cam icu rest monster
quest sbs cfd bond
"""
RISKY_ENDINGS = frozenset(_RISKY.split())
# Endings by which a bare name, without a scheme, is taken for a host and not for a file or a missing space.
_COMMON = """
com org net edu gov mil int info biz io co ai app dev me tv cc uk us ca au de fr es it nl be ch at se no fi dk pl cz ru
ua br mx ar in jp cn kr hk sg nz za ie pt gr eu ly gl gd online site shop store live news blog tk ml ga cf gq top xyz
click loan bid icu cam monster quest sbs cfd download racing
"""
_BARE_ENDINGS = frozenset(_COMMON.split())
_SCRIPT_SCHEMES = ("javascript", "vbscript", "data")


@dataclass(frozen=True, slots=True)
class Link:
    """One address found in a text, split as a browser would. A part that is missing is empty.

    ``host`` is the one that is asked for, disguises undone; ``written`` is the whole link as it stands in the text.
    ``spelled_out``: its dots are words or stand in brackets, so that no machine takes it for a link.
    """

    start: int
    end: int
    scheme: str
    userinfo: str
    host: str
    port: str
    path: str
    spelled_out: bool = False
    written: str = ""


def may_hold_links(text: str) -> bool:
    """False when there is surely no link; cheap."""
    return _MAYBE.search(text) is not None


def find_links(text: str) -> list[Link]:
    """The first 200 links in order, with their places. Bare names count where their ending is a common one."""
    read = as_browsers_read(text)
    links = list(islice(_plain_links(read.text), _MOST_LINKS))
    if len(links) < _MOST_LINKS and _SPELLED_DOT.search(read.text):
        links = _with_spelled_out(links, read.text)
    return [_in_place(link, read.offsets, text) for link in links]


def _plain_links(text: str) -> Iterator[Link]:
    for match in _LINK.finditer(text):
        link = _split(match.group(), match.start(), text)
        if link is not None:
            yield link


def _in_place(link: Link, offsets: Sequence[int], text: str) -> Link:
    """The link with its places in the text as it was written."""
    start, end = offsets[link.start], offsets[link.end - 1] + 1
    return replace(link, start=start, end=end, written=text[start:end])


def _with_spelled_out(links: list[Link], text: str) -> list[Link]:
    """The links and those whose dots are written as words or in brackets."""
    found: list[Link] = []
    for match in _SPELLED.finditer(text):
        link = _split_spelled(_without_trailing_signs(match.group()), match.start(), text)
        if link is not None:
            found.append(link)
            if len(found) == _MOST_LINKS:
                break
    apart = [link for link in links if not any(link.start < other.end and other.start < link.end for other in found)]
    return sorted(apart + found, key=lambda link: link.start)[:_MOST_LINKS]


def _split_spelled(written: str, start: int, text: str) -> Link | None:
    if not _SPELLED_DOT.search(written):
        return None
    scheme, _, rest = written.replace("[:]", ":").rpartition("://")
    host, slash, path = _SPELLED_DOT.sub(".", rest).partition("/")
    host = resolved(host.strip())
    plain_speech = not scheme and host.partition(".")[0] in _PLAIN_SPEECH
    mail = "@" if text[start - 1 : start] == "@" else ""
    if plain_speech or len(host) > _LONGEST_HOST or not _is_bare_host(host, mail):
        return None
    return Link(start, start + len(written), scheme.lower(), "", host, "", slash + path, spelled_out=True)


def _split(found: str, start: int, text: str) -> Link | None:
    found = _without_trailing_signs(found)
    script = found.partition(":")[0].lower()
    if script in _SCRIPT_SCHEMES:
        return Link(start, start + len(found), script, "", "", "", "")
    prefix = _SCHEME.match(found)
    scheme, rest = (prefix[1], found[prefix.end() :]) if prefix else ("", found)
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    userinfo, _, address = authority.rpartition("@")
    host, port = _host_and_port(address)
    if not host or (not scheme and not _is_bare_host(host, text[start - 1 : start])):
        return None
    return Link(start, start + len(found), scheme.lower(), userinfo, host, port, rest[len(authority) :])


def _without_trailing_signs(found: str) -> str:
    """The link without the punctuation of the sentence around it; a bracket opened inside keeps its closing one."""
    bare = found.rstrip(_TRAILING)
    rest = found[len(bare) :]
    return bare + ")" if rest.startswith(")") and bare.count("(") > bare.count(")") else bare


def _host_and_port(address: str) -> tuple[str, str]:
    if address.startswith("["):
        host, _, port = address[1:].partition("]")
        return resolved(host)[-_LONGEST_HOST:], port.lstrip(":")
    host, _, port = address.partition(":")
    return resolved(host)[-_LONGEST_HOST:], port


def _is_bare_host(host: str, before: str) -> bool:
    """Whether a name without a scheme is meant as a link, given the character before it."""
    ending = host.rpartition(".")[2]
    known = ending in _BARE_ENDINGS or ending.startswith("xn--") or host.startswith("www.")
    return known and before not in ("@", ".", "-")
