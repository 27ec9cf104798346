"""The charts, in the order in which the dashboard shows them. A new one is a file here and a line below."""

from dashboard.charts.base import Card, Chart, ChartData, Series
from dashboard.charts.decided import Decided
from dashboard.charts.received import Received
from dashboard.charts.waiting import Waiting

CHARTS: tuple[type[Chart], ...] = (Received, Decided, Waiting)

__all__ = ["CHARTS", "Card", "Chart", "ChartData", "Series"]
