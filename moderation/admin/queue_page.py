"""The list of a queue: what is asked of it, and one page of its cases, the first to be due first.

A page is found in the index review_case_due wherever it lies; the rows themselves are read for what is shown.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from moderation.admin.categories import category_choices, category_title
from moderation.admin.priority_words import Explanation, explain
from moderation.enums import QUALITY_SOURCES
from moderation.models import ApiClient, ReviewCase, ReviewQueue
from moderation.review.available import waiting_for_nobody
from moderation.review.sla import cases_waiting_for
from reviewengine import conf

A_PAGE = 50
SOON, OVERDUE, ALL = "soon", "overdue", "all"
MINE, SOMEBODYS, NOBODYS = "me", "somebody", "nobody"
# Not shown in a list, and big.
HEAVY = (
    "content__text",
    "content__metadata",
    "content__url",
    "result__evidence",
    "result__scores",
    "result__matches",
    "result__detectors",
)


class ListForm(forms.Form):
    """What is asked of the list. What cannot be understood is told, and not obeyed."""

    due = forms.ChoiceField(
        label=_("Due"),
        required=False,
        choices=[(SOON, _("Due soon")), (OVERDUE, _("Overdue")), (ALL, _("All"))],
    )
    category = forms.ChoiceField(label=_("Category"), required=False)
    level = forms.ChoiceField(
        label=_("Level"), required=False, choices=[("", _("Any")), ("1", _("First")), ("2", _("Escalated"))]
    )
    assigned = forms.ChoiceField(
        label=_("Waits for"),
        required=False,
        choices=[("", _("Anybody or somebody")), (MINE, _("Me")), (SOMEBODYS, _("Somebody")), (NOBODYS, _("Nobody"))],
    )
    client: Any = forms.ModelChoiceField(label=_("Client"), required=False, queryset=None, empty_label=_("Any"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("Any")), *category_choices()]  # type: ignore[attr-defined]
        self.fields["client"].queryset = ApiClient.objects.order_by("name")  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Row:
    """One case of the list."""

    case: ReviewCase
    explained: Explanation
    categories: str
    is_overdue: bool
    holder: User | None
    on_hold: bool


@dataclass(frozen=True, slots=True)
class QueuePage:
    """One page. ``total`` counts all that is asked for; ``next_query`` is empty on the last page."""

    rows: list[Row]
    total: int
    next_query: str
    is_first: bool


def read_queue_page(
    *, queue: ReviewQueue, asked: dict[str, Any], after: str, moderator: User, now: datetime | None = None
) -> QueuePage:
    """The cases that meet ``asked`` (a cleaned ListForm) behind ``after``, the place at which another page ended.

    ``after`` that is no such place is the beginning. A constant number of queries.
    """
    now = now or timezone.now()
    cases = _asked_for(cases_waiting_for(moderator, ReviewCase.objects.filter(queue=queue)), asked, moderator, now)
    place = _read_place(after)
    behind = cases.filter(_behind(*place)) if place else cases
    found = list(behind.order_by("due_at", "pk").values_list("pk", "due_at")[: A_PAGE + 1])
    rows = _rows([pk for pk, _due in found[:A_PAGE]], now)
    further = f"{found[A_PAGE - 1][1].isoformat()},{found[A_PAGE - 1][0]}" if len(found) > A_PAGE else ""
    return QueuePage(rows, cases.count(), list_query(asked, further) if further else "", place is None)


def _asked_for(
    cases: QuerySet[ReviewCase], asked: dict[str, Any], moderator: User, now: datetime
) -> QuerySet[ReviewCase]:
    due = asked.get("due") or SOON
    until = {SOON: now + timedelta(hours=conf.load().review.due_soon_hours), OVERDUE: now}
    if due in until:
        cases = cases.filter(due_at__lt=until[due])
    if asked.get("category"):
        cases = cases.filter(categories__contains=[asked["category"]])
    if asked.get("level"):
        cases = cases.filter(level=asked["level"])
    if asked.get("client"):
        cases = cases.filter(client=asked["client"])
    for_all = Q(source__in=QUALITY_SOURCES)  # the only one here is the reader's own, who is not to know for whom it is
    waits_for = {
        MINE: Q(assigned_to=moderator) & ~for_all,
        SOMEBODYS: Q(assigned_to__isnull=False, assigned_until__gt=now) & ~for_all,
        NOBODYS: waiting_for_nobody(now) | for_all,
    }
    return cases.filter(waits_for[asked["assigned"]]) if asked.get("assigned") else cases


def _behind(due_at: datetime, pk: UUID) -> Q:
    """What stands behind a place; the first part bounds the index, which the second alone would not."""
    return Q(due_at__gte=due_at) & (Q(due_at__gt=due_at) | Q(pk__gt=pk))


def _read_place(after: str) -> tuple[datetime, UUID] | None:
    moment, _comma, pk = after.partition(",")
    try:
        due_at, case_id = parse_datetime(moment), UUID(pk)
    except ValueError:
        return None
    return (due_at, case_id) if due_at is not None and timezone.is_aware(due_at) else None


def list_query(asked: dict[str, Any], after: str = "") -> str:
    """The address of the page of this list that begins behind ``after``; of the first, where that is empty."""
    client = asked.get("client")
    kept = {**asked, "client": client.pk if client else "", "after": after}
    return "?" + urlencode({name: value for name, value in kept.items() if value})


def _rows(ids: list[UUID], now: datetime) -> list[Row]:
    related = ("content__author", "client", "result", "claimed_by", "assigned_to", "queue", "first_decision")
    found = ReviewCase.objects.select_related(*related).defer(*HEAVY).in_bulk(ids)
    return [_row(found[pk], now) for pk in ids if pk in found]


def _row(case: ReviewCase, now: datetime) -> Row:
    if case.is_quality:
        case.assigned_to, case.assigned_until, case.source = None, None, case.shown_source
    is_held = case.lease_expires_at is not None and case.lease_expires_at > now
    return Row(
        case=case,
        explained=explain(case, now),
        categories=", ".join(category_title(category) for category in case.categories),
        is_overdue=case.due_at < now,
        holder=case.claimed_by if is_held else None,
        on_hold=case.on_hold_until is not None and case.on_hold_until > now,
    )
