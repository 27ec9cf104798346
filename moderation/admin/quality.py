"""How well people decide: the lead's overview, as a page and as a file, and the frame of all pages of quality."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from moderation.admin import quality_disagreements, quality_golden, quality_mine
from moderation.admin.categories import category_title
from moderation.admin.desk_guard import page_for
from moderation.admin.periods import days_asked
from moderation.admin.quality_frame import SEE_GOLDEN, answer
from moderation.audit import record_audit, user_actor
from moderation.enums import SubjectType
from moderation.models import ReviewQueue
from moderation.review.access import DECIDE
from moderation.review.agreement import Estimate
from moderation.review.quality_figures import (
    FEW,
    Measured,
    measure_all,
    measure_categories,
    measure_people,
    measure_queues,
    reviews_between,
)
from moderation.review.settlement import SEE, disagreements
from reviewengine.admin import NavLink
from reviewengine.csv_files import BYTE_ORDER_MARK, CONTENT_TYPE, csv_lines

# How many days the overview looks back.
PERIODS = (7, 30, 90, 365)
DEFAULT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: what is measured, by its name."""

    name: str
    measured: Measured


@dataclass(frozen=True, slots=True)
class Table:
    """Everything that is measured by one thing: queue, category or person."""

    key: str
    title: str
    rows: list[Row]


def tables(since: datetime, until: datetime) -> list[Table]:
    """What was measured in the period, in a constant number of queries."""
    reviews = reviews_between(since, until)
    queues, categories, people = measure_queues(reviews), measure_categories(reviews), measure_people(reviews)
    queue_names = dict(ReviewQueue.objects.values_list("pk", "name"))
    persons = dict(User.objects.filter(pk__in=people).values_list("pk", "username"))
    return [
        Table("queue", _("By queue"), _rows(queues, queue_names.get)),
        Table("category", _("By category"), _rows(categories, category_title)),
        Table("moderator", _("By moderator"), _rows(people, persons.get)),
    ]


def _rows(found: Mapping[Any, Measured], name_of: Callable[[Any], Any]) -> list[Row]:
    return sorted(
        (Row(str(name_of(key) or key), measured) for key, measured in found.items()), key=lambda row: row.name
    )


@require_safe
@page_for(SEE)
def overview(request: HttpRequest) -> HttpResponse:
    """Agreement and accuracy of a period, by queue, category and moderator."""
    days, now = days_asked(request, PERIODS, DEFAULT_DAYS), timezone.now()
    since = now - timedelta(days=days)
    context = {
        "title": _("Quality"),
        "days": days,
        "periods": PERIODS,
        "few": FEW,
        "total": measure_all(reviews_between(since, now)),
        "tables": tables(since, now),
        "open_disagreements": disagreements().count(),
        "is_sampled": ReviewQueue.objects.exclude(double_percent=0, golden_percent=0).exists(),
    }
    return answer(request, "overview", context)


COLUMNS = (
    "by", "name", "double_reviews", "agreed", "kappa", "kappa_low", "kappa_high", "alpha", "golden_answered",
    "golden_right", "accuracy", "accuracy_low", "accuracy_high", "settled", "settled_right",
)  # fmt: skip


@require_POST
@page_for(SEE)
def figures_file(request: HttpRequest) -> HttpResponse:
    """The overview's tables as one CSV file."""
    days, now = days_asked(request, PERIODS, DEFAULT_DAYS), timezone.now()
    lines = [
        [table.key, row.name, *_cells(row.measured)]
        for table in tables(now - timedelta(days=days), now)
        for row in table.rows
    ]
    actor = user_actor(request.user)
    data = {"rows": len(lines), "days": days}
    record_audit(
        action="quality.exported", actor=actor, subject_type=SubjectType.QUALITY_REVIEW, subject_id="*", data=data
    )
    return _csv(lines, f"quality-{days}-days-{now:%Y-%m-%d}.csv")


def _cells(measured: Measured) -> list[Any]:
    kappa, accuracy = measured.kappa, measured.accuracy
    return [
        measured.doubles,
        _number(measured.agreed),
        *_estimate(kappa),
        _number(measured.alpha),
        measured.golden,
        measured.golden_right,
        *_estimate(accuracy),
        measured.settled,
        measured.settled_right,
    ]


def _estimate(estimate: Estimate | None) -> list[Decimal | None]:
    return [_number(value) for value in ((estimate.value, estimate.low, estimate.high) if estimate else (None,) * 3)]


def _number(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(f"{value:.4f}")


def _csv(lines: Iterable[list[Any]], name: str) -> HttpResponse:
    text = BYTE_ORDER_MARK + "".join(csv_lines([COLUMNS, *lines]))
    response = HttpResponse(text, content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


urls = [
    path("", overview, name="quality"),
    path("figures.csv", figures_file, name="quality_file"),
    *quality_disagreements.urls,
    *quality_golden.urls,
    *quality_mine.urls,
]


def mount(site: Any) -> None:
    """Gives the console the pages of quality: leads find them in the header, everybody their own in their menu."""
    link = NavLink(gettext_lazy("Quality"), "admin:quality", (SEE, SEE_GOLDEN))
    site.register_pages("review/quality/", urls, link=link)
    site.register_person_link(NavLink(gettext_lazy("My quality"), "admin:quality_mine", (DECIDE,)))


mount(admin.site)
