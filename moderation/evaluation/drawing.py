"""Curves and diagrams as coordinates: the page's template draws them as SVG, and says in words what they show."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moderation.evaluation.calibration import ReliabilityPoint
from moderation.evaluation.report import CategoryQuality
from moderation.evaluation.tables import number

WIDTH, HEIGHT = 300, 270
LEFT, TOP, SIDE = 46, 12, 210
SMALLEST, LARGEST = 2.0, 8.0  # radius of a dot
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on both axes: its place along each, and the number that stands there."""

    x: float
    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Dot:
    """A point; its area stands for how much it weighs, within what can be seen."""

    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A column of a histogram. ``side`` is ``negative`` or ``positive``."""

    x: float
    y: float
    width: float
    height: float
    side: str


@dataclass(frozen=True, slots=True)
class Chart:
    """One square diagram, both axes from 0 to 1. ``line``: the points of a polyline; ``guide``: of a dashed one."""

    title: str
    summary: str
    x_label: str
    y_label: str
    line: str = ""
    guide: str = ""
    dots: tuple[Dot, ...] = ()
    bars: tuple[Bar, ...] = ()


GRID = tuple(Tick(round(LEFT + one * SIDE, 1), round(TOP + (1 - one) * SIDE, 1), f"{one:g}") for one in TICKS)


def charts(one: CategoryQuality) -> list[Chart]:
    """What can be drawn of a category: the curves need both classes, the others any reading."""
    drawn = [_precision_recall(one), _receiver(one)] if one.curve.recall else []
    return [*drawn, *([_reliability(one), _spread(one)] if one.texts else [])]


def _precision_recall(one: CategoryQuality) -> Chart:
    share = one.positives / one.texts
    return Chart(
        title="Precision and recall",
        summary=f"{one.category}: area {number(one.auprc)}. By chance it would be {number(share)}, the dashed line.",
        x_label="recall",
        y_label="precision",
        line=_points([0.0, *one.curve.recall], [one.curve.precision[0], *one.curve.precision]),
        guide=_points((0.0, 1.0), (share, share)),
    )


def _receiver(one: CategoryQuality) -> Chart:
    return Chart(
        title="Receiver curve",
        summary=f"{one.category}: area {number(one.roc)}. By chance it would be 0.5, the dashed line.",
        x_label="false positive rate",
        y_label="recall",
        line=_points([0.0, *one.curve.false_positive_rate], [0.0, *one.curve.recall]),
        guide=_points((0.0, 1.0), (0.0, 1.0)),
    )


def _reliability(one: CategoryQuality) -> Chart:
    largest = max(point.texts for point in one.reliability)
    return Chart(
        title="Reliability",
        summary=f"{one.category}: calibration error {number(one.calibration_error)}. "
        "Calibrated scores lie on the dashed line; a larger dot is more texts.",
        x_label="score",
        y_label="share positive",
        guide=_points((0.0, 1.0), (0.0, 1.0)),
        dots=tuple(_dot(point, largest) for point in one.reliability),
    )


def _dot(point: ReliabilityPoint, largest: int) -> Dot:
    radius = SMALLEST + (LARGEST - SMALLEST) * math.sqrt(point.texts / largest)
    return Dot(_x(point.mean_score), _y(point.positive), round(radius, 2))


def _spread(one: CategoryQuality) -> Chart:
    bars = (*_bars(one.spread.negatives, "negative"), *_bars(one.spread.positives, "positive"))
    return Chart(
        title="Scores",
        summary=f"{one.category}: what share of the {one.texts - one.positives:,} negative texts (pale) and of the "
        f"{one.positives:,} positive ones (strong) scores where.",
        x_label="score",
        y_label="share of its class",
        bars=bars,
    )


def _bars(counts: Sequence[int], side: str) -> Iterable[Bar]:
    """Each class beside the other in its bin, as shares, so that the rarer one can be seen."""
    total, width = sum(counts), SIDE / len(counts) / 2
    offset = width if side == "positive" else 0.0
    for place, count in enumerate(counts):
        if count:
            height = round(SIDE * count / total, 2)
            x = round(LEFT + place * SIDE / len(counts) + offset, 2)
            yield Bar(x, round(TOP + SIDE - height, 2), round(width * 0.9, 2), height, side)


def _points(xs: Sequence[float], ys: Sequence[float]) -> str:
    return " ".join(f"{_x(x)},{_y(y)}" for x, y in zip(xs, ys, strict=True))


def _x(value: float) -> float:
    return round(LEFT + value * SIDE, 2)


def _y(value: float) -> float:
    return round(TOP + (1 - value) * SIDE, 2)
