"""The measures, on cases small enough to count by hand."""

import numpy as np
import pytest

from moderation.evaluation.measures import (
    at_false_positive_rate,
    at_threshold,
    best_f1,
    quality,
    threshold_for,
    when_acted,
)


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


def test_ties_across_classes_share_their_step():
    # 0.8: one of two, 0.5: two of four. ROC: hits 1/2 at 1/2, then 1 at 1: half of the area each way.
    ranking = quality(np.array([True, False, True, False]), np.array([0.8, 0.8, 0.5, 0.5]))
    assert (ranking.auprc, ranking.roc) == (0.5, 0.5)


def test_a_worst_ranking_has_no_area():
    ranking = quality(np.array([False, False, True]), np.array([0.9, 0.8, 0.1]))
    assert (ranking.auprc, ranking.roc) == (pytest.approx(1 / 3), 0.0)


def test_f1_is_the_harmonic_mean():
    at = at_threshold(np.array([True, True, True, False]), np.array([0.9, 0.1, 0.1, 0.9]), 0.5)
    assert (at.precision, at.recall, at.f1) == (0.5, pytest.approx(1 / 3), pytest.approx(0.4))


def test_nothing_acted_on_has_no_precision_and_an_f1_of_zero():
    at = when_acted(np.array([True, False]), np.array([False, False]))
    assert np.isnan(at.precision)
    assert (at.recall, at.f1, at.false_positive_rate, at.acted_on) == (0.0, 0.0, 0.0, 0)


def test_the_threshold_at_one_percent_false_positives_lets_one_in_a_hundred_pass():
    truth = np.array([True, True, True] + [False] * 100)
    scores = np.array([0.9, 0.7, 0.3, 0.8, 0.6] + [0.1] * 98)
    found = at_false_positive_rate(truth, scores, 0.01)
    assert (found.threshold, found.acted_on, found.false_positive_rate) == (0.7, 3, 0.01)
    assert (found.precision, found.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))


def test_too_few_negatives_let_none_pass():
    truth = np.array([True, True] + [False] * 10)
    found = at_false_positive_rate(truth, np.array([0.9, 0.7, 0.8] + [0.1] * 9), 0.01)
    assert (found.threshold, found.recall, found.false_positive_rate) == (0.9, 0.5, 0.0)


def test_no_threshold_where_the_highest_score_is_a_false_alarm():
    assert at_false_positive_rate(np.array([False, True]), np.array([0.9, 0.1]), 0.01) is None
    assert at_false_positive_rate(np.array([True]), np.array([0.9]), 0.01) is None


def test_the_best_f1_is_found():
    truth = np.array([True, True, False, True, False])
    found = best_f1(truth, np.array([0.9, 0.8, 0.7, 0.6, 0.5]))
    assert (found.threshold, found.f1) == (0.6, pytest.approx(6 / 7))


def test_a_score_of_zero_is_no_threshold():
    assert best_f1(np.array([True, False]), np.zeros(2)) is None
    assert at_false_positive_rate(np.array([True, False]), np.zeros(2), 1.0) is None


def test_one_class_or_no_text_at_all_measures_nothing():
    nobody = np.zeros(0, dtype=bool)
    assert np.isnan(quality(nobody, np.zeros(0)).roc)
    assert best_f1(nobody, np.zeros(0)) is None
    assert best_f1(np.array([True]), np.array([0.5])) is None
    assert np.isnan(at_threshold(nobody, np.zeros(0), 0.5).f1)
