"""The measures, on cases small enough to count by hand."""

import numpy as np
import pytest

from training.bands import recommended
from training.measures import at_threshold, quality, threshold_for


def test_a_perfect_ranking_measures_one():
    ranking = quality(np.array([True, True, False]), np.array([0.9, 0.8, 0.1]))
    assert (ranking.positives, ranking.negatives, ranking.auprc, ranking.roc) == (2, 1, 1.0, 1.0)


def test_a_mixed_ranking_is_counted_by_hand():
    ranking = quality(np.array([True, False, True, False]), np.array([0.9, 0.8, 0.7, 0.1]))
    assert ranking.auprc == pytest.approx((1 + 2 / 3) / 2)
    assert ranking.roc == 0.75


def test_equal_scores_rank_as_chance():
    ranking = quality(np.array([True, False, False, False]), np.full(4, 0.5))
    assert (ranking.auprc, ranking.roc) == (0.25, 0.5)


def test_one_class_alone_has_no_ranking():
    assert np.isnan(quality(np.array([True]), np.array([0.5])).auprc)


def test_a_threshold_acts_on_what_reaches_it():
    at = at_threshold(np.array([True, False, True]), np.array([0.9, 0.9, 0.2]), 0.9)
    assert (at.precision, at.recall, at.false_positive_rate, at.acted_on) == (0.5, 0.5, 1.0, 2)


def test_the_lowest_threshold_that_keeps_both_limits_is_found():
    truth = np.array([True] * 99 + [False] + [True] * 10 + [False] * 200)
    found = threshold_for(truth, np.linspace(1, 0, len(truth)), 0.99, largest_fpr=0.01)
    assert (found.acted_on, found.precision) == (110, pytest.approx(109 / 110))


def test_too_few_texts_prove_no_threshold():
    assert threshold_for(np.array([True] * 10 + [False] * 10), np.linspace(1, 0, 20), 0.99) is None


def test_a_band_that_catches_next_to_nothing_is_not_recommended():
    found = {"0.9": {"threshold": 0.7, "recall": 0.03, "false_positive_rate": 0.0}, "0.99": None}
    assert recommended("violence", found) == {"review_from": 0.5, "reject_from": None}
    found["0.9"]["recall"] = 0.2
    assert recommended("violence", found) == {"review_from": 0.7, "reject_from": None}
