"""Step 6, how urgent a case is: points for what it is, for who complained and for how far it reaches.

Every term is kept with the case, so that the order of a queue can be explained. Waiting is no term: it counts for every
case alike, by ``rank``, where SECONDS_A_POINT of it make up for a point.
"""

from collections.abc import Mapping
from datetime import datetime
from math import log10
from typing import Any

from moderation.enums import Outcome
from moderation.models import ModerationResult, ReviewCase
from moderation.models.review import SECONDS_A_POINT

SEVERITY, SCORE, REPORTS, REACH = "severity", "score", "reports", "reach"
TERMS = (SEVERITY, SCORE, REPORTS, REACH)
MOST = 100
# Less than the ten points by which the rules of a policy usually differ: a sure insult stays behind a doubtful threat.
MOST_FOR_SCORE = 9
A_REPORTER = 10
# Five points for every tenfold above a thousand people.
REACH_FROM, A_TENFOLD, MOST_FOR_REACH = 1_000, 5, 20

Points = dict[str, int]


def points(*, severity: int, result: ModerationResult | None = None, reporters: int = 0, reach: int | None) -> Points:
    """The terms of a new case. ``severity`` is the priority that the policy's rule gives, 0 to 100.

    ``result`` is the one that sent it here, ``reporters`` the number of users who report it, ``reach`` how many people
    the platform says the author reaches, None where it does not say.
    """
    return {
        SEVERITY: severity,
        SCORE: _for_scores(result),
        REPORTS: A_REPORTER * reporters,
        REACH: _for_reach(reach),
    }


def total(terms: Mapping[str, int]) -> int:
    """The priority that the terms come to."""
    return max(0, min(MOST, sum(terms.values())))


def raised(case: ReviewCase, *, more: int) -> Points:
    """The terms of an open case of which ``more`` users complain than before."""
    terms = terms_of(case)
    return {**terms, REPORTS: terms[REPORTS] + A_REPORTER * more}


def terms_of(case: ReviewCase) -> Points:
    """Every term of a case; one from before terms were kept has its priority for its severity."""
    known = case.priority_terms or {SEVERITY: case.priority}
    return {term: int(known.get(term, 0)) for term in TERMS}


def points_for_waiting(case: ReviewCase, now: datetime) -> int:
    """How many points of priority a case that comes now would need to stand where this one stands, beside its own."""
    return max(0, int((now - case.opened_at).total_seconds() // SECONDS_A_POINT))


def reached_categories(result: ModerationResult | None) -> list[str]:
    """The categories that the deciding rule asked for and that reached it, in its order."""
    return list(dict.fromkeys(reason["category"] for reason in _scored(result)))


def _for_scores(result: ModerationResult | None) -> int:
    """By how far the highest score is above what the rule asks for, of all it could be above."""
    shares = [(reason["score"] - reason["threshold"]) / (1 - reason["threshold"]) for reason in _with_threshold(result)]
    return round(MOST_FOR_SCORE * max(0.0, min(1.0, max(shares, default=0.0))))


def _with_threshold(result: ModerationResult | None) -> list[dict[str, Any]]:
    return [reason for reason in _scored(result) if reason["threshold"] is not None and 0 <= reason["threshold"] < 1]


def _scored(result: ModerationResult | None) -> list[dict[str, Any]]:
    """The scores for which the policy asked for a person; what it approved or rejected, others complain of."""
    if result is None or result.outcome != Outcome.REVIEW:
        return []
    return [reason for reason in result.reasons if reason.get("category") and reason.get("score") is not None]


def _for_reach(reach: int | None) -> int:
    if not reach or reach <= REACH_FROM:
        return 0
    return min(MOST_FOR_REACH, int(A_TENFOLD * log10(reach / REACH_FROM)))
