"""What a chart is: a name, a kind of drawing, and numbers for a period."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from dashboard.queries import Period

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Series:
    """One number for each label. ``tone`` names its look in dashboard.css; the name stands beside it always."""

    name: str
    tone: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChartData:
    """Numbers ready to draw: ``series`` over ``labels``, which ``heading`` names in the table."""

    heading: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]

    @property
    def total(self) -> int:
        return sum(sum(series.values) for series in self.series)

    def rows(self) -> list[tuple[str, tuple[int, ...]]]:
        """The table: a label and the number of each series."""
        columns = [series.values for series in self.series]
        return list(zip(self.labels, zip(*columns, strict=True), strict=True)) if columns else []


@dataclass(frozen=True, slots=True)
class Card:
    """One number that matters. ``alarming`` ones are written so, and say why in ``note``."""

    title: str
    value: str
    note: str = ""
    alarming: bool = False


class Chart(ABC):
    """A drawing of one aggregate. ``kind``: ``columns`` over time, or ``bars``, one stacked bar a label."""

    slug: ClassVar[str]
    title: "ClassVar[str | _StrPromise]"
    kind: ClassVar[Literal["columns", "bars"]]
    nothing: "ClassVar[str | _StrPromise]"  # said where every number is zero

    @abstractmethod
    def data(self, period: Period) -> ChartData:
        """The numbers of the period."""

    def cards(self, period: Period, data: ChartData) -> tuple[Card, ...]:
        """The totals worth a card, made of ``data`` where that holds them."""
        return ()
