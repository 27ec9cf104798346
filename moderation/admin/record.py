"""The auditor's question on one page: who saw a content, who decided it, when, under which policy, and is it true?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _

from moderation.admin import cells
from moderation.admin.audit_entry import subject_link
from moderation.admin.effects import counts, effect_in_words
from moderation.admin.sections import Section
from moderation.audit import Breach, check_entries
from moderation.audit.search import AuditQuery, find_entries
from moderation.models import AuditEntry, Content, Decision

MOST_ENTRIES = 1000


@dataclass(frozen=True, slots=True)
class Looks:
    """How often a person looked at the content, and when."""

    actor: str
    pages: str
    first: str
    last: str
    times: int


def read_record(content_id: UUID) -> list[AuditEntry]:
    """The entries about the content, oldest first; of a content with very many, the newest ``MOST_ENTRIES``."""
    found = find_entries(AuditQuery(content=content_id)).order_by("-created_at", "-id")
    return list(found[:MOST_ENTRIES])[::-1]


def record_page(request: HttpRequest, content_id: UUID) -> HttpResponse:
    """Facts and no words: the content itself is a page further, which records that it was looked at."""
    if not request.user.has_perm("moderation.view_auditentry"):
        raise PermissionDenied(_("You may not read the audit trail. Ask an administrator for a group that may."))
    content = Content.objects.defer("text", "metadata").select_related("client").filter(pk=content_id).first()
    entries = read_record(content_id)
    if content is None and not entries:
        raise Http404("No such content, and the record knows none.")
    breaches = check_entries(entries)
    context = {
        **admin.site.each_context(request),
        "title": _("Record of %(id)s") % {"id": content.external_id if content else content_id},
        "is_nav_sidebar_enabled": False,
        "content": content,
        "content_id": content_id,
        "breaches": breaches,
        "entry_count": len(entries),
        "is_cut": len(entries) == MOST_ENTRIES,
        "unsealed": sum(1 for entry in entries if entry.sequence is None),
        "sections": [_decided(content_id), _seen(entries), _everything(entries, breaches)],
    }
    return TemplateResponse(request, "admin/moderation/auditentry/record.html", context)


def _decided(content_id: UUID) -> Section:
    """Every decision, those that never counted too, each with what became of it."""
    rows = Decision.objects.filter(content=content_id).order_by("created_at", "id")
    of_each = ("moderator", "hold__ended_by", "overrides", "result__policy_version__policy")
    decisions = list(rows.select_related(*of_each))
    replaced = {row.overrides_id: _counts_since(row) for row in decisions if row.overrides_id and counts(row)}
    return Section(
        _("Who decided"),
        (_("When"), _("Version"), _("Outcome"), _("By"), _("In effect"), _("Rule"), _("Policy"), _("Replaced")),
        [_decision(row, replaced.get(row.pk)) for row in decisions],
    )


def _counts_since(row: Decision) -> datetime:
    hold = getattr(row, "hold", None)
    return hold.ended_at if hold and hold.ended_at else row.created_at


def _decision(row: Decision, replaced_at: datetime | None) -> list[Any]:
    policy = row.result.policy_version if row.result else None
    return [
        cells.link_to(row, cells.moment(row.created_at)),
        row.content_version,
        cells.outcome_badge(row.outcome),
        row.moderator.get_username() if row.moderator else row.get_source_display(),
        effect_in_words(row, replaced_at),
        row.rule or cells.NOTHING,
        cells.link_to(policy),
        cells.link_to(row.overrides, _("an earlier decision")) if row.overrides_id and counts(row) else cells.NOTHING,
    ]


def _seen(entries: Sequence[AuditEntry]) -> Section:
    viewed = [entry for entry in entries if entry.action.endswith(".viewed")]
    people = dict.fromkeys(entry.actor for entry in viewed)
    looks = [_looks(actor, [entry for entry in viewed if entry.actor == actor]) for actor in people]
    return Section(
        _("Who saw it"),
        (_("Who"), _("Where"), _("First"), _("Last"), _("Times")),
        [(look.actor, look.pages, look.first, look.last, look.times) for look in looks],
    )


def _looks(actor: str, entries: Sequence[AuditEntry]) -> Looks:
    pages = ", ".join(sorted({str(entry.data.get("page", "")) for entry in entries}))
    first, last = cells.moment(entries[0].created_at), cells.moment(entries[-1].created_at)
    return Looks(actor, pages, first, last, len(entries))


def _everything(entries: Sequence[AuditEntry], breaches: Sequence[Breach]) -> Section:
    faults = {breach.sequence: breach.fault for breach in breaches}
    return Section(
        _("Everything, in order"),
        (_("When"), _("What"), _("Who"), _("About"), _("Request"), _("Place in the chain"), _("Unchanged")),
        [
            (
                cells.link_to(entry, cells.moment(entry.created_at)),
                entry.action,
                entry.actor,
                subject_link(entry),
                entry.request_id or cells.NOTHING,
                entry.sequence or _("not sealed yet"),
                faults.get(entry.sequence, _("yes")) if entry.sequence else cells.NOTHING,
            )
            for entry in entries
        ],
    )


def mount(site: Any) -> None:
    """Gives the console the address of the record of a content."""
    page = site.admin_view(record_page)
    site.register_pages("review/", [path("record/<uuid:content_id>/", page, name="review_record")])


mount(admin.site)
