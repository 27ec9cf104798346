"""CSV that is safe to open in a spreadsheet."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from reviewengine.csv_files import cell, csv_lines


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "＝1"])
def test_a_spreadsheet_runs_nothing(text):
    assert cell(text) == f"'{text}"


def test_a_negative_number_stays_a_number():
    assert list(csv_lines([(-1, -0.5, Decimal("-0.2500"))])) == ["-1,-0.5,-0.2500\r\n"]


def test_times_lists_and_what_is_missing_are_cells():
    moment = datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert list(csv_lines([(moment, ["a", "b"], None, True)])) == ["2026-01-31T12:00:00Z,a; b,,true\r\n"]
