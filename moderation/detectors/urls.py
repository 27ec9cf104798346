"""Step 3, what is suspicious about the links in a text. Looks at the address only; visits nothing."""

import hashlib
import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self
from urllib.parse import unquote

from moderation.detectors.base import (
    Detection,
    Detector,
    DetectorConfigError,
    Evidence,
    Sample,
    TermListSpec,
    refuse_unknown_options,
)
from moderation.detectors.domain_lists import is_listed, listed_domains, read_domain
from moderation.detectors.domains import ProtectedNames, mixes_scripts, readable
from moderation.detectors.links import RISKY_ENDINGS, Link, find_links, may_hold_links
from moderation.enums import Category, TermListKind

_VERSION = "urls-3"

_SHORTENERS = """
bit.ly tinyurl.com goo.gl t.co is.gd ow.ly buff.ly rebrand.ly cutt.ly shorturl.at rb.gy tiny.cc t.ly bl.ink v.gd s.id
lnkd.in adf.ly shorte.st qr.ae soo.gd short.io shorturl.com tinyurl.is u.to clck.ru vk.cc t2m.io cli.re ouo.io bc.vc
gg.gg urlz.fr qrco.de shrtco.de 1url.com x.gd da.gd surl.li trib.al dlvr.it
"""
_SHORTENER_HOSTS = frozenset(_SHORTENERS.split())
_PROGRAMS = (".exe", ".scr", ".apk", ".bat", ".cmd", ".msi", ".vbs", ".jar", ".ps1", ".hta")
_BAIT = ("login", "signin", "verify", "secure", "account", "wallet", "password", "webscr", "bonus", "airdrop")

_WEIGHTS = {
    "blocked domain": 1.0,
    "script or data address": 0.9,
    "name before the host": 0.8,
    "letters of several scripts": 0.8,
    "look-alike domain": 0.75,
    "hidden characters": 0.7,
    "numeric host": 0.6,
    "brand in another domain": 0.5,
    "program to download": 0.5,
    "encoded host": 0.5,
    "punycode host": 0.45,
    "link shortener": 0.35,
    "leads on to another host": 0.35,
    "spelled out": 0.3,
    "cheap domain ending": 0.3,
    "bait words": 0.25,
    "disguised scheme": 0.25,
    "unusual port": 0.2,
    "deep subdomains": 0.2,
}
_LEADS_ON = re.compile(
    r"[?&;](?:u|url|uri|to|next|dest(?:ination)?|redir(?:ect)?(?:_?ur[il])?|return(?:_?(?:to|url))?|goto|target|link|out"
    r"|continue|forward|callback|r|q)=(?:https?:)?[/\\]{2,9}([^/\\?#&\s]{1,253})",
    re.IGNORECASE,
)
_HIDDEN = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BEFORE_HOST = re.compile(r"^[^:/?#\\]*:[/\\]+")
_LONGEST_PATH = 2_000  # characters of a path that are looked at
_MANY, _VERY_MANY = (5, 0.35), (15, 0.6)


class UrlsDetector(Detector):
    """Options: ``block_domains``, ``allow_domains`` and ``protect_domains``, lists of names.

    A blocked or allowed name stands for its subdomains too. A protected one is the site's own, or another that its
    users know: a domain that looks like it is suspicious. Term lists of the kinds ``allowed domains`` and ``protected
    domains`` add to them; those of blocked domains are the detector term_lists'.
    """

    name = "urls"
    quick = True
    categories = frozenset({Category.URL_RISK.value})

    def __init__(self, block: frozenset[str], allow: frozenset[str], protect: frozenset[str]) -> None:
        self.version = _version(block, allow, protect)
        self._block = block
        self._allow = allow | protect
        self._protected = ProtectedNames(protect)

    @classmethod
    def build(cls, options: Mapping[str, Any], term_lists: Sequence[TermListSpec]) -> Self:
        refuse_unknown_options(cls.name, options, ("block_domains", "allow_domains", "protect_domains"))
        return cls(
            _domains(options, "block_domains"),
            _domains(options, "allow_domains") | listed_domains(term_lists, TermListKind.ALLOWED_DOMAINS),
            _domains(options, "protect_domains") | listed_domains(term_lists, TermListKind.PROTECTED_DOMAINS),
        )

    def detect(self, samples: Sequence[Sample]) -> list[list[Detection]]:
        """One detection for a text with a suspicious link, or with many links."""
        return [self._detect(sample.text) for sample in samples]

    def _detect(self, text: str) -> list[Detection]:
        if not may_hold_links(text):
            return []
        links = [link for link in find_links(text) if not is_listed(readable(link.host), self._allow)]
        found = [(link, self._reasons(link)) for link in links]
        scores = [_together(reasons) for _, reasons in found]
        for least, score in (_MANY, _VERY_MANY):
            if len(links) >= least:
                scores.append(score)
        score = max(scores, default=0.0)
        if not score:
            return []
        return [Detection(Category.URL_RISK.value, round(score, 4), tuple(self._evidence(found, len(links))))]

    def _evidence(self, found: Sequence[tuple[Link, list[str]]], count: int) -> Iterator[Evidence]:
        many = ["many links"] if count >= _MANY[0] else []
        for link, reasons in found:
            if reasons or many:
                yield Evidence(Category.URL_RISK.value, link.start, link.end, self.name, ", ".join(reasons or many))

    def _reasons(self, link: Link) -> list[str]:
        """Everything that speaks against the link, by the names of _WEIGHTS."""
        if link.scheme in ("javascript", "vbscript", "data"):
            return ["script or data address"]
        host = readable(link.host)
        imitation = self._protected.imitated_by(host)
        checks = {
            "blocked domain": is_listed(host, self._block),
            "name before the host": bool(link.userinfo) and bool(link.scheme),
            "letters of several scripts": mixes_scripts(host),
            "look-alike domain": imitation == "look-alike domain",
            "hidden characters": _HIDDEN.search(_written_host(link)) is not None,
            "numeric host": _is_numeric(link.host),
            "brand in another domain": imitation == "brand in another domain",
            "program to download": link.path.lower().split("?")[0].endswith(_PROGRAMS),
            "encoded host": "%" in _written_host(link),
            "punycode host": "xn--" in link.host,
            "link shortener": is_listed(link.host, _SHORTENER_HOSTS),
            "leads on to another host": _leads_on(link),
            "spelled out": link.spelled_out,
            "cheap domain ending": link.host.rpartition(".")[2] in RISKY_ENDINGS,
            "bait words": any(word in link.host for word in _BAIT),
            "disguised scheme": link.scheme.startswith("hxxp"),
            "unusual port": link.port not in ("", "80", "443", "8080", "8443"),
            "deep subdomains": link.host.count(".") >= 5 and not _is_numeric(link.host),
        }
        return [reason for reason, holds in checks.items() if holds]


def _written_host(link: Link) -> str:
    """The host and port as they stand in the text, where a disguise still shows."""
    authority = re.split(r"[/?#\\]", _BEFORE_HOST.sub("", link.written), maxsplit=1)[0]
    return authority.rpartition("@")[2]


def _is_numeric(host: str) -> bool:
    """An address instead of a name, as browsers read it: dotted, decimal, octal, hexadecimal, IPv6."""
    if re.fullmatch(r"(?:0x[0-9a-f]+|\d+)(?:\.(?:0x[0-9a-f]+|\d+)){0,3}", host):
        return True
    if ":" not in host:
        return False
    try:
        ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _leads_on(link: Link) -> bool:
    """Whether the address carries another host as its target, plain or escaped once or twice."""
    path = link.path[:_LONGEST_PATH]
    for _ in range(3):
        for match in _LEADS_ON.finditer(path):
            target = match[1].rpartition("@")[2].partition(":")[0].lower()
            if target.removeprefix("www.") != link.host.removeprefix("www."):
                return True
        path = unquote(path)
    return False


def _together(reasons: Sequence[str]) -> float:
    """Several weak reasons add up: the chance that at least one of them is right."""
    innocent = 1.0
    for reason in reasons:
        innocent *= 1 - _WEIGHTS[reason]
    return 1 - innocent


def _domains(options: Mapping[str, Any], key: str) -> frozenset[str]:
    given = options.get(key, ())
    if isinstance(given, str) or not all(isinstance(name, str) and name.strip(" .") for name in given):
        raise DetectorConfigError(f"Detector urls: {key} must be a list of domain names, such as [example.com].")
    return frozenset(read_domain(name, f"Detector urls: {key}") for name in given)


def _version(*lists: frozenset[str]) -> str:
    if not any(lists):
        return _VERSION
    return f"{_VERSION}-{hashlib.sha256(repr([sorted(names) for names in lists]).encode()).hexdigest()[:8]}"
