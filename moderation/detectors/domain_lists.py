"""Step 3, lists of domains: how an operator writes them, and whether a host is in one."""

import re
from collections.abc import Sequence

from moderation.detectors.base import DetectorConfigError, TermListSpec
from moderation.detectors.domains import readable
from moderation.detectors.hosts import resolved

_LABEL = re.compile(r"(?!-)[^\W_](?:[^\W_]|-){0,62}")
_MOST_CHARACTERS = 253  # the limit of the domain name system


def is_listed(host: str, domains: frozenset[str]) -> bool:
    """Whether the host or a domain above it is in the set."""
    while host and domains:
        if host in domains:
            return True
        host = host.partition(".")[2]
    return False


def listed_domains(term_lists: Sequence[TermListSpec], kind: str) -> frozenset[str]:
    """The domains of the site's lists of this kind. Raises DetectorConfigError for what is none."""
    found: set[str] = set()
    for spec in term_lists:
        if spec.kind == kind:
            found.update(read_domain(term, f"Term list {spec.name!r}") for term in spec.terms)
    return frozenset(found)


def read_domain(name: str, where: str) -> str:
    """The domain as links to it are read: lower case, compatibility forms and punycode undone.

    Raises DetectorConfigError, beginning with ``where``, if there is none.
    """
    domain = readable(resolved(name.strip(" .")))
    if not _is_domain(domain):
        raise DetectorConfigError(
            f"{where}: {name!r} is no domain name. Write it without https:// and path: example.com."
        )
    return domain


def _is_domain(name: str) -> bool:
    labels = name.split(".")
    return len(labels) > 1 and len(name) <= _MOST_CHARACTERS and all(_LABEL.fullmatch(label) for label in labels)
