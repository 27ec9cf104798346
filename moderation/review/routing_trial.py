"""Step 6, trying a routing before it counts: which of the last cases a queue would take, and why of one content.

Nothing is written. What a case was when it was opened is put together again from what is stored; the text is today's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from moderation.models import Content, ReviewCase, ReviewQueue
from moderation.policy.engine import RULE_ERRORS
from moderation.policy.facts import Facts
from moderation.policy.schema import DEFAULT_PRIORITY, Condition, Leaf, Truth
from moderation.review.case_facts import Subject, facts_of_cases
from moderation.review.newest import newest_result
from moderation.review.priority import A_REPORTER, REPORTS, SEVERITY, terms_of
from moderation.review.routing import fits, read_routing

MOST_CASES = 500


@dataclass(frozen=True, slots=True)
class Tried:
    """A case that fits the routing. ``earlier`` is the queue that takes it all the same, for it is asked before."""

    case: ReviewCase
    earlier: ReviewQueue | None


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of ``tried`` cases: those that fit, the newest first."""

    tried: int
    fitting: list[Tried]

    @property
    def would_come(self) -> int:
        """How many the queue would get."""
        return sum(one.earlier is None for one in self.fitting)


@dataclass(frozen=True, slots=True)
class Answer:
    """One question of the routing, in words, and what this content answers; None: it cannot be told."""

    question: str
    truth: Truth
    score: float | None


@dataclass(frozen=True, slots=True)
class ContentTrial:
    """Whether one content would come, and every question that was asked of it."""

    content: Content
    fits: bool
    answers: list[Answer]


def try_on_cases(*, routing: Condition, queue: ReviewQueue, last: int) -> Trial:
    """Asks the routing about the newest ``last`` cases (MOST_CASES at most), whatever became of them.

    ``queue`` is the one that is edited, with the position that it is to have.
    """
    cases = ReviewCase.objects.ordinary().order_by("-pk")
    rows = list(cases.select_related("content__author", "content__client", "result", "queue")[: min(last, MOST_CASES)])
    facts = facts_of_cases([_subject(case) for case in rows])
    before = _asked_before(queue)
    fitting = [
        Tried(case, next((other for other, condition in before if fits(condition, one)), None))
        for case, one in zip(rows, facts, strict=True)
        if fits(routing, one)
    ]
    return Trial(len(rows), fitting)


def try_on_content(*, routing: Condition, wanted: str) -> ContentTrial | None:
    """Asks the routing about one content, named by its id or by the platform's own; None where there is none such."""
    content = _find(wanted.strip())
    if content is None:
        return None
    case = content.cases.ordinary().select_related("result", "queue").order_by("-pk").first()
    subject = _subject(case) if case else Subject(content, newest_result(content), "", DEFAULT_PRIORITY)
    (facts,) = facts_of_cases([subject])
    answers = [Answer(leaf.condition, _truth(leaf, facts), facts.scores.get(leaf.category)) for leaf in routing.leaves]
    return ContentTrial(content, fits(routing, facts), answers)


def _subject(case: ReviewCase) -> Subject:
    terms = terms_of(case)
    reporters = terms[REPORTS] // A_REPORTER
    return Subject(case.content, case.result, case.queue.slug, terms[SEVERITY], reporters, case.source)


def _asked_before(queue: ReviewQueue) -> Sequence[tuple[ReviewQueue, Condition]]:
    place = Q(position__lt=queue.position) | Q(position=queue.position, slug__lt=queue.slug)
    others = ReviewQueue.objects.exclude(pk=queue.pk).exclude(routing="").filter(place).order_by("position", "slug")
    read = [(other, read_routing(other.routing)) for other in others]
    return [(other, condition) for other, condition in read if isinstance(condition, Condition)]


def _find(wanted: str) -> Content | None:
    try:
        named = Q(pk=UUID(wanted)) | Q(external_id=wanted)
    except ValueError:
        named = Q(external_id=wanted)
    return Content.objects.filter(named).select_related("client", "author").order_by("-created_at").first()


def _truth(leaf: Leaf, facts: Facts) -> Truth:
    try:
        return leaf.test(facts)
    except RULE_ERRORS:
        return None
