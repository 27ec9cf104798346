"""The desk's acts that say whom a case waits for: hold, hand over, give back, and look again at what was skipped.

Each can be posted from its dialog over the case, or, without a script, from a page of its own.
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from moderation.admin.claim_forms import HandOverForm, HoldForm, hold_choices
from moderation.admin.desk_flow import carry_out, go_on
from moderation.admin.desk_guard import StaffRequest, act_view, answer, page_view
from moderation.admin.desk_stale import kept_fields
from moderation.models import ReviewCase
from moderation.review.access import queues_of
from moderation.review.assignments import candidates, hand_over, hold_case, take_back_assignment
from moderation.review.doors import case_behind, require_may_act
from moderation.review.leases import look_again
from moderation.review.presence import online
from moderation.review.stale import person_name


@act_view
def hold(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Puts the case on hold and goes on; asks for how long and why where that is not said."""
    form = HoldForm(request.POST)

    def ask() -> HttpResponse:
        return _ask(request, case_id, "hold_page", form, hold_choices=hold_choices())

    return carry_out(request, case_id, form, _hold, ask)


def _hold(request: StaffRequest, case_id: UUID, said: dict[str, Any]) -> str:
    case = hold_case(
        case_id=case_id,
        moderator=request.user,
        lease_token=said["lease_token"],
        until=timezone.now() + timedelta(minutes=said["minutes"]),
        reason=said["hold_reason"],
    )
    return _("%(id)s is on hold. It comes back to you first.") % {"id": case.content.external_id}


@act_view
def pass_on(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Gives the case to the chosen person and goes on; asks to whom where that is not said."""
    people = candidates(case=_case_of(request, case_id), moderator=request.user)
    form = HandOverForm(request.POST, people=people)

    def ask() -> HttpResponse:
        return _ask(request, case_id, "hand_over_page", form, people=_named(people))

    return carry_out(request, case_id, form, _hand_over, ask)


def _hand_over(request: StaffRequest, case_id: UUID, said: dict[str, Any]) -> str:
    to = said["to"]
    case = hand_over(
        case_id=case_id,
        moderator=request.user,
        lease_token=said["lease_token"],
        to=to,
        note=said["hand_over_note"],
    )
    names = {"id": case.content.external_id, "person": person_name(to)}
    return _("%(id)s waits for %(person)s, who sees it first.") % names


@page_view
def people_for(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """To whom the case can be given, for its dialog: those who are online first."""
    people = candidates(case=_case_of(request, case_id), moderator=request.user)
    return JsonResponse({"people": _named(people)})


@act_view
def give_back(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Ends a hold of one's own, or declines what was handed over: the case is everybody's again."""
    if take_back_assignment(case_id=case_id, moderator=request.user):
        messages.success(request, _("The case is back in its queue."))
    else:
        require_may_act(moderator=request.user, case=case_behind(case_id))
        messages.info(request, _("The case does not wait for you any more."))
    return _back(request)


@page_view
def skipped_again(request: StaffRequest) -> HttpResponse:
    """Brings back what the person skipped, of one queue or of all, and shows the first of it."""
    if request.method == "POST":
        slug = request.POST.get("queue", "")
        count = look_again(moderator=request.user, queue=queues_of(request.user).get(slug=slug) if slug else None)
        words = ngettext("%(count)s skipped case is back.", "%(count)s skipped cases are back.", count)
        messages.info(request, words % {"count": count})
    return go_on(request)


def _case_of(request: StaffRequest, case_id: UUID) -> ReviewCase:
    case = ReviewCase.objects.select_related("content").defer("content__text").get(pk=case_id)
    require_may_act(moderator=request.user, case=case)
    return case


def _named(people: Any) -> list[dict[str, Any]]:
    here = {presence.person_id for presence in online()}
    named = [{"username": one.get_username(), "name": person_name(one), "online": one.pk in here} for one in people]
    return sorted(named, key=lambda one: (not one["online"], one["name"].casefold()))


def _ask(request: StaffRequest, case_id: UUID, template: str, form: forms.Form, **more: Any) -> HttpResponse:
    """The act's own page. The first time it only asks; from then on it says what is wrong, and nothing was changed."""
    case = ReviewCase.objects.select_related("content", "queue").get(pk=case_id)
    require_may_act(moderator=request.user, case=case)
    is_first = "minutes" not in request.POST and "to" not in request.POST
    context = {
        "title": _("Hold") if template == "hold_page" else _("Pass on"),
        "case": case,
        "form": form,
        "errors": [] if is_first else [error for errors in form.errors.values() for error in errors],
        "lease_token": request.POST.get("lease_token", ""),
        "queue_slug": request.POST.get("queue", ""),
        "kept": kept_fields(request.POST),
        **more,
    }
    return answer(request, template, context, status=200 if is_first else 400)


def _back(request: StaffRequest) -> HttpResponse:
    if "start" in request.POST:
        return HttpResponseRedirect(reverse("admin:review_desk"))
    return go_on(request)


urls = [
    path("case/<uuid:case_id>/hold/", hold, name="review_hold"),
    path("case/<uuid:case_id>/hand-over/", pass_on, name="review_hand_over"),
    path("case/<uuid:case_id>/people/", people_for, name="review_people"),
    path("case/<uuid:case_id>/give-back/", give_back, name="review_give_back"),
    path("skipped/", skipped_again, name="review_skipped"),
]
