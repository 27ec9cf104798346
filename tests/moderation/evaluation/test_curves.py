"""The points that the curves are drawn through."""

import numpy as np

from moderation.evaluation.curves import Curve, curve


def test_a_point_for_every_distinct_score():
    found = curve(np.array([True, False, True, False]), np.array([0.9, 0.5, 0.5, 0.1]))
    assert found == Curve(
        thresholds=(0.9, 0.5, 0.1), precision=(1.0, 2 / 3, 0.5), recall=(0.5, 1.0, 1.0), false_positive_rate=(0, 0.5, 1)
    )


def test_many_points_are_thinned_and_the_ends_stay():
    found = curve(np.arange(1000) % 2 == 0, np.linspace(0, 1, 1000), most=11)
    assert (len(found.recall), found.thresholds[0], found.thresholds[-1]) == (11, 1.0, 0.0)


def test_one_class_has_no_curve():
    assert curve(np.array([True, True]), np.array([0.9, 0.5])) == Curve()
