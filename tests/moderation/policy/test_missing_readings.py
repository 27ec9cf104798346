"""Nothing is approved because a detector was down: unknown rules send the content to a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.enums import Category, Outcome
from moderation.policy.engine import evaluate
from moderation.policy.facts import Facts
from moderation.policy.verdict import Reason, ReasonCode, UndecidedRule
from tests.moderation.policy.builders import policy, read, when

HATE_THEN_SPAM = """
{name: hate, when: {category: hate, at_least: 0.6}, then: review, queue: hate, priority: 80}
{name: spam, when: {category: spam, at_least: 0.98}, then: reject}
"""
MISSING = "A reading that the policy needs is missing"


def without(category: str, **scores: float) -> Facts:
    return read(scores, unavailable=frozenset({category}))


def test_an_approval_that_rests_on_a_missing_reading_becomes_a_review():
    verdict = evaluate(policy(HATE_THEN_SPAM), without("spam"))
    assert (verdict.outcome, verdict.rule, verdict.queue, verdict.priority) == ("review", "spam", "general", 50)
    assert verdict.reasons == (Reason(ReasonCode.READING_UNAVAILABLE, MISSING, "spam", rule="spam"),)
    assert verdict.undecided == (UndecidedRule("spam", Outcome.REJECT, ("spam",)),)


def test_every_missing_reading_is_named_once():
    verdict = evaluate(policy(HATE_THEN_SPAM), read(unavailable=frozenset({"spam", "hate"})))
    assert [(reason.category, reason.rule) for reason in verdict.reasons] == [("hate", "hate"), ("spam", "spam")]


def test_the_document_says_where_such_content_waits():
    rules = policy(HATE_THEN_SPAM, more="unavailable: {queue: outage, priority: 10}")
    verdict = evaluate(rules, without("spam"))
    assert (verdict.queue, verdict.priority) == ("outage", 10)


def test_a_rejection_does_not_pass_a_rule_that_might_have_sent_it_to_a_person():
    verdict = evaluate(policy(HATE_THEN_SPAM), without("hate", spam=0.99))
    assert (verdict.outcome, verdict.rule) == ("review", "hate")


def test_a_rejection_stands_when_the_unknown_rule_would_reject_too():
    rules = policy("""
        {name: sexual, when: {category: sexual, at_least: 0.98}, then: reject}
        {name: spam, when: {category: spam, at_least: 0.98}, then: reject}
    """)
    verdict = evaluate(rules, without("sexual", spam=0.99))
    assert (verdict.outcome, verdict.rule) == ("reject", "spam")
    assert verdict.undecided == (UndecidedRule("sexual", Outcome.REJECT, ("sexual",)),)


def test_a_review_keeps_its_own_queue():
    verdict = evaluate(policy(HATE_THEN_SPAM), without("spam", hate=0.7))
    assert (verdict.rule, verdict.queue, verdict.priority) == ("hate", "hate", 80)


def test_a_missing_reading_below_the_deciding_rule_changes_nothing():
    rules = policy("""
        {name: trusted-site, when: {metadata.site: ours}, then: approve}
        {name: spam, when: {category: spam, at_least: 0.98}, then: reject}
    """)
    verdict = evaluate(rules, read(unavailable=frozenset({"spam"}), metadata={"site": "ours"}))
    assert (verdict.outcome, verdict.rule) == ("approve", "trusted-site")


def test_a_missing_reading_no_rule_asks_for_changes_nothing():
    assert evaluate(policy(HATE_THEN_SPAM), without("pii")).outcome == "approve"


def test_a_rule_that_holds_without_the_missing_reading_decides():
    either = when("{any: [{category: spam, at_least: 0.9}, {category: hate, at_least: 0.9}]}")
    assert evaluate(either, without("hate", spam=0.95)).outcome == "reject"


def test_a_rule_that_fails_without_the_missing_reading_is_false():
    both = when("{all: [{category: spam, at_least: 0.9}, {category: hate, at_least: 0.9}]}")
    assert evaluate(both, without("hate", spam=0.1)).outcome == "approve"


@pytest.mark.parametrize("test", ["at_least: 0.5", "at_most: 0.5", "between: [0, 1]"])
def test_a_category_not_covered_reads_as_false(test):
    facts = Facts(not_covered=frozenset({"spam"}))
    assert evaluate(when(f"{{category: spam, {test}}}"), facts).outcome == "approve"


def test_a_category_nobody_accounts_for_counts_as_missing():
    verdict = evaluate(when("{category: spam, at_least: 0.5}"), Facts(scores={"hate": 0.1}))
    assert (verdict.outcome, verdict.reasons[0].category) == ("review", "spam")


def test_a_score_that_is_not_a_number_counts_as_missing():
    verdict = evaluate(when("{category: spam, at_least: 0.5}"), read({"spam": float("nan")}))
    assert (verdict.outcome, verdict.reasons[0].category) == ("review", "spam")


def test_term_lists_that_could_not_be_consulted_count_as_missing():
    verdict = evaluate(when("{term_list: slurs}"), read(term_lists=None))
    assert (verdict.outcome, verdict.reasons[0].category) == ("review", "term_lists")


def test_a_rule_that_raises_is_unknown_and_recorded():
    verdict = evaluate(when("{cel: 'metadata.level > 3'}"), read(metadata={}))
    assert (verdict.outcome, verdict.rule) == ("review", "hit")
    assert verdict.reasons == (Reason(ReasonCode.RULE_FAILED, "Rule 'hit' failed: KeyError", rule="hit"),)
    assert verdict.undecided == (UndecidedRule("hit", Outcome.REJECT, (), "KeyError"),)


SCORES = st.dictionaries(st.sampled_from(["hate", "spam", "pii"]), st.floats(0, 1))
CATEGORIES = st.frozensets(st.sampled_from(Category.values))


@given(SCORES, CATEGORIES, CATEGORIES)
def test_whatever_is_missing_the_verdict_never_softens(scores, unavailable, not_covered):
    rules = policy(HATE_THEN_SPAM)
    whole = evaluate(rules, read(scores)).outcome
    partial = evaluate(rules, read(scores, unavailable=unavailable, not_covered=not_covered)).outcome
    assert partial in (whole, Outcome.REVIEW)
