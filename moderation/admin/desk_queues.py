"""The desk's start page: what waits in each queue, and the way in."""

from django.http import HttpResponse
from django.urls import path
from django.utils import timezone

from moderation.admin.desk_guard import StaffRequest, answer, page_view
from moderation.models import Decision
from moderation.review.access import DECIDE
from moderation.review.sla import queue_loads


@page_view
def desk(request: StaffRequest) -> HttpResponse:
    """What waits in each queue, and the way in."""
    loads = queue_loads(moderator=request.user)
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    context = {
        "title": "Review desk",
        "loads": loads,
        "waiting": sum(load.waiting for load in loads),
        "overdue": sum(load.overdue for load in loads),
        "may_decide": request.user.has_perm(DECIDE),
        "decided_today": Decision.objects.filter(moderator=request.user, created_at__gte=midnight).count(),
    }
    return answer(request, "desk", context)


urls = [path("", desk, name="review_desk")]
