"""What the desk's pages and acts share: showing a case, going on to the next, and saying why an act came too late."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from moderation.admin.case_blind import keep_outcomes
from moderation.admin.case_care import care_for
from moderation.admin.case_notes import keep_typed_note, read_notes
from moderation.admin.case_page import read_case_page
from moderation.admin.desk_form import ClaimForm, WordsForm, typed_before
from moderation.admin.desk_guard import StaffRequest, answer
from moderation.admin.desk_mine import claim_facts, empty_facts
from moderation.admin.desk_presence import look_facts, require_may_look
from moderation.admin.desk_stale import stale_page
from moderation.admin.priority_words import explain
from moderation.audit import record_view
from moderation.directions import inert
from moderation.models import ReviewCase, ReviewQueue
from moderation.review.access import queues_of
from moderation.review.capacity import TooManyHeld
from moderation.review.claims import claim_next
from moderation.review.presence import leave
from moderation.review.refusals import ActRefused
from moderation.review.sla import queue_loads
from moderation.review.stale import StaleDecision
from reviewengine import conf

# A page that swaps itself asks for the next page instead of a redirect, and is told that page's address.
GOING = "X-Desk"
ADDRESS = "X-Desk-Address"

# Acts on a case by what its form says; answers what the person is told. Raises StaleDecision, ActRefused, TooManyHeld.
Act = Callable[[StaffRequest, UUID, dict[str, Any]], str]


def show_case(
    request: StaffRequest,
    case: ReviewCase,
    slug: str,
    words: WordsForm | None = None,
    *,
    status: int = 200,
    is_other: bool = False,
) -> HttpResponse:
    """The case under its new claim, with what was typed before, and the reason that fits if none was chosen.

    ``slug`` names the queue in which the moderator works, empty for all; ``words`` is a form that was refused. What is
    posted is what was typed for this case, unless it ``is_other``.
    """
    posted = {} if is_other else request.POST.dict()
    typed = posted or typed_before(request.user, case, request.GET.get("undone", ""))
    shown = shown_of(request, case)
    form = words or WordsForm(initial=typed)
    form.show_for(shown["page"].case)
    context = {
        **shown,
        "lease_token": case.lease_token,
        "lease_seconds": conf.load().review.lease_seconds,
        "words": form,
        "typed": typed,
        "queue_slug": slug,
        **claim_facts(request.user, case),
    }
    return answer(request, "case", context, status=status)


def show_unclaimed(request: StaffRequest, case: ReviewCase, slug: str = "") -> HttpResponse:
    """The case as it is, to read: nothing can be decided here. ``slug`` names the queue in which the reader works."""
    require_may_look(person=request.user, case=case)
    return answer(request, "case", {**shown_of(request, case), **look_facts(request.user, case), "queue_slug": slug})


def shown_of(request: StaffRequest, case: ReviewCase, *, place: str = "desk") -> dict[str, Any]:
    """What every page of a case shows; that the person was shown it, and in which ``place``, is recorded."""
    page = keep_outcomes(read_case_page(case.pk), request.user)
    with transaction.atomic():  # one commit for all that is written of a look
        page, care = care_for(page, request.user)
        record_view(viewer=request.user, content_id=page.content.pk, page=place, request=request, case_id=case.pk)
    return {
        "title": _("Review %(id)s") % {"id": inert(page.content.external_id)},
        "page": page,
        "explained": explain(page.case),
        "care": care,
        "notes": read_notes(page.content, request.user, blind=page.case.is_quality),
    }


def go_on(request: StaffRequest) -> HttpResponse:
    """What follows an act on a case: the next one of the queue in which the moderator works, or this one to read.

    A note that was typed along with the act is kept. A page that swaps itself is answered with the page at once.
    """
    slug = request.POST.get("queue", "")
    case_id = request.resolver_match.kwargs.get("case_id") if request.resolver_match else None
    if case_id:
        keep_typed_note(request, case_id)
        leave(person=request.user, case_id=case_id)
    if case_id and request.POST.get("stay"):
        return HttpResponseRedirect(read_address(case_id, slug))
    address = reverse("admin:review_next") + _of_queue(slug)
    if request.headers.get(GOING) != "go":
        return HttpResponseRedirect(address)
    response = show_next(request, queues_of(request.user).filter(slug=slug).first() if slug else None)
    response[ADDRESS] = address
    return response


def read_address(case_id: UUID, slug: str) -> str:
    """Where a case can be read without a claim, by somebody who works in the queue ``slug``; empty for all."""
    return reverse("admin:review_read", args=[case_id]) + _of_queue(slug)


def _of_queue(slug: str) -> str:
    return f"?{urlencode({'queue': slug})}" if slug else ""


def show_next(request: StaffRequest, queue: ReviewQueue | None) -> HttpResponse:
    """Claims the next case, of one queue or of all, and shows it; or says that nothing waits."""
    case = claim_next(moderator=request.user, queue=queue)
    if case is None:
        held = sum(load.held for load in queue_loads(moderator=request.user) if queue is None or load.queue == queue)
        context = {"title": _("Nothing waits"), "queue": queue, "held": held, **empty_facts(request.user, queue)}
        return answer(request, "empty", context)
    if queue is not None and case.queue_id != queue.pk:
        names = {"its": case.queue.name, "wanted": queue.name}
        messages.info(request, _("You hold this case of %(its)s already: it comes before those of %(wanted)s.") % names)
    return show_case(request, case, queue.slug if queue else "", is_other=True)


def carry_out(
    request: StaffRequest, case_id: UUID, form: forms.Form, act: Act, ask: Callable[[], HttpResponse]
) -> HttpResponse:
    """Does what was asked of a case, says so and goes on; ``ask`` shows the form where it is missing or wrong."""
    if not form.is_valid():
        return ask()
    try:
        messages.success(request, act(request, case_id, form.cleaned_data))
    except StaleDecision as refusal:
        return refuse(request, case_id, refusal)
    except (ActRefused, TooManyHeld) as refusal:
        form.add_error(None, str(refusal))
        return ask()
    return go_on(request)


def refuse(request: StaffRequest, case_id: UUID, refusal: StaleDecision) -> HttpResponse:
    """Nothing was stored: says what changed, gives back what was typed, and offers the ways on."""
    if refusal.own:
        messages.info(request, _("%(refusal)s It is stored once.") % {"refusal": refusal})
        return go_on(request)
    return answer(request, "stale", stale_page(request, case_id, refusal), status=409)


def posted_token(request: StaffRequest) -> UUID:
    """The claim under which something is asked; a form that names none is no form of ours: 404."""
    form = ClaimForm(request.POST)
    if not form.is_valid():
        raise Http404("The form does not name the claim.")
    return form.cleaned_data["lease_token"]
