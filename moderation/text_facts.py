"""From readings to facts: what a policy may ask about a text that the detectors have read."""

from collections.abc import Mapping
from typing import Any

from moderation.detectors.base import DetectionReport
from moderation.policy.facts import HASH_BANKS, TERM_LISTS, AuthorFacts, Facts, language_of


def facts_of(
    report: DetectionReport,
    *,
    text: str,
    language: str = "",
    author: AuthorFacts | None = None,
    metadata: Mapping[str, Any] | None = None,
    near_duplicates: int = 0,
) -> Facts:
    """What a policy may ask about a text that was read. ``language`` is what the client declared, a BCP 47 tag."""
    hits = frozenset(e.detail for e in report.evidence if e.detector == TERM_LISTS)
    return Facts(
        scores=report.scores,
        unavailable=report.unavailable,
        not_covered=frozenset(report.not_covered),
        text=text,
        language=language_of(language, report.language),
        author=author,
        metadata=metadata or {},
        term_lists=None if TERM_LISTS in report.failures else hits,
        hash_banks=None if HASH_BANKS in report.failures else _bank_hits(report),
        near_duplicates=near_duplicates,
    )


def _bank_hits(report: DetectionReport) -> dict[str, str]:
    """The hash banks that know one of the images, each with its action; evidence says ``block:<name>``."""
    hits = (e.detail.partition(":") for e in report.evidence if e.detector == HASH_BANKS)
    return {name: action for action, _, name in hits}
