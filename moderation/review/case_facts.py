"""Step 6, what a routing judges: the facts of a case, put together again from what is stored of its content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from django.db.models import prefetch_related_objects

from moderation.author_facts import author_facts
from moderation.enums import CaseSource
from moderation.models import Content, ModerationResult
from moderation.near_duplicates.reading import count_near_duplicates
from moderation.policy.facts import HASH_BANKS, TERM_LISTS, AuthorFacts, Facts, language_of
from moderation.policy.operators import Kind
from moderation.policy.plain_facts import Fact


@dataclass(frozen=True, slots=True)
class Subject:
    """A content that needs a person, and why: what the policy's rule says, and how many users report it."""

    content: Content
    result: ModerationResult | None
    queue_slug: str
    severity: int
    reporters: int = 0
    source: str = CaseSource.POLICY


@dataclass(frozen=True, slots=True)
class CaseFacts(Facts):
    """The facts of a policy, and those that only a case has. ``queue`` is the one that the policy's rule names."""

    client: str = ""
    rule: str = ""
    queue: str = ""
    severity: int = 0
    reports: int = 0
    source: str = CaseSource.POLICY
    reach: int | None = None


CASE_FACTS: dict[str, Fact] = {
    "client": Fact(Kind.WORD, attrgetter("client")),
    "rule": Fact(Kind.WORD, attrgetter("rule")),
    "queue": Fact(Kind.WORD, attrgetter("queue")),
    "severity": Fact(Kind.NUMBER, attrgetter("severity")),
    "reports": Fact(Kind.NUMBER, attrgetter("reports")),
    "source": Fact(Kind.WORD, attrgetter("source"), (CaseSource.POLICY.value, CaseSource.REPORT.value)),
    "author.reach": Fact(Kind.NUMBER, attrgetter("reach")),
}
"""What a routing may ask about beside the facts of a policy."""


def facts_of_cases(subjects: Sequence[Subject]) -> list[CaseFacts]:
    """The facts of each, in order, in a constant number of queries."""
    contents = [subject.content for subject in subjects]
    prefetch_related_objects(contents, "client", "author")
    authors = author_facts(contents)
    alike = count_near_duplicates([content.pk for content in contents])
    return [_facts(subject, authors, alike) for subject in subjects]


def _facts(subject: Subject, authors: Mapping[int | None, AuthorFacts], alike: Mapping[UUID, int]) -> CaseFacts:
    content, result = subject.content, subject.result
    failures, evidence = (result.failures, result.evidence) if result else ({}, [])
    banks = [span["detail"].partition(":") for span in evidence if span["detector"] == HASH_BANKS]
    return CaseFacts(
        scores=result.scores if result else {},
        not_covered=frozenset(result.not_covered if result else ()),
        text=content.text,
        language=language_of(content.language, result.language if result else ""),
        author=authors.get(content.author_id),
        metadata=content.metadata,
        term_lists=None
        if TERM_LISTS in failures
        else frozenset(span["detail"] for span in evidence if span["detector"] == TERM_LISTS),
        hash_banks=None if HASH_BANKS in failures else {name: action for action, _, name in banks},
        near_duplicates=alike.get(content.pk, 0),
        client=content.client.name,
        rule=result.rule if result else "",
        queue=subject.queue_slug,
        severity=subject.severity,
        reports=subject.reporters,
        source=subject.source,
        reach=content.author.reach if content.author else None,
    )
