"""Where a policy begins to act on a category, asked of the policy itself."""

import pytest

from moderation.evaluation.bands import Bands, bands
from moderation.policy.loader import load_policy

POLICY = """
version: 1
policy: garden
rules:
  - name: sure
    when: {category: spam, at_least: 0.9731}
    then: reject
  - name: known-spammer
    when: {all: [{category: spam, at_least: 0.2}, {author.trust: restricted}]}
    then: review
  - name: likely
    when: {any_of: [spam, url_risk], at_least: 0.61}
    then: review
  - name: welcome
    when: {category: profanity, at_least: 0.3}
    then: approve
  - name: expert
    when: {cel: "scores.insult > 0.4"}
    then: review
default: approve
"""


@pytest.fixture(scope="module")
def policy():
    return load_policy(POLICY)


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("spam", Bands(0.61, 0.9731)),
        ("url_risk", Bands(0.61, None)),
        ("profanity", Bands(None, None)),
        ("hate", Bands(None, None)),
    ],
)
def test_rules_that_need_more_than_the_category_do_not_count(policy, category, expected):
    assert bands(policy, category) == expected


def test_an_expert_rule_is_found_by_trying(policy):
    assert bands(policy, "insult") == Bands(0.401, None)


def test_a_policy_that_reviews_everything_has_no_band_but_where_it_rejects():
    assert bands(load_policy(POLICY.replace("default: approve", "default: review")), "spam") == Bands(None, 0.9731)
