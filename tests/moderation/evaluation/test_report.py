"""The whole report: what is counted, what is left out, and how it reads."""

import numpy as np
import orjson
import pytest

from moderation.detectors.panel import Panel
from moderation.enums import Category
from moderation.evaluation.drawing import charts
from moderation.evaluation.labelled import LabelledFile, LabelledText
from moderation.evaluation.readings import Readings, read
from moderation.evaluation.report import Report, file_report, slice_report
from moderation.evaluation.speed import latency, machine
from moderation.evaluation.tables import Table, as_markdown, as_text, file_tables, general_tables
from moderation.policy.loader import load_policy

POLICY = load_policy(
    "version: 1\npolicy: garden\ndefault: approve\nrules:\n"
    "  - {name: sure, when: {category: spam, at_least: 0.9}, then: reject}\n"
    "  - {name: likely, when: {category: spam, at_least: 0.5}, then: review}\n"
)
NAN = float("nan")


def _rows(*truths: int | None) -> tuple[LabelledText, ...]:
    return tuple(LabelledText("Two women sang.", {} if one is None else {"spam": bool(one)}) for one in truths)


def _readings(spam: list[float], outcomes: list[str]) -> Readings:
    scores = {name: np.full(len(spam), NAN) for name in Category.values} | {"spam": np.array(spam)}
    return Readings(scores, np.array(outcomes), ("en",) * len(spam), {}, seconds=0.5)


@pytest.fixture
def report():
    """Four labelled and read, one labelled and not read, one read and not labelled."""
    file = LabelledFile("garden.jsonl", _rows(1, 1, 0, 0, 1, None), {"joy": 2})
    outcomes = ["reject", "approve", "review", "approve", "review", "approve"]
    readings = _readings([0.95, 0.4, 0.6, 0.1, NAN, 0.99], outcomes)
    return Report(
        made_at="2026-01-01T00:00:00+00:00",
        policy="garden@1",
        panel="panel-0",
        detectors={"marker": "marker-1"},
        machine=machine(),
        batch=64,
        latency=latency([], Panel([]), at_most=5),
        files=(file_report(file, readings, POLICY),),
        slices=slice_report([(file, readings)], POLICY),
    )


def test_only_what_is_labelled_and_read_is_measured(report):
    (spam,) = report.files[0].categories
    assert (spam.category, spam.texts, spam.positives, spam.unread) == ("spam", 4, 2, 1)
    assert (spam.auprc, spam.roc) == (pytest.approx((1 + 2 / 3) / 2), 0.75)


def test_the_thresholds_are_those_of_the_policy(report):
    (spam,) = report.files[0].categories
    assert (spam.at_review.threshold, spam.at_review.precision, spam.at_review.recall) == (0.5, 0.5, 0.5)
    assert (spam.at_reject.threshold, spam.at_reject.precision, spam.at_reject.recall) == (0.9, 1.0, 0.5)


def test_what_the_policy_does_counts_unread_texts_too(report):
    (spam,) = report.files[0].policy
    assert (spam.texts, spam.positives, spam.flagged.acted_on, spam.rejected.acted_on) == (5, 3, 3, 1)
    assert (spam.flagged.precision, spam.flagged.recall) == (pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert report.files[0].outcomes == {"approve": 3, "review": 2, "reject": 1}
    assert report.files[0].texts_a_second == 12


def test_as_json_what_is_not_a_number_is_null(report):
    found = orjson.loads(orjson.dumps(report.to_json()))
    assert found["latency"]["p50"] is None
    assert found["files"][0]["categories"][0]["at_best_f1"]["f1"] == 0.8
    assert found["files"][0]["categories"][0]["curve"]["thresholds"] == [0.95, 0.6, 0.4, 0.1]


def test_one_class_is_reported_without_areas_and_drawn_without_curves():
    file = LabelledFile("garden.jsonl", _rows(0, 0))
    (spam,) = file_report(file, _readings([0.1, 0.7], ["approve", "review"]), POLICY).categories
    assert np.isnan([spam.auprc, spam.roc]).all()
    assert spam.at_best_f1 is None
    assert [chart.title for chart in charts(spam)] == ["Reliability", "Scores"]


def test_a_category_that_nothing_reads_is_unread_and_not_drawn():
    file = LabelledFile("garden.jsonl", (LabelledText("Tea.", {"hate": True}),))
    found = file_report(file, _readings([0.1], ["approve"]), POLICY)
    assert [(one.texts, one.unread, one.at_review) for one in found.categories] == [(0, 1, None)]
    assert charts(found.categories[0]) == []
    assert file_tables(found)[0].rows == (("hate", "0", "0", "1", "-", "-", "-"),)


def test_slices_hold_mentions_and_the_groups_of_the_file():
    rows = tuple(LabelledText("Two women sang.", {"spam": at < 5}, "de", "choir") for at in range(20))
    file = LabelledFile("garden.jsonl", rows)
    found = slice_report([(file, _readings([0.9] * 10 + [0.1] * 10, ["approve"] * 20))], POLICY)
    assert [(one.name, one.texts, one.positives) for one in found] == [
        ("group choir", 20, 5), ("language de", 20, 5), ("women", 20, 5)
    ]  # fmt: skip
    assert found[0].false_positive_rate == pytest.approx(1 / 3)


def test_every_table_is_complete_and_reads_as_text_and_markdown(report):
    tables = [*file_tables(report.files[0]), *general_tables(report)]
    assert [table.title for table in tables] == [
        "How well the scores rank", "What happens from a score on", "What the policy does", "Speed of the detectors",
        "Versions", "Machine",
    ]  # fmt: skip
    assert all(len(row) == len(table.columns) for table in tables for row in table.rows)
    assert all(table.title in as_text(table) and table.title in as_markdown(table) for table in tables)


def test_tables_align_in_the_terminal_and_escape_in_markdown():
    table = Table("Tea", ("a|b", "n"), (("x", "1,000"),), "Hot.")
    assert as_text(table) == "Tea\n  a|b      n\n  x    1,000\n  Hot."
    assert as_markdown(table) == "**Tea**\n\n| a\\|b | n |\n| --- | ---: |\n| x | 1,000 |\n\nHot."


def test_curves_are_drawn_from_corner_to_corner(report):
    (precision_recall, receiver, reliability, spread) = charts(report.files[0].categories[0])
    assert receiver.line == "46.0,222.0 46.0,117.0 151.0,117.0 151.0,12.0 256.0,12.0"
    assert precision_recall.guide == "46.0,117.0 256.0,117.0"
    assert [(dot.x, dot.y, dot.radius) for dot in reliability.dots][0] == (67.0, 222.0, 8.0)
    assert {(bar.side, bar.height) for bar in spread.bars} == {("negative", 105.0), ("positive", 105.0)}


def test_a_failed_detector_is_counted_and_its_categories_are_unread(failing_panel):
    rows = (LabelledText("Tea.", {"insult": False}), LabelledText("poison", {"insult": True}))
    found = read(rows, failing_panel, POLICY, batch=1)
    assert found.failures == {"marker: RuntimeError": 1}
    assert np.isnan(found.scores["insult"]).tolist() == [False, True]


def test_texts_are_timed_one_by_one(failing_panel):
    found = latency(["Tea.", "Soup!!"] * 10, failing_panel, at_most=4)
    assert (found.texts, found.mean_characters) == (4, 4.5)
    assert 0 < found.p50 <= found.p95 <= found.p99
