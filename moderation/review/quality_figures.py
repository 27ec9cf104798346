"""Step 6, how well people decide, in figures: counted by the database, measured by ``agreement.py``.

Double reviews give pairs of outcomes, of which the one was said without knowing the other; golden cases give answers
that are right or wrong. The number of queries does not depend on how many there are.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import CharField, Count, F, Q, QuerySet, Value

from moderation.enums import CaseSource, Outcome
from moderation.models import QualityReview
from moderation.review.agreement import Estimate, cohens_kappa, krippendorffs_alpha, share_agreed, wilson_interval
from moderation.review.kinds import EACH_CATEGORY

# Below, a figure says little; it is shown and marked.
FEW = 30


@dataclass(slots=True)
class Measured:
    """What is known of one queue, category or person.

    ``pairs``: how often somebody said the one outcome (of a person: they themself) and somebody else the other.
    ``settled_right`` of ``settled``: disagreements that a lead settled for the first decision, of a person: for them.
    """

    pairs: Counter[tuple[Hashable, Hashable]] = field(default_factory=Counter)
    answers: list[tuple[list[Hashable], int]] = field(default_factory=list)
    golden: int = 0
    golden_right: int = 0
    settled: int = 0
    settled_right: int = 0

    @property
    def doubles(self) -> int:
        return self.pairs.total()

    @property
    def agreed(self) -> float | None:
        """The share of double reviews that came to the same outcome."""
        return share_agreed(self.pairs)

    @property
    def agreed_percent(self) -> float | None:
        """The same in hundredths."""
        return None if self.agreed is None else self.agreed * 100

    @property
    def kappa(self) -> Estimate | None:
        return cohens_kappa(self.pairs)

    @property
    def alpha(self) -> float | None:
        """Of all that was said of one content by several people, golden cases included."""
        return krippendorffs_alpha([*self.answers, *((list(pair), times) for pair, times in self.pairs.items())])

    @property
    def accuracy(self) -> Estimate | None:
        """The share of golden cases that were answered rightly."""
        return wilson_interval(self.golden_right, self.golden)

    @property
    def few_doubles(self) -> bool:
        return self.doubles < FEW

    @property
    def few_golden(self) -> bool:
        return self.golden < FEW


def reviews_between(since: datetime, until: datetime) -> QuerySet[QualityReview]:
    """What was said from ``since`` on and before ``until``."""
    return QualityReview.objects.filter(created_at__gte=since, created_at__lt=until).order_by()


def measure_all(reviews: QuerySet[QualityReview]) -> Measured:
    """Everything together, in four queries."""
    return _measure(reviews, None)[None]


def measure_queues(reviews: QuerySet[QualityReview]) -> dict[Any, Measured]:
    """By the key of the queue, in four queries."""
    return dict(_measure(reviews, F("queue")))


def measure_categories(reviews: QuerySet[QualityReview]) -> dict[Any, Measured]:
    """By category, in four queries; what is about two counts for both."""
    return dict(_measure(reviews, EACH_CATEGORY))


def measure_people(reviews: QuerySet[QualityReview]) -> dict[Any, Measured]:
    """By the key of the person, who counts as the first and as the second of two, in five queries."""
    found: defaultdict[Any, Measured] = defaultdict(Measured)
    doubles, golden = _kinds(reviews)
    for person, own, other, times in _count(doubles, F("moderator"), "outcome", "expected_outcome"):
        found[person].pairs[own, other] += times
    for person, own, other, times in _count(doubles, F("first_decision__moderator"), "expected_outcome", "outcome"):
        found[person].pairs[own, other] += times
    for person, right, times in _count(golden, F("moderator"), "agrees"):
        _add_golden(found[person], right, times)
    for role, own in (("moderator", "outcome"), ("first_decision__moderator", "expected_outcome")):
        for person, said, settled, times in _count(_settled(doubles), F(role), own, "settled_outcome"):
            _add_settled(found[person], said == settled, times)
    return dict(found)


def measure_person(reviews: QuerySet[QualityReview], person: User) -> Measured:
    """One person, in five queries."""
    theirs = reviews.filter(Q(moderator=person) | Q(first_decision__moderator=person))
    return measure_people(theirs).get(person.pk, Measured())


def _kinds(reviews: QuerySet[QualityReview]) -> tuple[QuerySet[QualityReview], QuerySet[QualityReview]]:
    return reviews.filter(kind=CaseSource.DOUBLE), reviews.filter(kind=CaseSource.GOLDEN)


def _settled(doubles: QuerySet[QualityReview]) -> QuerySet[QualityReview]:
    return doubles.filter(settled_at__isnull=False)


def _measure(reviews: QuerySet[QualityReview], key: Any) -> defaultdict[Any, Measured]:
    """By ``key``, an expression; without one, all under None."""
    found: defaultdict[Any, Measured] = defaultdict(Measured)
    doubles, golden = _kinds(reviews)
    for name, first, second, times in _count(doubles, key, "expected_outcome", "outcome"):
        found[name].pairs[first, second] += times
    for name, right, times in _count(golden, key, "agrees"):
        _add_golden(found[name], right, times)
    for name, first, settled, times in _count(_settled(doubles), key, "expected_outcome", "settled_outcome"):
        _add_settled(found[name], first == settled, times)
    for name, _golden, approvals, answers in _answers(golden, key):
        said = Counter[Hashable]({Outcome.APPROVE: approvals, Outcome.REJECT: answers - approvals})
        found[name].answers.append((list(said.elements()), 1))
    return found


def _count(reviews: QuerySet[QualityReview], key: Any, *names: str) -> list[tuple[Any, ...]]:
    """How many rows there are of each key and each combination of ``names``."""
    if key is None:
        counted = reviews.values(*names).annotate(times=Count("pk"))
        return [(None, *row) for row in counted.values_list(*names, "times")]
    counted = reviews.annotate(key=key).values("key", *names).annotate(times=Count("pk"))
    return list(counted.values_list("key", *names, "times"))


def _answers(golden: QuerySet[QualityReview], key: Any) -> list[tuple[Any, ...]]:
    """How many people approved each golden case, of how many who answered it."""
    keyed = golden.annotate(key=Value(None, output_field=CharField()) if key is None else key)
    rows = keyed.values("key", "golden").annotate(
        approvals=Count("pk", filter=Q(outcome=Outcome.APPROVE)), said=Count("pk")
    )
    return [(row["key"], row["golden"], row["approvals"], row["said"]) for row in rows]


def _add_golden(measured: Measured, right: bool, times: int) -> None:
    measured.golden += times
    measured.golden_right += times if right else 0


def _add_settled(measured: Measured, right: bool, times: int) -> None:
    measured.settled += times
    measured.settled_right += times if right else 0
