"""Figures of the client's own: what its keys used, and what became of its contents."""

from datetime import date, datetime, timedelta
from typing import Annotated, Any, Self

from drf_spectacular.utils import extend_schema
from pydantic import BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError
from rest_framework.request import Request
from rest_framework.response import Response

from moderation.api.errors import Problem
from moderation.api.platform import Answer, PlatformView
from moderation.enums import DecisionSource, Door, Outcome, Scope
from moderation.ingest.schemas import Strict
from moderation.statistics import read_statistics
from moderation.usage import GroupBy, UsageRow, read_usage, today, total

TAG = ["figures"]
LONGEST_USAGE = 366
LONGEST_STATISTICS = 92
DEFAULT_DAYS = 7


def _iso_day(value: Any) -> Any:
    """ISO 8601 has other ways to write a day (20261121, 2026-W47-6); the schema's ``date`` is this one."""
    if isinstance(value, date):
        return value
    day: date | None
    try:
        day = date.fromisoformat(value)
    except (TypeError, ValueError):
        day = None
    if day is None or day.isoformat() != value:
        raise PydanticCustomError("invalid_format", "is a day such as 2026-11-21")
    return day


Day = Annotated[date, BeforeValidator(_iso_day), Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class Days(Strict):
    """Days in UTC, both included; without them the last seven, today included."""

    first: Day | None = Field(None, alias="from", description="The first day, in UTC; otherwise six before the last")
    last: Day | None = Field(None, alias="to", description="The last day, included; otherwise today")

    def range(self, longest: int) -> tuple[date, date]:
        """The first and the last day. Raises Problem for more days than ``longest``, and for none."""
        last = self.last or today()
        first = self.first or last - timedelta(days=DEFAULT_DAYS - 1)
        count = (last - first).days + 1
        if not 0 < count <= longest:
            said = "is a day after 'to'" if count < 1 else f"is {count} days before the end; {longest} at most"
            raise Problem("invalid_parameter", errors=[{"parameter": "from", "code": "invalid", "detail": said}])
        return first, last


class UsageQuery(Days):
    """Which days, and what a row of the answer is about."""

    group_by: GroupBy = Field("day", description="What each row is about")


class UsageOut(Answer):
    """The counts of one day, one key or one door; the members that it is not about are null."""

    day: date | None = None
    key_id: str | None = None
    key_name: str | None = None
    door: Door | None = Field(None, description="The API that was spoken")
    requests: int = Field(description="Every request that named the key")
    refused: int = Field(description="Those answered with 4xx, 429 included")
    rate_limited: int = Field(description="Those answered with 429")
    items: int = Field(description="Contents taken in")
    texts: int = Field(description="Texts handed over: scored at once, or with a content")
    images: int = Field(description="Images handed over: scored at once, uploaded, or with a content")

    @classmethod
    def of(cls, row: UsageRow, group_by: GroupBy) -> Self:
        names = {"day": ("day",), "key": ("key_id", "key_name"), "door": ("door",)}[group_by]
        return cls(**dict(zip(names, row.of, strict=True)), **row.counts)


class FiguresOut(Answer):
    """Figures of some days, both included, in UTC."""

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)

    first: date = Field(alias="from")
    last: date = Field(alias="to")


class UsageFiguresOut(FiguresOut):
    """What your keys used."""

    group_by: GroupBy
    total: UsageOut
    results: list[UsageOut]


class DecidedOut(Answer):
    """How many decisions of this outcome came from this source."""

    outcome: Outcome
    source: DecisionSource
    count: int


class CountedOut(Answer):
    """How often the policy decided by this rule, or for this category first."""

    name: str
    count: int


class TimesOut(Answer):
    """Seconds from receiving a version to its first final decision."""

    count: int
    median: float | None
    p95: float | None


class PeriodOut(Answer):
    """What came in, what was decided and how, in one stretch of days."""

    received: int
    decided: list[DecidedOut]
    settled_by_policy: int = Field(description="Final decisions of the policy")
    settled_by_people: int = Field(description="What the policy had left to people, decided")
    automation_rate: float | None = Field(description="The share of both that no person had to look at")
    overturned: int = Field(description="Final decisions of the policy that were changed")
    overturn_rate: float | None = Field(description="Their share of the final decisions of the policy")
    rules: list[CountedOut] = Field(description="The policy's rules, by how often they decided; 20 at most")
    categories: list[CountedOut] = Field(description="Categories of the first reason, by how often they decided")
    policy_times: TimesOut
    people_times: TimesOut


class BacklogOut(Answer):
    """What waits for a person now."""

    open: int
    overdue: int
    oldest_opened_at: datetime | None


class StatisticsOut(FiguresOut):
    """A stretch of days, the one of equal length before it, and what waits now."""

    current: PeriodOut
    previous: PeriodOut
    backlog: BacklogOut


class Usage(PlatformView):
    """/api/v1/usage."""

    scopes = {"GET": Scope.USAGE_READ}

    @extend_schema(
        operation_id="getUsage",
        tags=TAG,
        summary="What your keys used",
        description=f"Counts are a few seconds late. Up to {LONGEST_USAGE} days at once.",
        parameters=[UsageQuery],  # type: ignore[list-item]  # the stubs know serializers alone
        responses=UsageFiguresOut,
    )
    def get(self, request: Request) -> Response:
        query = self.query(UsageQuery)
        first, last = query.range(LONGEST_USAGE)
        rows = read_usage(client_id=self.principal.client_id, first=first, last=last, group_by=query.group_by)
        shown = [UsageOut.of(row, query.group_by) for row in rows]
        answer = UsageFiguresOut(
            first=first, last=last, group_by=query.group_by, total=UsageOut(**total(rows)), results=shown
        )
        return Response(answer)


class Stats(PlatformView):
    """/api/v1/stats."""

    scopes = {"GET": Scope.USAGE_READ}

    @extend_schema(
        operation_id="getStatistics",
        tags=TAG,
        summary="What became of your contents",
        description=f"Beside the days before. Up to {LONGEST_STATISTICS} days at once.",
        parameters=[Days],  # type: ignore[list-item]  # the stubs know serializers alone
        responses=StatisticsOut,
    )
    def get(self, request: Request) -> Response:
        first, last = self.query(Days).range(LONGEST_STATISTICS)
        found = read_statistics(client_id=self.principal.client_id, first=first, last=last)
        return Response(
            StatisticsOut(
                first=first,
                last=last,
                current=PeriodOut.model_validate(found.current),
                previous=PeriodOut.model_validate(found.previous),
                backlog=BacklogOut.model_validate(found.backlog),
            )
        )
