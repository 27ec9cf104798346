"""Step 4, the engine: facts in, verdict out. Pure, and the same facts always give the same verdict.

The first rule that holds decides; every rule that holds is recorded. A rule is unknown when a reading that it
needs is missing, or when it fails. The verdict stands only if no unknown rule above the deciding one would have
said something else; otherwise a person decides. So nothing is approved, or rejected past a rule that sends it to a
person, because a detector was down.
"""

from moderation.enums import Outcome

from .facts import Facts
from .schema import BROKEN_RULE, DEFAULT_RULE, Effect, Leaf, Policy, Rule, Truth
from .verdict import Reading, Reason, ReasonCode, RuleMatch, UndecidedRule, Verdict

RULE_ERRORS = (ArithmeticError, AttributeError, LookupError, RuntimeError, TypeError, ValueError)
"""What a rule can raise on odd facts: CEL errors, text that is not Unicode, values of a wrong type."""


def evaluate(policy: Policy, facts: Facts) -> Verdict:
    """What ``policy`` says of a content with these ``facts``. Never raises for what the facts hold."""
    if policy.faults:
        return _broken(policy.default)
    matches: list[RuleMatch] = []
    undecided: list[UndecidedRule] = []
    above: tuple[UndecidedRule, ...] = ()
    deciding: Rule | None = None
    for rule in policy.rules:
        truth, error = _judge(rule, facts)
        if truth is None:
            undecided.append(_undecided(rule, facts, error))
        elif truth:
            matches.append(RuleMatch(rule.name, rule.effect.outcome, _readings(rule, facts)))
            if deciding is None:
                deciding, above = rule, tuple(undecided)
    if deciding is None:
        above = tuple(undecided)
    return _verdict(policy, deciding, above, tuple(matches), tuple(undecided))


def _broken(effect: Effect) -> Verdict:
    """A policy that cannot be used approves and rejects nothing."""
    reason = Reason(ReasonCode.POLICY_BROKEN, effect.reason, rule=BROKEN_RULE)
    return Verdict(effect.outcome, BROKEN_RULE, effect.queue, effect.priority, (reason,))


def _judge(rule: Rule, facts: Facts) -> tuple[Truth, str]:
    """The rule's truth, and the kind of failure if it failed. A message could quote content, so it is not kept."""
    if rule.when is None:
        return True, ""
    try:
        return rule.when.test(facts), ""
    except RULE_ERRORS as error:
        return None, type(error).__name__


def _undecided(rule: Rule, facts: Facts, error: str) -> UndecidedRule:
    missing = () if error else facts.missing(rule.needs)
    return UndecidedRule(rule.name, rule.effect.outcome, missing, error)


def _readings(rule: Rule, facts: Facts) -> tuple[Reading, ...]:
    leaves = rule.when.leaves if rule.when else ()
    return tuple(_reading(leaf, facts) for leaf in leaves if _speaks_for(leaf, facts))


def _speaks_for(leaf: Leaf, facts: Facts) -> bool:
    try:
        return leaf.test(facts) is leaf.affirmed
    except RULE_ERRORS:
        return False


def _reading(leaf: Leaf, facts: Facts) -> Reading:
    condition = leaf.condition if leaf.affirmed else f"not {leaf.condition}"
    return Reading(condition, leaf.category, facts.scores.get(leaf.category), leaf.threshold, not leaf.affirmed)


def _verdict(
    policy: Policy,
    deciding: Rule | None,
    above: tuple[UndecidedRule, ...],
    matches: tuple[RuleMatch, ...],
    undecided: tuple[UndecidedRule, ...],
) -> Verdict:
    effect = deciding.effect if deciding else policy.default
    rule = deciding.name if deciding else DEFAULT_RULE
    reasons = _reasons(effect, matches[0] if matches else None)
    doubts = tuple(one for one in above if one.outcome is not effect.outcome)
    if doubts and effect.outcome is not Outcome.REVIEW:
        effect, rule = policy.unavailable, doubts[0].rule
        reasons = _doubt_reasons(doubts, effect)
    return Verdict(effect.outcome, rule, effect.queue, effect.priority, reasons, matches, undecided)


def _reasons(effect: Effect, match: RuleMatch | None) -> tuple[Reason, ...]:
    """One reason a category that was read, or one without a category. An approval by default needs none."""
    if match is None:
        default = Reason(ReasonCode.NO_RULE_MATCHED, effect.reason or "No rule of the policy held", rule=DEFAULT_RULE)
        return () if effect.outcome is Outcome.APPROVE else (default,)
    message = effect.reason or f"Rule {match.rule!r} held"
    scored = tuple(
        Reason(ReasonCode.RULE_MATCHED, message, one.category, one.score, one.threshold, match.rule)
        for one in match.readings
        if one.category and not one.negated
    )
    return scored or (Reason(ReasonCode.RULE_MATCHED, message, rule=match.rule),)


def _doubt_reasons(doubts: tuple[UndecidedRule, ...], effect: Effect) -> tuple[Reason, ...]:
    """One reason a missing reading, with the first rule that needed it, and one a rule that failed."""
    first: dict[str, str] = {}
    for doubt in doubts:
        for name in doubt.missing:
            first.setdefault(name, doubt.rule)
    missing = [Reason(ReasonCode.READING_UNAVAILABLE, effect.reason, name, rule=first[name]) for name in sorted(first)]
    failed = [
        Reason(ReasonCode.RULE_FAILED, f"Rule {doubt.rule!r} failed: {doubt.error}", rule=doubt.rule)
        for doubt in doubts
        if doubt.error
    ]
    return (*missing, *failed)
