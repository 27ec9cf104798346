"""Too late at the desk: what changed since the page was opened, and what was typed, so that nothing of it is lost."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from moderation.admin.desk_guard import StaffRequest
from moderation.admin.text_diff import Part, diff_texts
from moderation.audit import record_view
from moderation.enums import CaseStatus
from moderation.models import Decision, ReviewCase
from moderation.review.doors import require_may_act
from moderation.review.newest import newest_decision
from moderation.review.stale import NOT_FREE, StaleDecision, StaleReason

# What belongs to the page that was refused and means nothing on the next one.
OF_THE_PAGE = {"csrfmiddlewaretoken", "lease_token", "content_version", "outcome", "queue", "closing"}
MAY_BE_FREE = (StaleReason.CLAIM_LOST, *NOT_FREE)


@dataclass(frozen=True, slots=True)
class Edit:
    """What an edit made of the text that the moderator had seen."""

    seen: int
    now: int
    parts: list[Part]


def stale_page(request: StaffRequest, case_id: UUID, refusal: StaleDecision) -> dict[str, Any]:
    """What the page of a refusal shows: what changed, who decided what, and everything that was typed.

    That the person was shown it is recorded. Raises PermissionDenied for whoever could not decide the case, and
    ReviewCase.DoesNotExist: a made-up claim opens no door.
    """
    posted = request.POST
    cases = ReviewCase.objects.select_related("content", "queue", "decision__moderator", "claimed_by", "assigned_to")
    case = cases.get(pk=case_id)
    require_may_act(moderator=request.user, case=case)
    record_view(viewer=request.user, content_id=case.content_id, page="stale", request=request, case_id=case_id)
    newer = case.content.cases.ordinary().filter(status=CaseStatus.OPEN).exclude(pk=case_id).first()
    return {
        "title": _("Not stored"),
        "message": str(refusal),
        "case": case,
        "decision": case.decision or _other_decision(case, refusal),
        "edit": _edit(case, posted),
        "again": case if refusal.reason in MAY_BE_FREE else newer,
        "may_look": refusal.reason in NOT_FREE or bool(case.claimed_by_id),
        "typed": posted,
        "kept": kept_fields(posted),
        "was_decision": "outcome" in posted,
        "wanted": posted.get("outcome", ""),
        "queue_slug": posted.get("queue", ""),
    }


def kept_fields(posted: QueryDict) -> list[tuple[str, str]]:
    """Everything that was typed and chosen, to be sent again with the next page."""
    return [(name, value) for name, values in posted.lists() if name not in OF_THE_PAGE for value in values]


def _edit(case: ReviewCase, posted: QueryDict) -> Edit | None:
    content = case.content
    said = str(posted.get("content_version", ""))
    seen = int(said) if said.isdecimal() and len(said) < 10 else case.content_version
    if seen >= content.version or content.erased_at is not None:
        return None
    old = content.versions.filter(version=seen).first()
    return Edit(seen, content.version, diff_texts(old.text, content.text)) if old is not None else None


def _other_decision(case: ReviewCase, refusal: StaleDecision) -> Decision | None:
    """Where the case was closed without one of its own: how the content was decided meanwhile."""
    return newest_decision(case.content) if refusal.reason == StaleReason.EDITED else None
