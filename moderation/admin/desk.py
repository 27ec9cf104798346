"""The review desk: shows a moderator one case after another, and hands what is decided to moderation.review."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from moderation.admin.case_page import read_case_page
from moderation.admin.cells import link_to
from moderation.admin.desk_form import ClaimForm, DecisionForm, WordsForm, fitting_reason
from moderation.admin.desk_guard import StaffRequest, act_view, answer, page_view
from moderation.enums import CaseStatus, Outcome
from moderation.models import Decision, ReviewCase
from moderation.review.access import DECIDE, SEE, queues_of
from moderation.review.claims import claim_case, claim_next, release_case, renew_claim, skip_case
from moderation.review.resolve import resolve_case
from moderation.review.sla import queue_loads
from moderation.review.stale import PAST_TENSE, StaleDecision, StaleReason
from reviewengine import conf
from reviewengine.admin import NavLink


@page_view
def desk(request: StaffRequest) -> HttpResponse:
    """What waits in each queue, and the way in."""
    loads = queue_loads(moderator=request.user)
    midnight = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    context = {
        "title": "Review desk",
        "loads": loads,
        "waiting": sum(load.waiting for load in loads),
        "overdue": sum(load.overdue for load in loads),
        "may_decide": request.user.has_perm(DECIDE),
        "decided_today": Decision.objects.filter(moderator=request.user, created_at__gte=midnight).count(),
    }
    return answer(request, "desk", context)


@page_view
def next_case(request: StaffRequest) -> HttpResponse:
    """Claims the next case, of one queue if the address names it, and shows it."""
    slug = request.GET.get("queue", "")
    queue = queues_of(request.user).get(slug=slug) if slug else None
    case = claim_next(moderator=request.user, queue=queue)
    if case is None:
        held = sum(load.held for load in queue_loads(moderator=request.user) if queue is None or load.queue == queue)
        return answer(request, "empty", {"title": "Nothing waits", "queue": queue, "held": held})
    if queue is not None and case.queue_id != queue.pk:
        messages.info(
            request, f"You hold this case of {case.queue.name} already: it comes before those of {queue.name}."
        )
    return _show(request, case, slug)


@page_view
def review_case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Claims this very case and shows it. Posted, it carries on what was typed when an earlier claim was lost."""
    try:
        case = claim_case(case_id=case_id, moderator=request.user)
    except StaleDecision as refusal:
        return _refuse(request, case_id, refusal)
    return _show(request, case, request.POST.get("queue", ""))


def _show(
    request: StaffRequest, case: ReviewCase, slug: str, words: WordsForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The case under its new claim, with what was typed before, and the reason that fits if none was chosen."""
    page = read_case_page(case.pk)
    typed = request.POST.dict()
    reason = typed.get("reason") or fitting_reason(page.case.result)
    context = {
        "title": f"Review {page.content.external_id}",
        "page": page,
        "lease_token": case.lease_token,
        "lease_seconds": conf.load().review.lease_seconds,
        "words": words or WordsForm(initial={**typed, "reason": reason}),
        "queue_slug": slug,
    }
    return answer(request, "case", context, status=status)


@act_view
def decide(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Stores the decision and goes on to the next case; or says what is missing, or why it came too late."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _ask_again(request, case_id, form)
    outcome = Outcome(form.cleaned_data["outcome"])
    try:
        decision = resolve_case(
            case_id=case_id,
            moderator=request.user,
            lease_token=form.cleaned_data["lease_token"],
            content_version=form.cleaned_data["content_version"],
            outcome=outcome,
            reasoning=form.reasoning,
            private_note=form.cleaned_data["private_note"],
        )
    except StaleDecision as refusal:
        return _refuse(request, case_id, refusal)
    messages.success(request, format_html("{} {}.", PAST_TENSE[outcome].capitalize(), link_to(decision.content)))
    return _go_on(request)


def _ask_again(request: StaffRequest, case_id: UUID, form: DecisionForm) -> HttpResponse:
    try:
        case = claim_case(case_id=case_id, moderator=request.user)
    except StaleDecision as refusal:
        return _refuse(request, case_id, refusal)
    return _show(request, case, request.POST.get("queue", ""), form, status=400)


@act_view
def skip(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Gives the case to others and goes on to the next."""
    try:
        skip_case(case_id=case_id, moderator=request.user, lease_token=_posted_token(request))
    except StaleDecision as refusal:
        messages.info(request, str(refusal))
    return _go_on(request)


@act_view
def release(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Gives the case back. A page that closes asks for it too, and waits for no answer."""
    release_case(case_id=case_id, moderator=request.user, lease_token=_posted_token(request))
    if "closing" in request.POST:
        return HttpResponse(status=204)
    return HttpResponseRedirect(reverse("admin:review_desk"))


@require_POST
def renew(request: StaffRequest, case_id: UUID) -> JsonResponse:
    """A sign of life from an open page: answers how many seconds the claim lives now, or why it does not."""
    if not admin.site.has_permission(request):
        return JsonResponse({"message": "You are signed out."}, status=401)
    form = ClaimForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": "The claim is not named."}, status=400)
    try:
        ends_at = renew_claim(case_id=case_id, moderator=request.user, lease_token=form.cleaned_data["lease_token"])
    except StaleDecision as refusal:
        return JsonResponse({"message": str(refusal)}, status=409)
    except ReviewCase.DoesNotExist:
        return JsonResponse({"message": "The case is gone."}, status=409)
    return JsonResponse({"seconds": int((ends_at - timezone.now()).total_seconds())})


def _posted_token(request: StaffRequest) -> UUID:
    form = ClaimForm(request.POST)
    if not form.is_valid():
        raise Http404("The form does not name the claim.")
    return form.cleaned_data["lease_token"]


def _go_on(request: StaffRequest) -> HttpResponse:
    slug = request.POST.get("queue", "")
    query = f"?{urlencode({'queue': slug})}" if slug else ""
    return HttpResponseRedirect(reverse("admin:review_next") + query)


def _refuse(request: StaffRequest, case_id: UUID, refusal: StaleDecision) -> HttpResponse:
    """Nothing was stored: says what changed, gives back what was typed, and offers the ways on."""
    if refusal.own:
        messages.info(request, f"{refusal} It is stored once.")
        return _go_on(request)
    case = ReviewCase.objects.select_related("content", "queue", "decision").get(pk=case_id)
    newer = case.content.cases.filter(status=CaseStatus.OPEN).exclude(pk=case_id).first()
    context = {
        "title": "Not stored",
        "message": str(refusal),
        "case": case,
        "again": case if refusal.reason in (StaleReason.CLAIM_LOST, StaleReason.CLAIMED) else newer,
        "typed": request.POST,
        "was_decision": "outcome" in request.POST,
        "queue_slug": request.POST.get("queue", ""),
    }
    return answer(request, "stale", context, status=409)


desk_urls = [
    path("", desk, name="review_desk"),
    path("next/", next_case, name="review_next"),
    path("case/<uuid:case_id>/", review_case, name="review_case"),
    path("case/<uuid:case_id>/decide/", decide, name="review_decide"),
    path("case/<uuid:case_id>/skip/", skip, name="review_skip"),
    path("case/<uuid:case_id>/release/", release, name="review_release"),
    path("case/<uuid:case_id>/renew/", renew, name="review_renew"),
]


def mount(site: Any) -> None:
    """Gives the console the desk's pages, and a link to them in every header."""
    site.register_pages("review/", desk_urls, link=NavLink("Review desk", "admin:review_desk", (SEE,)))


mount(admin.site)
