"""The dashboard's two addresses: the page, and the part of it that renews itself."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from dashboard.charts import CHARTS, Card
from dashboard.drawing import Drawing, draw
from dashboard.queries import Period

PERMISSION = "moderation.view_decision"


def figures() -> dict[str, Any]:
    """Cards and drawings of the last 24 hours, read once."""
    period = Period.last_day(timezone.now())
    cards: list[Card] = []
    drawings: list[Drawing] = []
    for chart in (kind() for kind in CHARTS):
        data = chart.data(period)
        cards.extend(chart.cards(period, data))
        drawings.append(draw(chart, data))
    return {"cards": cards, "drawings": drawings, "period": period}


def dashboard_urls(site: AdminSite) -> list[URLPattern]:
    """The dashboard's addresses for ``site``, for people who may see decisions."""

    @require_safe
    @permission_required(PERMISSION, raise_exception=True)
    def page(request: HttpRequest) -> HttpResponse:
        context = {**site.each_context(request), "title": gettext("Dashboard"), **figures()}
        return TemplateResponse(request, "dashboard/dashboard.html", context)

    @require_safe
    @permission_required(PERMISSION, raise_exception=True)
    def parts(request: HttpRequest) -> HttpResponse:
        return TemplateResponse(request, "dashboard/figures.html", figures())

    return [
        path("", site.admin_view(page), name="dashboard"),
        path("figures/", site.admin_view(parts), name="dashboard_figures"),
    ]
