"""What the desk's pages and acts share: showing a case, going on to the next one, and saying why an act came too late."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from moderation.admin.case_page import read_case_page
from moderation.admin.desk_form import ClaimForm, WordsForm, fitting_reason
from moderation.admin.desk_guard import StaffRequest, answer
from moderation.enums import CaseStatus
from moderation.models import ReviewCase
from moderation.review.stale import StaleDecision, StaleReason
from reviewengine import conf


def show_case(
    request: StaffRequest, case: ReviewCase, slug: str, words: WordsForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The case under its new claim, with what was typed before, and the reason that fits if none was chosen.

    ``slug`` names the queue in which the moderator works, empty for all; ``words`` is a form that was refused.
    """
    page = read_case_page(case.pk)
    typed = request.POST.dict()
    reason = typed.get("reason") or fitting_reason(page.case.result)
    context = {
        "title": _("Review %(id)s") % {"id": page.content.external_id},
        "page": page,
        "lease_token": case.lease_token,
        "lease_seconds": conf.load().review.lease_seconds,
        "words": words or WordsForm(initial={**typed, "reason": reason}),
        "queue_slug": slug,
    }
    return answer(request, "case", context, status=status)


def go_on(request: StaffRequest) -> HttpResponse:
    """To the next case of the queue in which the moderator works."""
    slug = request.POST.get("queue", "")
    query = f"?{urlencode({'queue': slug})}" if slug else ""
    return HttpResponseRedirect(reverse("admin:review_next") + query)


def refuse(request: StaffRequest, case_id: UUID, refusal: StaleDecision) -> HttpResponse:
    """Nothing was stored: says what changed, gives back what was typed, and offers the ways on."""
    if refusal.own:
        messages.info(request, _("%(refusal)s It is stored once.") % {"refusal": refusal})
        return go_on(request)
    case = ReviewCase.objects.select_related("content", "queue", "decision").get(pk=case_id)
    newer = case.content.cases.filter(status=CaseStatus.OPEN).exclude(pk=case_id).first()
    context = {
        "title": _("Not stored"),
        "message": str(refusal),
        "case": case,
        "again": case if refusal.reason in (StaleReason.CLAIM_LOST, StaleReason.CLAIMED) else newer,
        "typed": request.POST,
        "was_decision": "outcome" in request.POST,
        "queue_slug": request.POST.get("queue", ""),
    }
    return answer(request, "stale", context, status=409)


def posted_token(request: StaffRequest) -> UUID:
    """The claim under which something is asked; a form that names none is no form of ours: 404."""
    form = ClaimForm(request.POST)
    if not form.is_valid():
        raise Http404("The form does not name the claim.")
    return form.cleaned_data["lease_token"]
