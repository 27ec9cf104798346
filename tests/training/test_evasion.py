"""The evasion report, on a scorer simple enough to follow."""

import numpy as np
import pytest

from training.attacks import ATTACKS
from training.evasion import evasion_report

TEXTS, TRUTH = (
    ["you silly goose", "a silly day", "hello there", "silly", "good evening"],
    [True, True, False, False, False],
)


def _sees_silly(texts):
    return np.array([0.9 if "silly" in text.lower() else 0.1 for text in texts])


def test_every_attack_is_reported_after_the_clean_texts():
    assert list(evasion_report(_sees_silly, TEXTS, TRUTH)) == ["clean", *ATTACKS]


def test_recall_and_false_positives_are_set_against_clean():
    report = evasion_report(_sees_silly, TEXTS, TRUTH)
    assert (report["clean"].recall, report["clean"].false_positive_rate) == (1.0, pytest.approx(1 / 3))
    assert (report["case"].recall_kept, report["case"].false_positives_grown) == (1.0, 1.0)
    assert (report["zero_width"].recall_kept, report["zero_width"].false_positives_grown) == (0.0, 0.0)


def test_nothing_to_compare_with_is_not_a_number():
    report = evasion_report(lambda texts: np.zeros(len(texts)), TEXTS, TRUTH)
    assert np.isnan(report["swap"].recall_kept)
