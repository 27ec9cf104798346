"""Where a policy begins to act on a category alone, found by asking the policy itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from moderation.enums import Category, Outcome
from moderation.policy.engine import evaluate
from moderation.policy.facts import Facts
from moderation.policy.schema import Policy

_STEPS = 1000  # a condition in the expert language names no threshold: the scale is tried step by step
_ACTED = (Outcome.REVIEW, Outcome.REJECT)


@dataclass(frozen=True, slots=True)
class Bands:
    """The lowest score from which a text with nothing else in it is not approved, and the lowest to be rejected.

    None where no score brings that about, or silence alone does.
    """

    review_from: float | None
    reject_from: float | None


def bands(policy: Policy, category: str) -> Bands:
    """What the policy does with one category as its score rises, everything else at 0 and no author known."""
    asked = [(score, _ask(policy, category, score)) for score in _candidates(policy, category)]
    return Bands(_first(asked, _ACTED), _first(asked, (Outcome.REJECT,)))


def _candidates(policy: Policy, category: str) -> list[float]:
    """Silence, the thresholds that the rules name, and the scale in steps."""
    leaves = (leaf for rule in policy.rules if rule.when for leaf in rule.when.leaves if leaf.category == category)
    named = {leaf.threshold for leaf in leaves if leaf.threshold}
    steps = {step / _STEPS for step in range(1, _STEPS + 1)} if category in policy.categories else set()
    return sorted({0.0} | named | steps)


def _ask(policy: Policy, category: str, score: float) -> Outcome:
    scores = dict.fromkeys(Category.values, 0.0) | {category: score}
    return evaluate(policy, Facts(scores=scores, text="-", language="en")).outcome


def _first(asked: Iterable[tuple[float, Outcome]], wanted: tuple[Outcome, ...]) -> float | None:
    return next((score for score, outcome in asked if outcome in wanted), 0.0) or None
