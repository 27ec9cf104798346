"""Whether a content is a golden case, on its own page, and the way to make it one."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from moderation.admin import cells
from moderation.admin.sections import Section
from moderation.models import Content
from moderation.review.golden import ADD as ADD_GOLDEN

__all__ = ["ADD_GOLDEN", "golden_section"]


def golden_section(row: Content) -> Section:
    """The answers that were agreed on for the content, newest first; without one in use, a link that adds it."""
    found = list(row.golden_cases.select_related("queue", "added_by").order_by("-created_at"))
    rows = [
        [
            cells.outcome_badge(golden.outcome),
            golden.content_version,
            golden.queue.name,
            golden.added_by.get_username(),
            cells.moment(golden.created_at),
            cells.moment(golden.retired_at),
        ]
        for golden in found
    ]
    if not any(golden.retired_at is None and golden.content_version == row.version for golden in found):
        address = f"{reverse('admin:quality_golden_add')}?{urlencode({'content': str(row.pk)})}"
        link = format_html('<a href="{}">{}</a>', address, _("Make it a golden case"))
        rows.insert(0, [link, *[cells.NOTHING] * 5])
    headings = (_("Right is"), _("Version"), _("Queue"), _("Added by"), _("Added"), _("Retired"))
    return Section(_("Golden case"), headings, rows)
