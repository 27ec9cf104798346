"""Kleene's three-valued logic, against its truth tables."""

from hypothesis import given
from hypothesis import strategies as st

from moderation.policy.facts import Facts
from moderation.policy.logic import all_of, any_of, not_

TRUTHS = st.lists(st.sampled_from([True, False, None]), min_size=1, max_size=6)
# Kleene's values as numbers: and is the minimum, or the maximum, not the mirror image.
NUMBER = {False: 0, None: 1, True: 2}
TRUTH = {number: truth for truth, number in NUMBER.items()}


def constants(truths):
    return [lambda _, truth=truth: truth for truth in truths]


@given(TRUTHS)
def test_and_is_the_least_of_its_parts(truths):
    assert all_of(constants(truths))(Facts()) is TRUTH[min(NUMBER[truth] for truth in truths)]


@given(TRUTHS)
def test_or_is_the_greatest_of_its_parts(truths):
    assert any_of(constants(truths))(Facts()) is TRUTH[max(NUMBER[truth] for truth in truths)]


@given(st.sampled_from([True, False, None]))
def test_not_turns_truth_round_and_leaves_unknown(truth):
    assert not_(lambda _: truth)(Facts()) is TRUTH[2 - NUMBER[truth]]
