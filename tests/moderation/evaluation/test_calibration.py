"""Calibration and spread, on cases small enough to count by hand."""

import numpy as np
import pytest

from moderation.evaluation.calibration import ReliabilityPoint, calibration_error, reliability, spread

TRUTH = np.array([False, False, True, True, True])
SCORES = np.array([0.1, 0.3, 0.6, 0.7, 1.0])


def test_each_bin_has_its_mean_score_and_its_share_of_positives():
    assert reliability(TRUTH, SCORES, bins=2) == (
        ReliabilityPoint(pytest.approx(0.2), 0.0, 2),
        ReliabilityPoint(pytest.approx(2.3 / 3), 1.0, 3),
    )


def test_the_error_is_the_weighted_distance():
    assert calibration_error(TRUTH, SCORES, bins=2) == pytest.approx((2 * 0.2 + 3 * (1 - 2.3 / 3)) / 5)


def test_there_are_fifteen_bins_unless_told():
    # 0.06 and 0.07 lie on either side of 1/15.
    assert [point.texts for point in reliability(np.array([True, False]), np.array([0.06, 0.07]))] == [1, 1]


def test_scores_that_keep_their_word_have_no_error():
    assert calibration_error(np.array([True, False, True, False]), np.full(4, 0.5)) == 0.0


def test_no_text_has_no_error():
    assert np.isnan(calibration_error(np.zeros(0, dtype=bool), np.zeros(0)))


def test_the_spread_counts_each_class_and_puts_one_into_the_last_bin():
    found = spread(TRUTH, SCORES, bins=4)
    assert (found.negatives, found.positives) == ((1, 1, 0, 0), (0, 0, 2, 1))
