"""What the desk's pages and acts share: showing a case, going on to the next, and saying why an act came too late."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from moderation.admin.case_care import care_for
from moderation.admin.case_page import read_case_page
from moderation.admin.desk_form import ClaimForm, WordsForm, typed_before
from moderation.admin.desk_guard import StaffRequest, answer
from moderation.audit import record_view
from moderation.enums import CaseStatus
from moderation.models import ReviewCase, ReviewQueue
from moderation.review.access import queues_of
from moderation.review.claims import claim_next
from moderation.review.sla import queue_loads
from moderation.review.stale import StaleDecision, StaleReason
from reviewengine import conf

# A page that swaps itself asks for the next page instead of a redirect, and is told that page's address.
GOING = "X-Desk"
ADDRESS = "X-Desk-Address"


def show_case(
    request: StaffRequest, case: ReviewCase, slug: str, words: WordsForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The case under its new claim, with what was typed before, and the reason that fits if none was chosen.

    ``slug`` names the queue in which the moderator works, empty for all; ``words`` is a form that was refused.
    """
    page, care = care_for(read_case_page(case.pk), request.user)
    record_view(viewer=request.user, content_id=page.content.pk, page="desk", request=request, case_id=case.pk)
    typed = request.POST.dict() or typed_before(request.user, page.case, request.GET.get("undone", ""))
    words = words or WordsForm(initial=typed)
    words.show_for(page.case)
    context = {
        "title": _("Review %(id)s") % {"id": page.content.external_id},
        "page": page,
        "care": care,
        "lease_token": case.lease_token,
        "lease_seconds": conf.load().review.lease_seconds,
        "words": words,
        "queue_slug": slug,
    }
    return answer(request, "case", context, status=status)


def go_on(request: StaffRequest) -> HttpResponse:
    """To the next case of the queue in which the moderator works: its page at once for a page that asks so."""
    slug = request.POST.get("queue", "")
    address = reverse("admin:review_next") + (f"?{urlencode({'queue': slug})}" if slug else "")
    if request.headers.get(GOING) != "go":
        return HttpResponseRedirect(address)
    response = show_next(request, queues_of(request.user).filter(slug=slug).first())
    response[ADDRESS] = address
    return response


def show_next(request: StaffRequest, queue: ReviewQueue | None) -> HttpResponse:
    """Claims the next case, of one queue or of all, and shows it; or says that nothing waits."""
    case = claim_next(moderator=request.user, queue=queue)
    if case is None:
        held = sum(load.held for load in queue_loads(moderator=request.user) if queue is None or load.queue == queue)
        return answer(request, "empty", {"title": _("Nothing waits"), "queue": queue, "held": held})
    if queue is not None and case.queue_id != queue.pk:
        names = {"its": case.queue.name, "wanted": queue.name}
        messages.info(request, _("You hold this case of %(its)s already: it comes before those of %(wanted)s.") % names)
    return show_case(request, case, queue.slug if queue else "")


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
