"""Step 3, domain names: how a reader sees them, who registered them, and which well-known name they imitate."""

import functools
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Protocol, cast

from moderation.detectors.lookalikes import LATIN_LOOKALIKES, SCRIPT_LOOKALIKES

# Names that are imitated most: payment, mail, shops, parcels, games, coins. A site adds its own.
_WELL_KNOWN = """
paypal.com google.com gmail.com youtube.com facebook.com instagram.com whatsapp.com telegram.org twitter.com tiktok.com
linkedin.com microsoft.com outlook.com office.com apple.com icloud.com amazon.com netflix.com spotify.com ebay.com
dropbox.com github.com discord.com steampowered.com steamcommunity.com roblox.com epicgames.com binance.com coinbase.com
metamask.io blockchain.com kraken.com wellsfargo.com bankofamerica.com barclays.co.uk santander.com revolut.com wise.com
fedex.com usps.com royalmail.com docusign.com adobe.com wikipedia.org
"""
WELL_KNOWN_DOMAINS = frozenset(_WELL_KNOWN.split())
_LEAST_LETTERS = 5  # shorter names are one letter from too many words
_DRAWN_ALIKE = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_DIGITS = str.maketrans("0135$", "oless")
_OTHER_ONE = str.maketrans("1", "i")


class _SuffixList(Protocol):
    def privatesuffix(self, domain: str) -> str | None: ...
    def publicsuffix(self, domain: str, accept_unknown: bool | None = None) -> str | None: ...


@functools.cache
def _suffixes() -> _SuffixList:
    # Three megabytes: only a process that reads texts pays for them. The list comes with the package.
    from publicsuffixlist import PublicSuffixList

    return cast(_SuffixList, PublicSuffixList(only_icann=True))


def readable(host: str) -> str:
    """The host with its punycode labels as their letters; a label that cannot be decoded stays as it is."""
    return ".".join(map(_decoded, host.split("."))) if "xn--" in host else host


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:63].encode("ascii").decode("punycode").lower()
    except (UnicodeError, OverflowError):
        return label


def registered_name(host: str) -> str:
    """The domain that somebody registered, ``example.co.uk`` for ``shop.example.co.uk``; empty where there is none."""
    return _suffixes().privatesuffix(host) or ""


def is_public_ending(ending: str) -> bool:
    """Whether the last label is one that exists."""
    return _suffixes().publicsuffix(f"name.{ending}", accept_unknown=False) is not None


def mixes_scripts(host: str) -> bool:
    """A label in letters of Latin and of another alphabet, or all in look-alikes under a Latin ending."""
    *labels, ending = host.split(".")
    for label in labels:
        foreign = [c for c in label if not c.isascii() and c.isalpha()]
        alike = [c for c in foreign if c in SCRIPT_LOOKALIKES]
        latin = any(c.isascii() and c.isalpha() for c in label)
        if latin and any(_is_alphabetic_other(c) for c in foreign):
            return True
        if alike and (latin or len(alike) == len(foreign)) and ending.isascii():
            return True
    return False


def _is_alphabetic_other(character: str) -> bool:
    return unicodedata.name(character, "").startswith(("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"))


class ProtectedNames:
    """The names that others must not pass for: the well-known ones and those of the site."""

    def __init__(self, domains: Iterable[str]) -> None:
        self._domains = frozenset(domains) | WELL_KNOWN_DOMAINS
        self._names = {_name_of(domain): domain for domain in sorted(self._domains)}
        self._near: dict[str, str] = {}
        for name in self._names:
            if len(name) >= _LEAST_LETTERS:
                for shape in _deletions(name):
                    self._near.setdefault(shape, name)

    def imitated_by(self, host: str) -> str:
        """How a readable host imitates: ``look-alike domain``, ``brand in another domain``, or empty."""
        registered = registered_name(host)
        if not registered or registered in self._domains:
            return ""
        own = registered.partition(".")[0]
        if own in self._names:
            return ""  # the same name under another ending is mostly the same house
        if self._is_drawn_like(own) or self._is_a_letter_away(own):
            return "look-alike domain"
        words = set(re.split(r"[.-]", host.removesuffix("." + registered.partition(".")[2])))
        if any(len(word) >= _LEAST_LETTERS and word in self._names for word in words - {own}):
            return "brand in another domain"
        return ""

    def _is_drawn_like(self, name: str) -> bool:
        return any(drawn != name and drawn in self._names for drawn in _drawn(name))

    def _is_a_letter_away(self, name: str) -> bool:
        """One letter more, less, another or two swapped: both have a deletion in common and differ by no more."""
        if not _LEAST_LETTERS <= len(name) <= 40:
            return False
        near = {self._near[shape] for shape in _deletions(name) if shape in self._near}
        return any(_one_edit_apart(name, other) for other in near)


def _name_of(domain: str) -> str:
    return (registered_name(domain) or domain).partition(".")[0]


def _drawn(name: str) -> Iterator[str]:
    """The plain Latin names that a name may be read as."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    folded = "".join(LATIN_LOOKALIKES.get(c, SCRIPT_LOOKALIKES.get(c, c)) for c in bare)
    for plain in (folded, folded.translate(_DIGITS), folded.translate(_OTHER_ONE).translate(_DIGITS)):
        yield plain
        joined = plain
        for drawn, letter in _DRAWN_ALIKE:
            yield plain.replace(drawn, letter)
            joined = joined.replace(drawn, letter)
        yield joined


def _deletions(name: str) -> set[str]:
    return {name, *(name[:place] + name[place + 1 :] for place in range(len(name)))}


def _one_edit_apart(one: str, other: str) -> bool:
    if one == other:
        return False
    longest = min(len(one), len(other))
    start = next((place for place in range(longest) if one[place] != other[place]), longest)
    a, b = one[start:], other[start:]
    swapped = len(a) == len(b) and len(a) > 1 and a[:2] == b[1::-1] and a[2:] == b[2:]
    return swapped or a[1:] == b[1:] or a[1:] == b or a == b[1:]
