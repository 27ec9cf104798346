"""Step 3, what is suspicious about the links in a text. Looks at the address only; visits nothing."""

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

from moderation.detectors.base import (
    Detection,
    Detector,
    DetectorConfigError,
    Evidence,
    Sample,
    TermListSpec,
    refuse_unknown_options,
)
from moderation.detectors.links import RISKY_ENDINGS, Link, find_links, may_hold_links
from moderation.detectors.lookalikes import SCRIPT_LOOKALIKES
from moderation.enums import Category

_VERSION = "urls-1"

_SHORTENERS = """
bit.ly tinyurl.com goo.gl t.co is.gd ow.ly buff.ly rebrand.ly cutt.ly shorturl.at rb.gy tiny.cc t.ly bl.ink v.gd s.id
lnkd.in adf.ly shorte.st qr.ae soo.gd
"""
_SHORTENER_HOSTS = frozenset(_SHORTENERS.split())
_PROGRAMS = (".exe", ".scr", ".apk", ".bat", ".cmd", ".msi", ".vbs", ".jar", ".ps1", ".hta")
_BAIT = ("login", "signin", "verify", "secure", "account", "wallet", "password", "webscr", "bonus", "airdrop")

_WEIGHTS = {
    "blocked domain": 1.0,
    "script or data address": 0.9,
    "name before the host": 0.8,
    "letters of several scripts": 0.8,
    "numeric host": 0.6,
    "program to download": 0.5,
    "encoded host": 0.5,
    "punycode host": 0.45,
    "link shortener": 0.35,
    "cheap domain ending": 0.3,
    "bait words": 0.25,
    "disguised scheme": 0.25,
    "unusual port": 0.2,
    "deep subdomains": 0.2,
}
_MANY, _VERY_MANY = (5, 0.35), (15, 0.6)


class UrlsDetector(Detector):
    """Options: ``block_domains`` and ``allow_domains``, lists of names; each stands for its subdomains too."""

    name = "urls"
    categories = frozenset({Category.URL_RISK.value})

    def __init__(self, block: frozenset[str], allow: frozenset[str]) -> None:
        self.version = f"{_VERSION}+{len(block)}-{len(allow)}" if block or allow else _VERSION
        self._block = block
        self._allow = allow

    @classmethod
    def build(cls, options: Mapping[str, Any], term_lists: Sequence[TermListSpec]) -> Self:
        refuse_unknown_options(cls.name, options, ("block_domains", "allow_domains"))
        return cls(_domains(options, "block_domains"), _domains(options, "allow_domains"))

    def detect(self, samples: Sequence[Sample]) -> list[list[Detection]]:
        """One detection for a text with a suspicious link, or with many links."""
        return [self._detect(sample.text) for sample in samples]

    def _detect(self, text: str) -> list[Detection]:
        if not may_hold_links(text):
            return []
        links = [link for link in find_links(text) if not _listed(link.host, self._allow)]
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
        checks = {
            "blocked domain": _listed(link.host, self._block),
            "name before the host": bool(link.userinfo) and bool(link.scheme),
            "letters of several scripts": _mixes_scripts(link.host),
            "numeric host": _is_numeric(link.host),
            "program to download": link.path.lower().split("?")[0].endswith(_PROGRAMS),
            "encoded host": "%" in link.host,
            "punycode host": "xn--" in link.host,
            "link shortener": _listed(link.host, _SHORTENER_HOSTS),
            "cheap domain ending": link.host.rpartition(".")[2] in RISKY_ENDINGS,
            "bait words": any(word in link.host for word in _BAIT),
            "disguised scheme": link.scheme.startswith("hxxp"),
            "unusual port": link.port not in ("", "80", "443", "8080", "8443"),
            "deep subdomains": link.host.count(".") >= 5 and not _is_numeric(link.host),
        }
        return [reason for reason, holds in checks.items() if holds]


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


def _mixes_scripts(host: str) -> bool:
    """A label with Latin letters beside look-alikes of another script, or made of look-alikes under a Latin ending."""
    for label in host.split(".")[:-1]:
        foreign = [c for c in label if not c.isascii() and c.isalpha()]
        alike = [c for c in foreign if c in SCRIPT_LOOKALIKES]
        latin = any(c.isascii() and c.isalpha() for c in label)
        if alike and (latin or len(alike) == len(foreign)) and host.rpartition(".")[2].isascii():
            return True
    return False


def _together(reasons: Sequence[str]) -> float:
    """Several weak reasons add up: the chance that at least one of them is right."""
    innocent = 1.0
    for reason in reasons:
        innocent *= 1 - _WEIGHTS[reason]
    return 1 - innocent


def _listed(host: str, domains: frozenset[str]) -> bool:
    """Whether the host or a domain above it is in the set."""
    while host and domains:
        if host in domains:
            return True
        host = host.partition(".")[2]
    return False


def _domains(options: Mapping[str, Any], key: str) -> frozenset[str]:
    given = options.get(key, ())
    if isinstance(given, str) or not all(isinstance(name, str) and name.strip(" .") for name in given):
        raise DetectorConfigError(f"Detector urls: {key} must be a list of domain names, such as [example.com].")
    return frozenset(name.strip(" .").lower() for name in given)
