"""The review desk: shows a moderator one case after another. Its acts stand in the modules that it mounts."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils.translation import gettext_lazy

from moderation.admin import (
    desk_assign,
    desk_bulk,
    desk_care,
    desk_claims,
    desk_decide,
    desk_escalate,
    desk_notes,
    desk_override,
    desk_palette,
    desk_presence,
    desk_queues,
    desk_second,
    desk_undo,
)
from moderation.admin.desk_flow import read_address, refuse, show_case, show_next, show_unclaimed
from moderation.admin.desk_guard import StaffRequest, page_view
from moderation.models import ReviewCase
from moderation.review.access import SEE, queues_of
from moderation.review.claims import claim_case
from moderation.review.stale import NOT_FREE, StaleDecision
from reviewengine.admin import NavLink


@page_view
def next_case(request: StaffRequest) -> HttpResponse:
    """Claims the next case, of one queue if the address names it, and shows it."""
    slug = request.GET.get("queue", "")
    queue = queues_of(request.user).get(slug=slug) if slug else None
    return show_next(request, queue)


@page_view
def review_case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Claims this very case and shows it; to read only, where somebody else has it.

    Posted, it carries on what was typed when an earlier claim was lost.
    """
    try:
        case = claim_case(case_id=case_id, moderator=request.user)
    except StaleDecision as refusal:
        if request.method == "GET" and refusal.reason in NOT_FREE:
            return HttpResponseRedirect(read_address(case_id, request.GET.get("queue", "")))
        return refuse(request, case_id, refusal)
    return show_case(request, case, request.POST.get("queue", "") or request.GET.get("queue", ""))


@page_view
def read_case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Shows a case of the person's queues without claiming it, whoever holds it and whatever became of it."""
    case = ReviewCase.objects.select_related("queue").get(pk=case_id, queue__in=queues_of(request.user))
    return show_unclaimed(request, case, request.GET.get("queue", ""))


urls = [
    path("case/<uuid:case_id>/read/", read_case, name="review_read"),
    path("next/", next_case, name="review_next"),
    path("case/<uuid:case_id>/", review_case, name="review_case"),
]
# One line a module whose pages and acts belong to the desk.
MODULES = [
    desk_queues,
    desk_undo,
    desk_claims,
    desk_assign,
    desk_presence,
    desk_decide,
    desk_notes,
    desk_palette,
    desk_care,
    desk_escalate,
    desk_override,
    desk_second,
    desk_bulk,
]


def mount(site: Any) -> None:
    """Gives the console the desk's pages, and a link to them in every header."""
    pages = [*urls, *(page for module in MODULES for page in module.urls)]
    site.register_pages("review/", pages, link=NavLink(gettext_lazy("Review desk"), "admin:review_desk", (SEE,)))


mount(admin.site)
