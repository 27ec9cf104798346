"""Notes at the desk: a new one, and what names the reader."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from moderation.admin.case_notes import keep_typed_note, read_notes
from moderation.admin.desk_flow import GOING, refuse, show_case
from moderation.admin.desk_guard import StaffRequest, act_view, page_view
from moderation.models import ReviewCase
from moderation.review.claims import claim_case
from moderation.review.doors import require_may_see
from moderation.review.notes import see_mentions
from moderation.review.stale import StaleDecision

LIST = "admin/moderation/review/notes_list.html"


@act_view
def add(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Keeps a note, and answers the notes as they are now; or, without script, the case with all that was typed."""
    case = ReviewCase.objects.select_related("content").get(pk=case_id)
    require_may_see(person=request.user, case=case)
    is_kept = keep_typed_note(request, case_id)
    if request.headers.get(GOING) == "part":
        context = {"notes": read_notes(case.content, request.user, blind=case.is_quality)}
        return TemplateResponse(request, LIST, context, status=200 if is_kept else 400)
    if is_kept:
        rest = request.POST.copy()
        rest["note_text"] = ""
        request.POST = rest  # type: ignore[assignment]  # Django's own type is of what came in
    try:
        claimed = claim_case(case_id=case_id, moderator=request.user)
    except StaleDecision as refusal:
        return refuse(request, case_id, refusal)
    return show_case(request, claimed, request.POST.get("queue", ""))


@page_view
def seen(request: StaffRequest) -> HttpResponse:
    """Takes the notes that the form names from the start page: the person has seen them."""
    if request.method == "POST":
        see_mentions(person=request.user, note_ids=_ids(request.POST.getlist("note")))
    return HttpResponseRedirect(reverse("admin:review_desk"))


def _ids(texts: list[str]) -> list[UUID]:
    """What is an id among them; anything else names no note."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


urls = [
    path("case/<uuid:case_id>/note/", add, name="review_note"),
    path("mentions/seen/", seen, name="review_mentions_seen"),
]
