"""What your keys did, and what became of your content."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from reviewengine_client.calls import Call, R, Resource, one

if TYPE_CHECKING:
    from reviewengine_client.shapes import (
        StatisticsOut,
        UsageFiguresOut,
    )


Day = date | str | None


class Usage(Resource[R]):
    @one("getUsage", "GET", "/api/v1/usage")
    def get(
        self, first: Day = None, last: Day = None, *, group_by: Literal["day", "key", "door"] = "day"
    ) -> Call[UsageFiguresOut]:
        """Requests, items, texts and images of your keys, from a day (in UTC) to a day, both included."""
        return Call(query={"from": first, "to": last, "group_by": group_by})


class Stats(Resource[R]):
    @one("getStatistics", "GET", "/api/v1/stats")
    def get(self, first: Day = None, last: Day = None) -> Call[StatisticsOut]:
        """What became of your content in these days, beside as many days before them."""
        return Call(query={"from": first, "to": last})
