"""Step 6, which queue takes a case: the first whose routing fits, else the one that the policy's rule names.

A routing is a condition in the words of a policy. One that cannot be judged, for a reading that it needs is missing,
does not fit; one that no longer compiles is passed over. So no case is lost to a routing.
"""

import logging
from collections.abc import Iterable, Sequence
from functools import lru_cache

from django.db.models import Q

from moderation.models import ReviewQueue
from moderation.policy.engine import RULE_ERRORS
from moderation.policy.facts import Facts
from moderation.policy.faults import Fault, PolicyError
from moderation.policy.loader import load_condition
from moderation.policy.schema import Condition
from moderation.review.case_facts import CASE_FACTS, Subject, facts_of_cases

logger = logging.getLogger(__name__)
GENERAL = "general"


@lru_cache(maxsize=256)
def read_routing(source: str) -> Condition | tuple[Fault, ...]:
    """The routing ready to judge, or everything that is wrong with it, each fault with its line."""
    try:
        return load_condition(source, name="routing", more_facts=CASE_FACTS)
    except PolicyError as error:
        return error.faults


def faults_of(routing: str) -> tuple[Fault, ...]:
    """What is wrong with a routing; nothing where it is empty."""
    read = read_routing(routing) if routing.strip() else ()
    return () if isinstance(read, Condition) else read


def fits(condition: Condition, facts: Facts) -> bool:
    """Whether the routing surely holds."""
    try:
        return condition.test(facts) is True
    except RULE_ERRORS:
        return False


def queue_for(*, subjects: Sequence[Subject]) -> list[ReviewQueue]:
    """The queue of each case, in order, in a constant number of queries: one, where no queue has a routing.

    A queue that the policy names and that does not exist is ``general``, which is made where it is missing.
    """
    slugs = {subject.queue_slug for subject in subjects} | {GENERAL}
    found = list(ReviewQueue.objects.filter(Q(slug__in=slugs) | ~Q(routing="")).order_by("position", "slug"))
    taken = _routed(subjects, found)
    by_slug = {queue.slug: queue for queue in found}
    return [
        queue or by_slug.get(one.queue_slug) or _general(by_slug) for one, queue in zip(subjects, taken, strict=True)
    ]


def routed_queue(subject: Subject) -> ReviewQueue | None:
    """The queue whose routing takes this case, if there is one."""
    queues = ReviewQueue.objects.exclude(routing="").order_by("position", "slug")
    return _routed([subject], list(queues))[0]


def _routed(subjects: Sequence[Subject], queues: Iterable[ReviewQueue]) -> list[ReviewQueue | None]:
    routings = [(queue, condition) for queue in queues if (condition := _usable(queue))]
    if not routings:
        return [None] * len(subjects)
    return [
        next((queue for queue, condition in routings if fits(condition, facts)), None)
        for facts in facts_of_cases(subjects)
    ]


def _usable(queue: ReviewQueue) -> Condition | None:
    """The queue's routing; one with faults is told of in the log once a process, and counts as none."""
    read = read_routing(queue.routing) if queue.routing.strip() else None
    if isinstance(read, tuple):
        _tell(queue.slug, read)
        return None
    return read


@lru_cache(maxsize=256)
def _tell(slug: str, faults: tuple[Fault, ...]) -> None:
    logger.error("routing.broken", extra={"queue": slug, "faults": [str(fault) for fault in faults]})


def _general(by_slug: dict[str, ReviewQueue]) -> ReviewQueue:
    if GENERAL not in by_slug:
        by_slug[GENERAL], _ = ReviewQueue.objects.get_or_create(slug=GENERAL, defaults={"name": "General"})
    return by_slug[GENERAL]
