"""Where the parts of a chart stand: percentages across, pixels down, so that a drawing fits any width unscaled."""

from dataclasses import dataclass
from itertools import accumulate

from dashboard.charts.base import Chart, ChartData, Series

PLOT_HEIGHT = 160
TOP = 12
LABEL_EVERY = 3
NARROW_LABEL_EVERY = 6  # where the screen is narrow
COLUMN_SHARE = 0.78  # of the room that each column has


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``x`` and ``width`` in percent, ``y`` and ``height`` in pixels."""

    label: str
    value: int
    x: str
    middle: str
    width: str
    y: float
    height: float
    label_class: str  # empty: no label


@dataclass(frozen=True, slots=True)
class Gridline:
    value: int
    y: float


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a stacked bar, in percent of the drawing's width."""

    series: Series
    value: int
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    total: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart with its numbers, laid out for the template of its kind."""

    chart: Chart
    data: ChartData
    columns: tuple[Column, ...] = ()
    gridlines: tuple[Gridline, ...] = ()
    bars: tuple[Bar, ...] = ()
    height: int = TOP + PLOT_HEIGHT
    baseline: int = TOP + PLOT_HEIGHT


def draw(chart: Chart, data: ChartData) -> Drawing:
    """Lays out ``data`` as ``chart.kind`` says."""
    if chart.kind == "columns":
        return Drawing(chart, data, columns=_columns(data), gridlines=_gridlines(data))
    return Drawing(chart, data, bars=_bars(data))


def nice_ceiling(value: int) -> int:
    """The least round number, even so that its half is one too, that is not below ``value``; at least 4."""
    power = 1
    while True:
        for tenths in (10, 12, 15, 20, 25, 30, 40, 50, 60, 80):
            top, rest = divmod(tenths * power, 10)
            if not rest and top % 2 == 0 and top >= max(value, 4):
                return top
        power *= 10


def _columns(data: ChartData) -> tuple[Column, ...]:
    values = data.series[0].values
    top, room = nice_ceiling(max(values, default=0)), 100 / max(len(values), 1)
    return tuple(
        Column(
            label=label,
            value=value,
            x=_percent(room * (number + (1 - COLUMN_SHARE) / 2)),
            middle=_percent(room * (number + 0.5)),
            width=_percent(room * COLUMN_SHARE),
            y=round(TOP + PLOT_HEIGHT * (1 - value / top), 2),
            height=round(PLOT_HEIGHT * value / top, 2),
            label_class=_label_class(len(values) - 1 - number),
        )
        for number, (label, value) in enumerate(zip(data.labels, values, strict=True))
    )


def _label_class(hours_ago: int) -> str:
    if hours_ago % LABEL_EVERY:
        return ""
    return "axis wide-only" if hours_ago % NARROW_LABEL_EVERY else "axis"


def _gridlines(data: ChartData) -> tuple[Gridline, ...]:
    top = nice_ceiling(max(data.series[0].values, default=0))
    return tuple(Gridline(top * part // 4, TOP + PLOT_HEIGHT * (1 - part / 4)) for part in (2, 4))


def _bars(data: ChartData) -> tuple[Bar, ...]:
    longest = max((sum(values) for _, values in data.rows()), default=0)
    return tuple(Bar(label, sum(values), _segments(data, values, longest)) for label, values in data.rows())


def _segments(data: ChartData, values: tuple[int, ...], longest: int) -> tuple[Segment, ...]:
    starts = accumulate(values, initial=0)
    return tuple(
        Segment(series, value, _percent(100 * start / longest), _percent(100 * value / longest))
        for series, value, start in zip(data.series, values, starts, strict=False)
        if value
    )


def _percent(share: float) -> str:
    return f"{share:.3f}%"
