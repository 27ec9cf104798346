"""Every condition: when it holds, when it does not, and what it says of a fact that is not known."""

import pytest

from moderation.policy.engine import evaluate
from moderation.policy.facts import AuthorFacts
from tests.moderation.policy.builders import read, when

WRITER = AuthorFacts(trust="restricted", prior_rejections=3, prior_approvals=7, age_days=2.5)

HOLDS = [
    ("{category: spam, at_least: 0.5}", read({"spam": 0.5})),
    ("{category: spam, at_most: 0.5}", read({"spam": 0.5})),
    ("{category: spam, between: [0.2, 0.4]}", read({"spam": 0.4})),
    ("{category: spam, at_least: 0.2, at_most: 0.4}", read({"spam": 0.3})),
    ("{any_of: [hate, spam], at_least: 0.5}", read({"spam": 0.6})),
    ("{category: self-harm/intent, at_least: 0.5}", read({"self-harm/intent": 0.6})),
    ("{text: {contains: Buy Now}}", read(text="please BUY NOW, friends")),
    ("{text: {contains: [kauf, STRASSE]}}", read(text="in der Straße")),
    ("{text: {matches: '(?i)\\bcheap\\b'}}", read(text="very Cheap shoes")),
    ("{text: {contains: shoes, matches: '[0-9]'}}", read(text="2 shoes")),
    ("{text: {equals: spam}}", read(text="spam")),
    ("{text.length: {at_most: 3}}", read(text="abc")),
    ("{text.length: 3}", read(text="abc")),
    ("{has_url: true}", read(text="go to www.example.org")),
    ("{has_url: true}", read(text="go to example.org/win")),
    ("{has_url: false}", read(text="version 1.2 is out.Really")),
    ("{language: en}", read(language="en-GB")),
    ("{language: [de, en]}", read(language="EN")),
    ("{language: no}", read(language="no")),
    ("{language: unknown}", read()),
    ("{not: {language: en}}", read(language="enm")),
    ("{author.trust: restricted}", read(author=WRITER)),
    ("{author.trust: {in: [normal, restricted]}}", read(author=WRITER)),
    ("{author.trusted: false}", read(author=WRITER)),
    ("{author.trusted: true}", read(author=AuthorFacts(trust="trusted"))),
    ("{author.suspended: true}", read(author=AuthorFacts(suspended=True))),
    ("{author.suspended: false}", read(author=WRITER)),
    ("{author.prior_rejections: {at_least: 3}}", read(author=WRITER)),
    ("{author.prior_approvals: {between: [7, 9]}}", read(author=WRITER)),
    ("{author.age_days: {at_most: 3}}", read(author=WRITER)),
    ("{metadata.plan: free}", read(metadata={"plan": "free"})),
    ("{metadata.plan: [free, trial]}", read(metadata={"plan": "trial"})),
    ("{metadata.plan: {contains: RE}}", read(metadata={"plan": "free"})),
    ("{metadata.plan: {matches: ^f}}", read(metadata={"plan": "free"})),
    ("{metadata.user.level: {at_least: 3}}", read(metadata={"user": {"level": 3}})),
    ("{metadata.paid: false}", read(metadata={"paid": False})),
    ("{term_list: slurs}", read(term_lists=frozenset({"slurs"}))),
    ("{term_list: [slurs, brands]}", read(term_lists=frozenset({"brands"}))),
    ("{hash_bank: logos}", read(hash_banks={"logos": "allow"})),
    ("{hash_bank: [logos, known]}", read(hash_banks={"known": "block"})),
    ("{hash_bank_action: [block, review]}", read(hash_banks={"known": "review"})),
    ("{cel: '\"logos\" in hash_banks'}", read(hash_banks={"logos": "allow"})),
    ("{not: {category: spam, at_least: 0.5}}", read()),
    ("{any: [{has_url: true}, {language: unknown}]}", read()),
    ("{all: [{has_url: false}, {language: unknown}]}", read()),
]

DOES_NOT_HOLD = [
    ("{category: spam, at_least: 0.5}", read({"spam": 0.4999})),
    ("{category: spam, at_most: 0.5}", read({"spam": 0.5001})),
    ("{category: spam, between: [0.2, 0.4]}", read({"spam": 0.41})),
    ("{any_of: [hate, spam], at_least: 0.5}", read({"pii": 0.6})),
    ("{text: {contains: [one, two]}}", read(text="three")),
    ("{text: {contains: shoes, matches: '[0-9]'}}", read(text="two shoes")),
    ("{text: {matches: ^cheap$}}", read(text="very cheap")),
    ("{text: {equals: spam}}", read(text="Spam")),
    ("{language: en}", read(language="")),
    ("{author.trusted: true}", read()),
    ("{author.trusted: false}", read()),
    ("{author.suspended: true}", read(author=WRITER)),
    ("{author.suspended: true}", read()),
    ("{author.suspended: false}", read()),
    ("{author.age_days: {at_most: 3}}", read(author=AuthorFacts())),
    ("{metadata.plan: free}", read()),
    ("{metadata.user.level: {at_least: 3}}", read(metadata={"user": "level"})),
    ("{metadata.level: {at_least: 3}}", read(metadata={"level": "9"})),
    ("{metadata.level: {at_least: 0}}", read(metadata={"level": True})),
    ("{metadata.level: 1}", read(metadata={"level": True})),
    ("{metadata.level: {contains: a}}", read(metadata={"level": ["a"]})),
    ("{metadata.level: 1}", read(metadata={"level": None})),
    ("{term_list: slurs}", read(term_lists=frozenset({"brands"}))),
    ("{hash_bank: logos}", read(hash_banks={"known": "block"})),
    ("{hash_bank: logos}", read()),
    ("{hash_bank_action: block}", read(hash_banks={"known": "allow"})),
    ("{any: [{has_url: true}, {language: en}]}", read()),
    ("{all: [{has_url: false}, {language: en}]}", read()),
]


@pytest.mark.parametrize(("condition", "facts"), HOLDS)
def test_condition_holds(condition, facts):
    assert evaluate(when(condition), facts).outcome == "reject"


@pytest.mark.parametrize(("condition", "facts"), DOES_NOT_HOLD)
def test_condition_does_not_hold(condition, facts):
    assert evaluate(when(condition), facts).outcome == "approve"


def test_a_pattern_takes_linear_time_on_hostile_text():
    assert evaluate(when("{text: {matches: '(a+)+$'}}"), read(text="a" * 50_000 + "b")).outcome == "approve"


def test_a_condition_in_words_never_holds_the_content():
    verdict = evaluate(when("{text: {contains: secret}}"), read(text="my secret"))
    assert [reading.condition for reading in verdict.matches[0].readings] == ["text contains a given phrase"]
