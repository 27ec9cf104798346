"""The dashboard's place in the console: a link in the header, and its cards on the first page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from dashboard.views import PERMISSION, dashboard_urls, figures
from reviewengine.admin import IndexPanel, NavLink


def cards_panel(request: HttpRequest) -> dict[str, Any] | None:
    """The cards, for people who may see the dashboard."""
    return {"cards": figures()["cards"]} if request.user.has_perm(PERMISSION) else None


site: Any = admin.site
site.register_pages(
    "dashboard/", dashboard_urls(site), link=NavLink(gettext_lazy("Dashboard"), "admin:dashboard", (PERMISSION,))
)
site.register_index_panel(IndexPanel("dashboard/index_cards.html", cards_panel))
