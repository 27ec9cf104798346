"""Which bands are recommended to a policy."""

from training.bands import recommended


def test_a_band_that_catches_next_to_nothing_is_not_recommended():
    found = {"0.9": {"threshold": 0.7, "recall": 0.03, "false_positive_rate": 0.0}, "0.99": None}
    assert recommended("violence", found) == {"review_from": 0.5, "reject_from": None}
    found["0.9"]["recall"] = 0.2
    assert recommended("violence", found) == {"review_from": 0.7, "reject_from": None}
