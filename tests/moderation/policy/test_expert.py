"""CEL expressions: what they see, and how they fail."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from moderation.policy.engine import evaluate
from moderation.policy.facts import AuthorFacts, Facts
from tests.moderation.policy.builders import faults_when, policy, read, when


@pytest.mark.parametrize(
    "expression",
    [
        "scores.spam + scores['self-harm'] > 1.0",
        "author.prior_rejections > 2 && !author.trusted && author.known",
        "has(metadata.plan) && metadata.plan == 'free'",
        "size(text) > 3 && language == 'en' && 'slurs' in term_lists",
        "scores.exists(name, scores[name] > 0.9)",
        "!has(metadata.scores) || metadata.scores.home > 1",
    ],
)
def test_an_expression_sees_every_fact(expression):
    author = AuthorFacts(prior_rejections=3)
    scores, more = {"spam": 0.95, "self-harm": 0.6}, {"metadata": {"plan": "free"}, "term_lists": frozenset({"slurs"})}
    facts = read(scores, author=author, text="some text", language="en", **more)
    assert evaluate(when(f'{{cel: "{expression}"}}'), facts).outcome == "reject"


def test_an_expression_sees_whether_the_author_is_suspended():
    condition = when("{cel: author.suspended}")
    assert evaluate(condition, read(author=AuthorFacts(suspended=True))).outcome == "reject"
    assert evaluate(condition, read(author=AuthorFacts())).outcome == "approve"
    assert evaluate(condition, read()).outcome == "approve"


def test_an_unknown_author_reads_as_an_ordinary_one():
    assert evaluate(when("{cel: author.prior_rejections > 0}"), read()).outcome == "approve"


def test_a_missing_reading_makes_the_expression_unknown():
    spam = when("{cel: has(scores.spam) && scores.spam > 0.5}")
    assert evaluate(spam, read(unavailable=frozenset({"spam"}))).reasons[0].category == "spam"


def test_an_expression_over_all_scores_needs_all_of_them():
    every = when("{cel: 'scores.exists(name, scores[name] > 0.9)'}")
    verdict = evaluate(every, read(unavailable=frozenset({"pii"})))
    assert [reason.category for reason in verdict.reasons] == ["pii"]


def test_a_category_not_covered_makes_a_comparison_false():
    hate = when("{cel: scores.hate < 0.5}")
    assert evaluate(hate, Facts(not_covered=frozenset({"hate"}))).outcome == "approve"


def test_a_category_not_covered_does_not_hide_another_one():
    either = when("{cel: scores.hate > 0.5 || scores.spam > 0.5}")
    facts = Facts(scores={"spam": 0.9}, not_covered=frozenset({"hate"}))
    assert evaluate(either, facts).outcome == "reject"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("scores.spma > 0.5", "'spma' is not a category; did you mean 'spam'?"),
        ("score.spam > 0.5", "'score' is not known in an expression; did you mean 'scores'?"),
        ("scores.spam", "the expression gives float, not true or false"),
        ("text > 3", "the expression fails: No such overload"),
        ("text.shout()", "the expression fails: Undefined variable or function: 'shout'"),
        ("scores.spam >", "not a CEL expression: Syntax error: mismatched input '<EOF>'"),
        ("text.matches('(?<=a)b')", "'matches' takes patterns of RE2: no look-around"),
    ],
)
def test_a_faulty_expression_is_refused_when_it_is_loaded(expression, message):
    (fault,) = faults_when(f'{{cel: "{expression}"}}')
    assert fault.startswith(f"line 4: rule 'hit': {message}")


def test_an_expression_nested_very_deep_is_refused():
    (fault,) = faults_when(f'{{cel: "{"(" * 490}true{")" * 490}"}}')
    assert "not a CEL expression" in fault


def test_one_compiled_policy_serves_many_threads():
    rules = policy("{name: hit, when: {cel: 'scores.spam > 0.5'}, then: reject}")
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda n: evaluate(rules, read({"spam": n % 2})).outcome, range(200)))
    assert outcomes == ["approve", "reject"] * 100


def test_cel_is_imported_only_with_the_first_expression():
    code = "import sys, moderation.policy.loader, moderation.policy.engine; sys.exit('cel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
