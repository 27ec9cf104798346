"""What the pages of quality share: their frame, and the way from one to the other."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from moderation.review.access import DECIDE
from moderation.review.settlement import SEE

SEE_GOLDEN = "moderation.view_goldencase"


def answer(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of quality in the console's frame, with links to those of its pages that this person may see."""
    pages = [
        (_("Overview"), "admin:quality", SEE),
        (_("Disagreements"), "admin:quality_disagreements", SEE),
        (_("Golden cases"), "admin:quality_golden", SEE_GOLDEN),
        (_("My quality"), "admin:quality_mine", DECIDE),
    ]
    tabs = [
        {"label": label, "url": reverse(name), "current": request.path == reverse(name)}
        for label, name, permission in pages
        if request.user.has_perm(permission)
    ]
    shell = {**admin.site.each_context(request), "is_nav_sidebar_enabled": False, "tabs": tabs}
    return TemplateResponse(request, f"admin/moderation/quality/{template}.html", {**shell, **context}, status=status)
