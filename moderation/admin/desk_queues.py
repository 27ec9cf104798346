"""The ways into the desk: the start page with every queue, and the list of one queue, what is due soon first."""

from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _

from moderation.admin.case_notes import mentions_of
from moderation.admin.desk_guard import StaffRequest, answer, page_view
from moderation.admin.desk_mine import start_facts
from moderation.admin.queue_page import ListForm, list_query, read_queue_page
from moderation.review.access import DECIDE, queues_of
from moderation.review.care import start_of_day
from moderation.review.live import answered_by
from moderation.review.second_person import waiting_for_second
from moderation.review.sla import queue_load, queue_loads
from reviewengine import conf


@page_view
def desk(request: StaffRequest) -> HttpResponse:
    """What waits in each queue, what of it is free for the reader, and what is theirs."""
    loads = queue_loads(moderator=request.user)
    now = timezone.now()
    may_decide = request.user.has_perm(DECIDE)
    context = {
        "title": _("Review desk"),
        "loads": loads,
        "free": sum(load.free or 0 for load in loads),
        "waiting": sum(load.waiting for load in loads),
        "overdue": sum(load.overdue for load in loads),
        "may_decide": may_decide,
        "decided_today": answered_by(request.user, since=start_of_day(now)),
        "mentions": mentions_of(request.user),
        "second_waiting": waiting_for_second(person=request.user).count(),
        **(start_facts(request.user, now) if may_decide else {}),
    }
    return answer(request, "desk", context)


@page_view
def queue_list(request: StaffRequest, slug: str) -> HttpResponse:
    """The cases of one queue that are due soon, or those that are asked for; a page of them, with the exact totals."""
    queue = queues_of(request.user).get(slug=slug)
    form = ListForm(request.GET)
    is_understood = form.is_valid()
    asked = {name: form.cleaned_data.get(name, "") for name in form.fields}
    context = {
        "title": queue.name,
        "queue": queue,
        "load": queue_load(moderator=request.user, queue=queue),
        "form": form,
        "page": read_queue_page(queue=queue, asked=asked, after=request.GET.get("after", ""), moderator=request.user),
        "due": asked["due"] or "soon",
        "first_query": list_query(asked),
        "soon_hours": conf.load().review.due_soon_hours,
        "is_narrowed": any(asked[name] for name in asked if name != "due"),
        "may_decide": request.user.has_perm(DECIDE),
    }
    return answer(request, "queue", context, status=200 if is_understood else 400)


urls = [
    path("", desk, name="review_desk"),
    path("queue/<slug:slug>/", queue_list, name="review_queue"),
]
