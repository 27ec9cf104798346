"""The first rule that holds decides; every rule that holds is recorded."""

from moderation.enums import Outcome
from moderation.policy.engine import evaluate
from moderation.policy.facts import AuthorFacts
from moderation.policy.verdict import Reading, Reason, ReasonCode, RuleMatch
from tests.moderation.policy.builders import policy, read, when

SPAM = """
{name: sure-spam, when: {category: spam, at_least: 0.98}, then: reject, reason: Unsolicited advertising}
{name: maybe-spam, when: {category: spam, at_least: 0.6}, then: review, queue: spam, priority: 30}
"""


def test_first_rule_that_holds_decides():
    verdict = evaluate(policy(SPAM), read({"spam": 0.99}))
    assert (verdict.outcome, verdict.rule) == (Outcome.REJECT, "sure-spam")


def test_a_later_rule_decides_when_earlier_ones_do_not_hold():
    verdict = evaluate(policy(SPAM), read({"spam": 0.7}))
    assert (verdict.outcome, verdict.rule, verdict.queue, verdict.priority) == ("review", "maybe-spam", "spam", 30)


def test_no_rule_holds_and_the_default_decides():
    verdict = evaluate(policy(SPAM), read())
    assert (verdict.outcome, verdict.rule, verdict.reasons, verdict.matches) == ("approve", "default", (), ())


def test_every_rule_that_holds_is_recorded_with_its_readings():
    verdict = evaluate(policy(SPAM), read({"spam": 0.99}))
    assert verdict.matches == (
        RuleMatch("sure-spam", Outcome.REJECT, (Reading("spam at least 0.98", "spam", 0.99, 0.98),)),
        RuleMatch("maybe-spam", Outcome.REVIEW, (Reading("spam at least 0.6", "spam", 0.99, 0.6),)),
    )


def test_the_reason_names_rule_category_score_and_threshold():
    verdict = evaluate(policy(SPAM), read({"spam": 0.99}))
    assert verdict.reasons == (
        Reason(ReasonCode.RULE_MATCHED, "Unsolicited advertising", "spam", 0.99, 0.98, "sure-spam"),
    )


def test_one_reason_a_category_that_was_over_its_threshold():
    verdict = evaluate(when("{any_of: [hate, threat, insult], at_least: 0.5}"), read({"hate": 0.5, "insult": 0.9}))
    assert [(reason.category, reason.score) for reason in verdict.reasons] == [("hate", 0.5), ("insult", 0.9)]


def test_a_rule_without_a_score_gives_a_reason_without_a_category():
    verdict = evaluate(when("{has_url: true}"), read(text="see https://example.org/a"))
    assert verdict.reasons == (Reason(ReasonCode.RULE_MATCHED, "Rule 'hit' held", rule="hit"),)


def test_a_negated_condition_is_recorded_but_is_no_reason():
    stranger = when("{all: [{category: spam, at_least: 0.5}, {not: {category: pii, at_least: 0.5}}]}")
    verdict = evaluate(stranger, read({"spam": 0.8, "pii": 0.1}))
    assert verdict.matches[0].readings[1] == Reading("not pii at least 0.5", "pii", 0.1, 0.5, negated=True)
    assert [reason.category for reason in verdict.reasons] == ["spam"]


def test_a_rule_without_when_always_holds():
    verdict = evaluate(policy("{name: look-at-all, then: review}"), read())
    assert (verdict.rule, verdict.matches) == ("look-at-all", (RuleMatch("look-at-all", Outcome.REVIEW),))


def test_a_default_that_does_not_approve_says_why():
    verdict = evaluate(policy(SPAM, default="{then: review, queue: new, priority: 5, reason: New site}"), read())
    assert (verdict.outcome, verdict.queue, verdict.priority) == ("review", "new", 5)
    assert verdict.reasons == (Reason(ReasonCode.NO_RULE_MATCHED, "New site", rule="default"),)


def test_a_trusted_author_is_exempt_where_the_rule_says_so():
    rule = when("{all: [{category: spam, at_least: 0.9}, {not: {author.trusted: true}}]}")
    spam = {"spam": 0.95}
    assert evaluate(rule, read(spam, author=AuthorFacts(trust="trusted"))).outcome == "approve"
    assert evaluate(rule, read(spam, author=AuthorFacts())).outcome == "reject"
    assert evaluate(rule, read(spam)).outcome == "reject"


def test_the_same_facts_give_an_equal_verdict():
    rules = policy(SPAM)
    assert evaluate(rules, read({"spam": 0.7})) == evaluate(rules, read({"spam": 0.7}))
