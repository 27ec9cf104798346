"""Step 3, personal data: e-mail addresses, plain or spelled out, and addresses of machines."""

import ipaddress
import re
from collections.abc import Iterator

from moderation.detectors.pii.finding import Finding, PlainText

_EMAIL = re.compile(
    r"(?<![\w+%-])[\w+%'-][\w.+%'-]{0,63}@(?:[^\W_][\w-]{0,62}\.){1,8}(?:xn--[\w-]{2,59}|[^\W\d_]{2,24})(?![\w@])"
)
# The ideographic full stop parts the labels of an address, too; before anything else it ends a sentence.
_IDEOGRAPHIC_DOT = re.compile(r"(?<=[a-z0-9])[\u3002\uff61](?=[a-z0-9-]{2,63}(?!\w))", re.IGNORECASE)
_MAYBE_SPELLED = re.compile(r"[@\[({<]|\bat\b|\barroba\b")
# "name at domain dot com", "name [at] domain . com": each sign plain, in brackets or as a word.
_AT = r"(?: ?[\[({<] ?(?:@|at|arroba|a) ?[\])}>] ?| @ ?|@ | (?:at|arroba) )"
_DOT = r"(?: ?[\[({<] ?(?:\.|dot|punto|punkt|point) ?[\])}>] ?| (?:dot|punto|punkt) | ?\. ?)"
_SPELLED = re.compile(
    rf"(?<![\w.+%-])([a-z0-9][\w+%-]{{0,40}}(?:(?:\.| dot | ?[\[({{]dot[\])}}] ?)[\w+%-]{{1,40}}){{0,3}})({_AT})"
    rf"([a-z0-9][a-z0-9-]{{0,62}}(?:{_DOT}[a-z0-9-]{{1,63}}){{0,2}})({_DOT})([a-z]{{2,12}})(?!\w)"
)
_ENDING_WORDS = """
com net org edu gov info biz io co me app dev uk us ca au de fr es it nl be ch at se no fi dk pl cz ru br in jp eu ie nz
pt mx za online site xyz email mail
"""
_ENDINGS = frozenset(_ENDING_WORDS.split())
_MAILBOXES = re.compile(
    r"\b(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|live|icloud|proton|protonmail|aol|gmx|web|mail|yandex|zoho"
    r"|fastmail|tutanota)\b"
)
# Words that stand before "at example dot com" in plain speech.
_PLAIN_SPEECH = """
look looking looked is are was were be me us you him her it them see buy bought sell sold stay shop order available
here there work works worked working read found find start ends visit and or not sign up arrive meet register apply
get got posted published hosted out online live down back site website page blog store more info information details
only also now today go ask contact mail email write reach
"""
_NOT_A_NAME = frozenset(_PLAIN_SPEECH.split())

_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_IPV4 = re.compile(rf"(?<![\w.])(?:{_BYTE}\.){{3}}{_BYTE}(?!\w|\.\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?=[0-9a-fA-F:]{0,4}:)[0-9a-fA-F:]{2,39}(?:%\w{1,15})?(?![\w:])")
_MAC = re.compile(r"(?<![\w:-])[0-9a-fA-F]{2}([:-])(?:[0-9a-fA-F]{2}\1){4}[0-9a-fA-F]{2}(?![\w:-])")
_VERSION = re.compile(r"(?:\bv|\bver(?:sion)?|\bsection|\brelease|\bbuild|\bfirmware)[ .:]*$")
_LEAST_GROUPS = 3  # "a::b" is code more often than an address


def find_emails(plain: PlainText) -> Iterator[Finding]:
    """Addresses with an @, and those spelled out. A sentence such as "look at example dot com" is none."""
    if "@" in plain.text:
        for match in _EMAIL.finditer(_IDEOGRAPHIC_DOT.sub(".", plain.text)):
            yield Finding("email", match.start(), match.end(), 0.98)
    if _MAYBE_SPELLED.search(plain.lower):
        yield from _find_spelled(plain)


def _find_spelled(plain: PlainText) -> Iterator[Finding]:
    for match in _SPELLED.finditer(plain.lower):
        name, at, domain, dot, ending = match.groups()
        if ending not in _ENDINGS or name in _NOT_A_NAME:
            continue
        signs = sum(any(c in sign for c in "[({<") or sign.strip() == "@" for sign in (at, dot))
        spelled = bool(dot.strip(" .") or at.strip() != "@")
        if not (signs or dot.strip() != "."):
            continue  # "at the office. It" is two sentences
        if "@" in at and dot == ". " and not _MAILBOXES.search(domain):
            continue
        sure = signs == 2 or _MAILBOXES.search(domain) is not None
        yield Finding("email", match.start(), match.end(), 0.9 if sure or not spelled else 0.7)


def find_machine_addresses(plain: PlainText) -> Iterator[Finding]:
    """IPv4, IPv6 and MAC addresses. One of a private or reserved network says little about a person."""
    if plain.text.count(".") >= 3:
        for match in _IPV4.finditer(plain.text):
            if not _VERSION.search(plain.lower[max(0, match.start() - 20) : match.start()]):
                yield Finding("ip_address", *match.span(), _sure_of(match[0]))
    if plain.text.count(":") >= 2:
        for match in _IPV6.finditer(plain.text):
            address = match[0].partition("%")[0]
            if sum(map(bool, address.split(":"))) >= _LEAST_GROUPS and _sure_of(address):
                yield Finding("ip_address", *match.span(), _sure_of(address))
    if plain.text.count(":") >= 5 or plain.text.count("-") >= 5:
        for match in _MAC.finditer(plain.text):
            yield Finding("mac_address", *match.span(), 0.95)


def _sure_of(address: str) -> float:
    try:
        return 0.95 if ipaddress.ip_address(address).is_global else 0.5
    except ValueError:
        return 0.0
