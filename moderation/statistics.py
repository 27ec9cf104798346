"""What became of a client's contents in a stretch of days, and in the one of equal length before it. Reads only.

Five queries, whatever the stretch and however many the contents; each reads both stretches at once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection

from moderation.enums import FINAL_OUTCOMES, DecisionSource, Outcome

TOP_RULES = 20
# The client has a content erased: recorded as a decision, but nobody judged.
ERASED_RULE = "erased"

RECEIVED = """
SELECT created_at >= %(first)s, count(*) FROM content
 WHERE client_id = %(client)s AND created_at >= %(before)s AND created_at < %(end)s GROUP BY 1
"""
# What is held, was taken back or has lapsed does not count. Of the decisions that a decision replaces only source and
# outcome do.
DECIDED = """
SELECT d.created_at >= %(first)s, d.outcome, d.source, d.rule = %(erased)s, e.outcome, e.source, count(*)
  FROM moderation_decision d
  JOIN content c ON c.id = d.content_id AND c.client_id = %(client)s
  LEFT JOIN moderation_decision e ON e.id = d.overrides_id
 WHERE d.created_at >= %(before)s AND d.created_at < %(end)s
   AND NOT EXISTS (SELECT FROM moderation_decisionhold h WHERE h.decision_id = d.id AND h.status <> 'released')
 GROUP BY 1, 2, 3, 4, 5, 6
"""
REASONS = """
SELECT current, rule, category, GROUPING(rule) = 0, count(*) FROM (
  SELECT d.created_at >= %(first)s AS current, d.rule, r.reasons -> 0 ->> 'category' AS category
    FROM moderation_decision d
    JOIN content c ON c.id = d.content_id AND c.client_id = %(client)s
    LEFT JOIN moderation_result r ON r.id = d.result_id
   WHERE d.created_at >= %(before)s AND d.created_at < %(end)s AND d.source = 'policy'
) decided GROUP BY GROUPING SETS ((current, rule), (current, category))
"""
# A version begins when it is received: the first with its content, a later one when it replaced the one before. The
# earlier texts of an erased content are gone, and with them the times.
TIMES = """
SELECT current, policy, count(*), percentile_cont(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY seconds) FROM (
  SELECT d.created_at >= %(first)s AS current, d.source = 'policy' AS policy,
         extract(epoch FROM d.created_at - CASE d.content_version WHEN 1 THEN c.created_at ELSE v.superseded_at END)
           AS seconds
    FROM moderation_decision d
    JOIN content c ON c.id = d.content_id AND c.client_id = %(client)s
    LEFT JOIN moderation_contentversion v ON v.content_id = d.content_id AND v.version = d.content_version - 1
   WHERE d.created_at >= %(before)s AND d.created_at < %(end)s AND d.outcome <> 'review' AND d.rule <> %(erased)s
     AND (d.overrides_id IS NULL
          OR (SELECT e.outcome FROM moderation_decision e WHERE e.id = d.overrides_id) = 'review')
     AND NOT EXISTS (SELECT FROM moderation_decisionhold h WHERE h.decision_id = d.id AND h.status <> 'released')
) settled WHERE seconds IS NOT NULL GROUP BY 1, 2
"""
BACKLOG = """
SELECT count(*), count(*) FILTER (WHERE due_at < now()), min(opened_at) FROM moderation_reviewcase
 WHERE status = 'open' AND client_id = %(client)s
"""


@dataclass(frozen=True, slots=True)
class Decided:
    """How many decisions of this outcome came from this source."""

    outcome: Outcome
    source: DecisionSource
    count: int


@dataclass(frozen=True, slots=True)
class Counted:
    """How often the policy decided by this rule, or for this category first."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Times:
    """From receiving a version to its first final decision, in seconds; None where there was none."""

    count: int = 0
    median: float | None = None
    p95: float | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """One stretch of days."""

    received: int = 0
    decided: list[Decided] = field(default_factory=list)
    settled_by_policy: int = 0
    settled_by_people: int = 0
    overturned: int = 0
    rules: list[Counted] = field(default_factory=list)
    categories: list[Counted] = field(default_factory=list)
    policy_times: Times = field(default_factory=Times)
    people_times: Times = field(default_factory=Times)

    @property
    def automation_rate(self) -> float | None:
        """The share of what was settled that no person had to look at."""
        return _share(self.settled_by_policy, self.settled_by_policy + self.settled_by_people)

    @property
    def overturn_rate(self) -> float | None:
        """Final decisions of the policy that were changed, to final decisions of the policy."""
        return _share(self.overturned, self.settled_by_policy)


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits for a person now."""

    open: int
    overdue: int
    oldest_opened_at: datetime | None


@dataclass(frozen=True, slots=True)
class Statistics:
    """A stretch of days, the one before it, and what waits now."""

    current: Period
    previous: Period
    backlog: Backlog


def read_statistics(*, client_id: int, first: date, last: date) -> Statistics:
    """The figures of one client for the UTC days from ``first`` to ``last``, both included."""
    begin, end = _midnight(first), _midnight(last + timedelta(days=1))
    asked = {
        "client": client_id,
        "before": begin - (end - begin),
        "first": begin,
        "end": end,
        "erased": ERASED_RULE,
    }
    received, decided, reasons, times = (_rows(query, asked) for query in (RECEIVED, DECIDED, REASONS, TIMES))
    (backlog,) = _rows(BACKLOG, asked)
    periods = [
        _period(*([row[1:] for row in rows if row[0] is current] for rows in (received, decided, reasons, times)))
        for current in (True, False)
    ]
    return Statistics(periods[0], periods[1], Backlog(*backlog))


def _period(received: Sequence[Any], decided: Sequence[Any], reasons: Sequence[Any], times: Sequence[Any]) -> Period:
    judged = [row for row in decided if not row[2]]
    taken = {policy: Times(count, *quantiles) for policy, count, quantiles in times}
    return Period(
        received=received[0][0] if received else 0,
        decided=_decided(decided),
        settled_by_policy=sum(
            row[-1] for row in judged if row[1] == DecisionSource.POLICY and row[0] in FINAL_OUTCOMES
        ),
        settled_by_people=sum(row[-1] for row in judged if _settles(*row[:5])),
        overturned=sum(row[-1] for row in judged if _overturns(*row[:5])),
        rules=_most((rule, count) for rule, _, is_rule, count in reasons if is_rule)[:TOP_RULES],
        categories=_most((category, count) for _, category, is_rule, count in reasons if not is_rule and category),
        policy_times=taken.get(True, Times()),
        people_times=taken.get(False, Times()),
    )


def _decided(rows: Sequence[Any]) -> list[Decided]:
    counts: Counter[tuple[str, str]] = Counter()
    for outcome, source, *_, count in rows:
        counts[outcome, source] += count
    return [Decided(Outcome(outcome), DecisionSource(source), n) for (outcome, source), n in sorted(counts.items())]


def _settles(outcome: str, source: str, erased: bool, earlier: str | None, earlier_source: str | None) -> bool:
    """Whether somebody decided what the policy had left to people."""
    return source != DecisionSource.POLICY and outcome in FINAL_OUTCOMES and earlier in (None, Outcome.REVIEW)


def _overturns(outcome: str, source: str, erased: bool, earlier: str | None, earlier_source: str | None) -> bool:
    """Whether somebody decided otherwise than the policy had."""
    changed = earlier in FINAL_OUTCOMES and outcome != earlier
    return changed and source != DecisionSource.POLICY and earlier_source == DecisionSource.POLICY


def _most(counted: Iterable[tuple[str, int]]) -> list[Counted]:
    return [Counted(name, count) for name, count in sorted(counted, key=lambda one: (-one[1], one[0]))]


def _rows(query: str, asked: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, asked)
        return cursor.fetchall()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None
