"""What each chart says of a day, and where its parts are drawn."""

import pytest

from dashboard.charts import CHARTS, ChartData, Decided, Received, Series, Waiting
from dashboard.charts.base import Chart
from dashboard.drawing import draw, nice_ceiling
from moderation.enums import DecisionSource, Outcome
from tests import factories
from tests.dashboard.conftest import NOW, ago


def test_charts_have_slugs_of_their_own():
    assert len({chart.slug for chart in CHARTS}) == len(CHARTS)
    assert all(issubclass(chart, Chart) and chart.title and chart.nothing for chart in CHARTS)


@pytest.mark.parametrize(
    ("value", "top"), [(0, 4), (5, 6), (9, 10), (13, 20), (101, 120), (130, 150), (2001, 2500), (8001, 10000)]
)
def test_an_axis_ends_at_a_round_number(value, top):
    assert nice_ceiling(value) == top


def test_the_tallest_column_reaches_its_share_of_the_axis():
    drawing = draw(Received(), ChartData("Hour", ("13:00", "14:00"), (Series("Received", "neutral", (5, 10)),)))
    assert [(column.x, column.width, column.y, column.height) for column in drawing.columns] == [
        ("5.500%", "39.000%", 92.0, 80.0),
        ("55.500%", "39.000%", 12.0, 160.0),
    ]
    assert [line.value for line in drawing.gridlines] == [5, 10]


def test_segments_of_a_bar_follow_each_other():
    series = (
        Series("Approve", "approve", (3, 1)),
        Series("Review", "review", (0, 0)),
        Series("Reject", "reject", (1, 1)),
    )
    drawing = draw(Decided(), ChartData("Source", ("Policy", "Moderator"), series))
    assert [[(part.series.tone, part.x, part.width) for part in bar.segments] for bar in drawing.bars] == [
        [("approve", "0.000%", "75.000%"), ("reject", "75.000%", "25.000%")],
        [("approve", "0.000%", "25.000%"), ("reject", "25.000%", "25.000%")],
    ]


@pytest.mark.django_db
def test_received_says_the_total_and_how_long_the_workers_are_behind(receive, period):
    receive(ago(minutes=7))
    chart = Received()
    data = chart.data(period)
    assert data.labels[0] == "14:00"
    assert data.total == 1
    assert [(card.title, card.value, card.alarming) for card in chart.cards(period, data)] == [
        ("Received", "1", False),
        ("Being processed", "1", True),
    ]


@pytest.mark.django_db
def test_decided_says_how_much_the_policy_did_alone(decide, period):
    for outcome in (Outcome.APPROVE, Outcome.REJECT, Outcome.REVIEW):
        decide(ago(hours=1), outcome)
    decide(ago(hours=1), Outcome.APPROVE, DecisionSource.MODERATOR)
    data = Decided().data(period)
    assert data.rows()[:2] == [("Policy", (1, 1, 1)), ("Moderator", (1, 0, 0))]
    (card,) = Decided().cards(period, data)
    assert (card.value, card.note) == ("3", "66 % by the policy alone")


@pytest.mark.django_db
def test_waiting_says_how_many_are_overdue(period):
    factories.CaseFactory(opened_at=ago(hours=30), due_at=ago(hours=6))
    factories.CaseFactory(opened_at=NOW)
    data = Waiting().data(period)
    assert data.rows() == [("General", (1, 0, 0, 1))]
    (card,) = Waiting().cards(period, data)
    assert (card.value, card.note, card.alarming) == ("2", "1 overdue", True)
