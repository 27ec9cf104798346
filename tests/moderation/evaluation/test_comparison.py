"""Two scores of the same texts: ranks, shift, thresholds, against numbers worked out by hand and by scipy's rules."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from moderation.evaluation.comparison import agreement, compare, matching_threshold, spearman

scores = arrays(float, st.integers(2, 60), elements=st.floats(0, 1, width=16))


def of(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        (of(0.1, 0.2, 0.9), of(0.3, 0.4, 0.5), 1.0),
        (of(0.1, 0.2, 0.9), of(0.5, 0.4, 0.3), -1.0),
        # Ranks 1 2.5 2.5 4 against 1 3 2 4: 4.5 of the square root of 4.5 times 5.
        (of(0.1, 0.2, 0.2, 0.9), of(0.1, 0.5, 0.3, 0.8), 4.5 / math.sqrt(22.5)),
    ],
)
def test_ranks_are_compared_and_equal_scores_share_theirs(a, b, expected):
    assert spearman(a, b) == pytest.approx(expected)


def test_what_never_changes_has_no_rank():
    assert math.isnan(spearman(of(0.5, 0.5), of(0.1, 0.9)))
    assert math.isnan(spearman(of(0.5), of(0.1)))


@given(scores)
def test_a_stretched_score_ranks_alike(old):
    found = spearman(old, old**2 / 2)
    assert math.isnan(found) or found == pytest.approx(1, abs=1e-6)


def test_kappa_is_the_agreement_beyond_chance():
    found = agreement(of(0.9, 0.9, 0.1, 0.1, 0.1), of(0.6, 0.1, 0.6, 0.1, 0.1), 0.8, 0.5)
    assert (found.old_share, found.new_share, found.agreed) == (0.4, 0.4, 0.6)
    assert found.kappa == pytest.approx((0.6 - 0.52) / 0.48)


def test_where_both_flag_everything_there_is_no_kappa():
    assert math.isnan(agreement(of(0.9, 0.9), of(0.9, 0.9), 0.5, 0.5).kappa)


def test_the_matching_threshold_flags_as_many():
    old, new = of(0.9, 0.8, 0.2, 0.1), of(0.50, 0.40, 0.30, 0.20)
    assert matching_threshold(old, new, 0.8) == pytest.approx(0.35)
    assert matching_threshold(old, new, 0.0) == 0.20
    assert math.isnan(matching_threshold(old, new, 0.95))


@given(scores, st.floats(0, 1))
def test_no_other_threshold_comes_nearer(old, threshold):
    new = old[::-1] * 0.7
    found = matching_threshold(old, new, threshold)
    wanted = int((old >= threshold).sum())
    if wanted:
        nearest = min(abs(int((new >= one).sum()) - wanted) for one in new)
        assert abs(int((new >= found).sum()) - wanted) == nearest


def test_a_comparison_says_how_much_higher_ours_is():
    found = compare(of(0.2, 0.8), of(0.4, 0.9), (0.5,))
    assert (found.texts, found.spearman, found.shift) == (2, 1.0, pytest.approx(0.15))
    assert [(one.old_share, one.new_share) for one in found.at[0]] == [(0.5, 0.5), (0.5, 0.5)]


def test_nothing_compared_says_nothing():
    assert compare(of(), of(), (0.5,)).at == ()
