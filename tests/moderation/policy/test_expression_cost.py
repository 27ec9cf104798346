"""What an expression may cost: what could keep a process for long is refused, or fails in the open."""

import pytest

from moderation.policy.engine import evaluate
from moderation.policy.expression_cost import MAX_LOOPS, MAX_MEMBERS, TooManyMembers, check_members, too_costly
from tests.moderation.policy.builders import faults_of, faults_when, read, when

LOOP = "metadata.n.all(x, x >= 0)"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("metadata.n.all(x, metadata.n.all(y, y >= 0))", "'all' stands within 'all': a loop within a loop"),
        ("metadata.n . exists // (\n ( x, [x].filter (y, true) != [])", "'filter' stands within 'exists'"),
        ("scores.all(x, ')' != x && [1].exists(y, y > 0))", "'exists' stands within 'all'"),
        ("metadata.n.map(x, [x, x]).size() > 0", "'map' is not taken"),
        (" && ".join([LOOP] * (MAX_LOOPS + 1)), f"has {MAX_LOOPS + 1} loops"),
        ("metadata.n.all(x, x in metadata.n)", "'metadata' may not stand within 'all'"),
        ("metadata.n.all(x, text.size() > 0)", "'text' may not stand within 'all'"),
        ("metadata.n.all(x, x.matches('a'))", "'matches' may not stand within 'all'"),
        ("(metadata.n + metadata.n).all(x, x > 0)", "'+' may not stand in one expression with a loop"),
        ("text.matches('a' + language)", "'+' may not stand in one expression"),
        ("text.matches(text)", "the pattern of 'matches' has to be written out"),
        ("text.matches(true ? text : 'a')", "the pattern of 'matches' has to be written out"),
        ("text.matches('[ab]*a[ab]{200}c')", "its patterns take 2"),
        ("text == '" + "a" * 10 + "'" + " + text" * 17, "adds 17 times"),
    ],
)
def test_an_expression_that_could_take_long_is_refused(expression, message):
    assert message in too_costly(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "'all(x, y.all(' == text || scores.exists(name, scores[name] > 0.9)",
        "metadata.tags.filter(t, t in term_lists || t in ['a', 'b']).exists(t, t.size() > 3)",
        "text.matches('(?i)free (money|gifts)') && matches(text, r'\\d{3}')",
        "scores.spam + scores.hate + scores.threat > 1.5",
        """text == 'it\\'s' || text == "all(" || text == '''a'b.all(x'''""",
        "!has(metadata.all) || metadata.map > 1",
    ],
)
def test_what_costs_little_is_taken(expression):
    assert too_costly(expression) == ""


def test_the_fault_names_the_line_of_the_rule():
    (fault,) = faults_when('{cel: "metadata.n.all(x, metadata.n.all(y, y >= 0))"}')
    assert fault.startswith("line 4: rule 'hit': 'all' stands within 'all'")


def test_a_loop_over_too_many_members_goes_to_a_person():
    rule = when(f'{{cel: "{LOOP}"}}')
    assert evaluate(rule, read(metadata={"n": [1] * (MAX_MEMBERS - 1)})).outcome == "reject"
    verdict = evaluate(rule, read(metadata={"n": [1] * MAX_MEMBERS}))
    assert (verdict.outcome, verdict.undecided[0].error) == ("review", "TooManyMembers")


def test_members_within_members_count():
    check_members({"metadata": {"n": [[1, 2], {"a": [3]}]}, "text": "x" * 10_000})
    with pytest.raises(TooManyMembers):
        check_members({"metadata": {"n": [[0] * 100 for _ in range(5)]}})


def test_without_a_loop_large_metadata_is_read():
    assert evaluate(when("{cel: has(metadata.n)}"), read(metadata={"n": [1] * 7_000})).outcome == "reject"


def test_a_document_has_so_many_expressions():
    entries = ", ".join(["{cel: text == 'a'}"] * 51)
    (fault,) = faults_when(f"{{any: [{entries}]}}")
    assert "the document has more than 50 expressions" in fault


def test_the_patterns_of_a_document_are_bounded_together():
    rules = "\n".join(
        f"  - {{name: r{n}, when: {{text: {{matches: 'a[ab]{{900}}c'}}}}, then: reject}}" for n in range(60)
    )
    (fault,) = faults_of(f"version: 1\npolicy: test\nrules:\n{rules}\ndefault: approve\n")
    assert "more than 50,000 steps of patterns" in fault
