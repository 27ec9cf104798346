"""A faulty document is refused with every fault in it: line, rule, what is wrong, how to mend it."""

import pytest

from moderation.policy.faults import Fault, PolicyError
from moderation.policy.loader import load_policy
from tests.moderation.policy.builders import faults_of, faults_when

TYPO = """\
version: 1
policy: default
rules:
  - name: spam-obvious
    when:
      all:
        - category: spam
          at_leats: 0.98
    then: reject
default: approve
"""
HEAD = "version: 1\npolicy: test\n"


def test_a_fault_knows_line_column_path_message_and_hint():
    with pytest.raises(PolicyError) as caught:
        load_policy(TYPO)
    message = "rule 'spam-obvious': 'at_leats' is not known here"
    hint = "did you mean 'at_least'?"
    assert caught.value.faults == (Fault(8, 11, "rules[0].when.all[0].at_leats", message, hint, "unknown_key"),)


def test_the_error_reads_as_one_line_a_fault_with_the_documents_name():
    with pytest.raises(PolicyError) as caught:
        load_policy(TYPO, name="site.yml")
    line = "site.yml: line 8: rule 'spam-obvious': 'at_leats' is not known here; did you mean 'at_least'?"
    assert str(caught.value) == line


def test_all_faults_are_reported_at_once_in_document_order():
    source = TYPO.replace("version: 1", "version: 2").replace("reject", "rejct").replace("default: a", "default: A")
    assert [int(fault.split(":")[0].removeprefix("line ")) for fault in faults_of(source)] == [1, 8, 9, 10]


@pytest.mark.parametrize(
    ("condition", "fault"),
    [
        ("{category: spma, at_least: 0.9}", "'spma' is not known here; did you mean 'spam'?"),
        ("{category: spam, at_least: 98}", "98 is outside 0 to 1; scores run from 0 to 1, did you mean 0.98?"),
        ("{category: spam, at_least: -1}", "-1 is outside 0 to 1"),
        ("{category: spam, at_least: .nan}", "expected a number, found nan"),
        ("{category: spam, at_least: .inf}", "expected a number, found inf"),
        ("{category: spam, at_least: '0.9'}", "expected a number, found text"),
        ("{category: spam, at_least: true}", "expected a number, found true"),
        ("{category: spam, at_least: 12:30}", "expected a number, found text"),
        ("{category: spam}", "nothing to compare with; add one of: at_least, at_most, between"),
        ("{category: spam, between: 0.5}", "expected two numbers; as in [0.6, 0.9], ends included"),
        ("{category: spam, between: [0.9, 0.5]}", "0.9 is above 0.5; put the lower number first"),
        (
            "{category: spam, contains: x}",
            "'contains' is not known here; known are: at_least, at_most, between, category",
        ),
        ("{category: [spam], at_least: 0.9}", "'category' names one; use 'any_of' for several"),
        ("{any_of: [], at_least: 0.9}", "the list is empty; name at least one"),
        ("{all: []}", "the list is empty; give it one condition an entry"),
        ("{all: {has_url: true}}", "expected a list, found keys and values; give it one condition an entry"),
        ("{}", "the condition is empty; as in {category: spam, at_least: 0.9}"),
        ("[]", "expected keys and values, found a list; as in {category: spam, at_least: 0.9}"),
        ("{langauge: en}", "'langauge' is not known here; did you mean 'language'?"),
        ("{language: 12}", "not a language; use a code such as en, pt-BR or unknown"),
        ("{author.trusted: yes}", "expected true or false, found text"),
        ("{author.trust: trustd}", "'trustd' is not known here; did you mean 'trusted'?"),
        (
            "{author.age_days: {contains: x}}",
            "'contains' is not known here; known are: at_least, at_most, between, equals, in",
        ),
        ("{text: buy}", "expected keys and values, found text; as in {contains: [buy now, free money]}"),
        ("{text: {contains: ''}}", "expected 1 to 200 characters, found 0"),
        ("{text: {contains: 12}}", "expected text, found 12; put it in quotes"),
        (
            "{text.length: {at_least: 9, at_most: 2}}",
            "no value is 'at_least' and 'at_most' these at once; swap the two numbers",
        ),
        (
            "{metadata.plan: {}}",
            "nothing to compare with; add one of: at_least, at_most, between, equals, in, contains, matches",
        ),
        ("{term_list: ''}", "expected 1 to 100 characters, found 0"),
        (
            "{has_url: true, language: en}",
            "'has_url' and 'language' stand in one condition; put each in its own entry under 'all' or 'any'",
        ),
        ("{has_url: true, at_least: 2}", "'at_least' is not known here; known are: has_url"),
    ],
)
def test_a_faulty_condition_is_named_with_its_mend(condition, fault):
    assert faults_when(condition) == [f"line 4: rule 'hit': {fault}"]


def test_a_pattern_that_is_not_linear_is_refused():
    (fault,) = faults_when("{text: {matches: '(?<=a)b'}}")
    assert fault.endswith("invalid perl operator: (?<=; patterns are RE2: no look-around, no back-references")


def test_conditions_nest_eight_deep_and_no_deeper():
    deep = "{not: " * 7 + "{has_url: true}" + "}" * 7
    load_policy(f"{HEAD}rules: [{{name: a, when: {deep}, then: review}}]\ndefault: approve")
    assert faults_when(f"{{not: {deep}}}") == [
        "line 4: rule 'hit': conditions nest deeper than 8 levels; split the rule"
    ]


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("{then: reject}", "rule rules[0]: 'name' is missing; every rule has a name of its own"),
        ("{name: a}", "rule 'a': 'then' is missing; one of approve, review, reject"),
        ("{name: a, then: delete}", "rule 'a': 'delete' is not known here; known are: approve, reject, review"),
        (
            "{name: a, then: reject, queue: general}",
            "rule 'a': 'queue' is for review only; remove it, or write 'then: review'",
        ),
        ("{name: a, then: review, priority: 101}", "rule 'a': 101 is outside 0 to 100"),
        ("{name: a, then: review, priority: 1.5}", "rule 'a': expected a whole number, found 1.5"),
        (
            "{name: a, then: review, queue: Hate Speech}",
            "rule 'a': 'Hate Speech' is not a name; "
            "use lower-case letters, "
            "digits and hyphens, 64 at most, as in 'child-safety'",
        ),
        ("{name: default, then: review}", "rule 'default': the name 'default' is taken; it means: no rule held"),
        ("{name: a, then: review, wehn: {}}", "rule 'a': 'wehn' is not known here; did you mean 'when'?"),
        (
            "{name: a, then: review, when: }",
            "rule 'a': expected keys and values, found nothing; as in {category: spam, at_least: 0.9}",
        ),
        ("reject", "expected keys and values, found text; as in {name: ..., when: ..., then: ...}"),
    ],
)
def test_a_faulty_rule_is_named_with_its_mend(rule, fault):
    assert faults_of(f"{HEAD}rules:\n  - {rule}\ndefault: approve") == [f"line 4: {fault}"]


def test_two_rules_of_one_name_are_refused():
    rules = "rules:\n  - {name: a, then: review}\n  - {name: a, then: reject}\n"
    hint = "the first is on line 4; every rule has a name of its own"
    assert faults_of(f"{HEAD}{rules}default: approve") == [f"line 5: rule 'a': the name stands twice; {hint}"]


def test_a_missing_part_is_named():
    assert faults_of("description: nothing else") == [
        "line 1: 'version' is missing; write 'version: 1'",
        "line 1: 'policy' is missing; give the policy a name, as in 'policy: default'",
        "line 1: 'rules' is missing; list the rules; the first that holds decides",
        "line 1: 'default' is missing; say what happens when no rule holds, as in 'default: approve'",
    ]


def test_a_rule_that_can_never_decide_is_a_warning():
    source = f"{HEAD}rules:\n  - {{name: all, then: review}}\n  - {{name: spam, then: reject}}\ndefault: approve"
    (warning,) = load_policy(source).warnings
    assert str(warning) == "line 5: rule 'spam' can never decide; rule 'all' on line 4 has no 'when' and always holds"
