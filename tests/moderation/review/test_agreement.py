"""Measures of agreement, against values that others published or that were worked out by hand."""

import pytest

from moderation.review.agreement import cohens_kappa, krippendorffs_alpha, share_agreed, wilson_interval

GRANTS = {("yes", "yes"): 20, ("yes", "no"): 5, ("no", "yes"): 10, ("no", "no"): 15}


def _units(*raters: str) -> list[tuple[tuple[str | None, ...], int]]:
    """One unit a column; a dot is a value that is missing."""
    return [(tuple(None if value == "." else value for value in column), 1) for column in zip(*raters, strict=True)]


def test_kappa_of_fifty_grant_proposals() -> None:
    """By hand: 35 of 50 agreed, 0.5 * 0.6 + 0.5 * 0.4 by chance: (0.7 - 0.5) / 0.5."""
    kappa = cohens_kappa(GRANTS)
    assert kappa is not None
    assert kappa.value == pytest.approx(0.4)


def test_kappa_and_its_error_as_fleiss_printed_them() -> None:
    """Two diagnosticians and a hundred patients: kappa 0.68, standard error 0.087."""
    kappa = cohens_kappa({(0, 0): 75, (0, 1): 1, (0, 2): 4, (1, 0): 5, (1, 1): 4, (1, 2): 1, (2, 2): 10})
    assert kappa is not None
    assert kappa.value == pytest.approx(0.676, abs=5e-4)
    assert (kappa.high - kappa.low) / 2 / 1.96 == pytest.approx(0.0877, abs=5e-4)


def test_kappa_does_not_depend_on_who_is_first() -> None:
    turned = {(second, first): count for (first, second), count in GRANTS.items()}
    assert cohens_kappa(turned) == cohens_kappa(GRANTS)


def test_kappa_below_chance_is_negative() -> None:
    kappa = cohens_kappa({("yes", "no"): 10, ("no", "yes"): 10})
    assert kappa is not None
    assert kappa.value == pytest.approx(-1)
    assert kappa.low == -1


@pytest.mark.parametrize("pairs", [{}, {("yes", "yes"): 40}], ids=["no pair", "no variation"])
def test_kappa_says_nothing_without_variation(pairs) -> None:
    assert cohens_kappa(pairs) is None


def test_kappa_of_one_who_never_varies_is_chance() -> None:
    kappa = cohens_kappa({("yes", "yes"): 30, ("yes", "no"): 10})
    assert kappa is not None
    assert kappa.value == pytest.approx(0)


def test_share_agreed() -> None:
    assert share_agreed(GRANTS) == 0.7
    assert share_agreed({}) is None


def test_alpha_of_four_observers_with_missing_values() -> None:
    """Krippendorff's own example, "Computing Krippendorff's Alpha-Reliability" (2011): 0.743."""
    units = _units("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    assert krippendorffs_alpha(units) == pytest.approx(0.743, abs=5e-4)


def test_alpha_of_two_observers() -> None:
    """Krippendorff's binary example: 0.095."""
    assert krippendorffs_alpha(_units("0100000010", "1110010000")) == pytest.approx(0.095, abs=5e-4)


def test_alpha_counts_a_unit_as_often_as_it_occurs() -> None:
    counted = [(("yes", "yes"), 20), (("yes", "no"), 15), (("no", "no"), 15)]
    one_by_one = [(values, 1) for values, times in counted for _ in range(times)]
    assert krippendorffs_alpha(counted) == krippendorffs_alpha(one_by_one)


def test_alpha_of_two_raters_by_hand() -> None:
    """35 of 50 agreed; 100 values, 55 yes and 45 no: 1 - 99 * 30 / (100^2 - 55^2 - 45^2)."""
    counted = [(("yes", "yes"), 20), (("yes", "no"), 15), (("no", "no"), 15)]
    assert krippendorffs_alpha(counted) == pytest.approx(1 - 99 * 30 / 4950)


@pytest.mark.parametrize(
    "units",
    [[], [(("yes",), 9)], [(("yes", None), 5), ((None, "no"), 5)], [(("yes", "yes"), 12)]],
    ids=["nothing", "one rater", "never the same thing twice", "no variation"],
)
def test_alpha_says_nothing_without_variation(units) -> None:
    assert krippendorffs_alpha(units) is None


def test_alpha_is_one_where_all_agree_on_different_things() -> None:
    assert krippendorffs_alpha([(("yes", "yes", "yes"), 3), (("no", "no", None), 2)]) == 1


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_interval_as_newcombe_printed_it(right, total, low, high) -> None:
    """R. G. Newcombe, "Two-sided confidence intervals for the single proportion" (1998), table I, method 3."""
    interval = wilson_interval(right, total)
    assert interval is not None
    assert (interval.low, interval.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_wilson_interval_of_all_right_ends_at_one() -> None:
    interval = wilson_interval(20, 20)
    assert interval is not None
    assert (interval.value, interval.high) == (1, 1)
    assert interval.low == pytest.approx(1 - 0.1611, abs=5e-5)


def test_wilson_interval_of_nothing_is_none() -> None:
    assert wilson_interval(0, 0) is None


def test_wilson_interval_refuses_what_is_no_share() -> None:
    with pytest.raises(ValueError, match="4 of 3"):
        wilson_interval(4, 3)
