"""The desk's act of taking back: the case is there again with what was typed, or it is said why it is too late."""

from contextlib import suppress
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from moderation.admin.desk_flow import go_on, show_case
from moderation.admin.desk_form import PageClaimForm, WordsForm, typed_in
from moderation.admin.desk_guard import StaffRequest, act_view, answer
from moderation.enums import CaseStatus, HoldStatus
from moderation.models import Decision, DecisionHold, QualityReview, ReviewCase
from moderation.review.doors import require_may_see
from moderation.review.holds import HoldEnded, withdraw
from moderation.review.leases import release_case
from moderation.review.presence import leave
from moderation.review.refusals import ActRefused
from moderation.review.second_thoughts import take_back_answer


class UndoForm(forms.Form):
    """Which decision is meant: another may have been made about the case since."""

    decision = forms.UUIDField()


@act_view
def undo(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Takes one's decision back and shows the case again, claimed by the same person if they still may."""
    form = UndoForm(request.POST)
    if not form.is_valid():
        raise Http404("The form does not name the decision.")
    decision = Decision.objects.filter(pk=form.cleaned_data["decision"], hold__case=case_id).first()
    if decision is None:
        return _take_back(request, case_id, form.cleaned_data["decision"])
    return _withdraw(request, case_id, decision)


def _take_back(request: StaffRequest, case_id: UUID, answer_id: UUID) -> HttpResponse:
    """As with a decision, where nothing was decided: the case is there again, with what was typed."""
    try:
        case, said = take_back_answer(review_id=answer_id, person=request.user)
    except QualityReview.DoesNotExist:
        return _too_late(request, case_id, _("This decision counted at once: it cannot be undone."))
    except ActRefused as refusal:
        return _too_late(request, case_id, str(refusal))
    _give_back_opened(request)
    _say_undone(request)
    return show_case(request, case, request.POST.get("queue", ""), WordsForm(initial=typed_in(said)))


def _withdraw(request: StaffRequest, case_id: UUID, decision: Decision) -> HttpResponse:
    try:
        case = withdraw(decision=decision, person=request.user)
    except HoldEnded as refusal:
        if refusal.status == HoldStatus.WITHDRAWN:
            return HttpResponseRedirect(_address(request, case_id, decision.pk))
        return _too_late(request, case_id, str(refusal))
    except DecisionHold.DoesNotExist as error:
        raise Http404(str(error)) from error
    if case.status == CaseStatus.CANCELLED:
        _give_back_opened(request)
        messages.info(request, _("Undone. What was decided before is still in force."))
        return HttpResponseRedirect(reverse("admin:moderation_content_change", args=[case.content_id]))
    if case.claimed_by_id != request.user.pk:
        messages.info(request, _("Undone. The case is open again; you may not decide it yourself any more."))
        return go_on(request)
    _give_back_opened(request)
    _say_undone(request)
    return HttpResponseRedirect(_address(request, case_id, decision.pk))


def _give_back_opened(request: StaffRequest) -> None:
    """The case that had been opened meanwhile goes back at once: the page that kept its claim is left.

    The form names it where nothing was typed for it. What another tab has claimed anew stays theirs, and what is on
    hold or waits for them does in any case.
    """
    form = PageClaimForm(request.POST)
    if not form.is_valid():
        return
    opened = form.cleaned_data["case"]
    # Whose it is by now is no reason to refuse what has been undone already.
    with suppress(PermissionDenied, ReviewCase.DoesNotExist):
        if release_case(case_id=opened, moderator=request.user, lease_token=form.cleaned_data["lease_token"]):
            leave(person=request.user, case_id=opened)


def _say_undone(request: StaffRequest) -> None:
    messages.success(request, _("Undone: decide this case anew."))


def _address(request: StaffRequest, case_id: UUID, decision_id: UUID) -> str:
    asked = {"undone": str(decision_id)}
    if slug := request.POST.get("queue", ""):
        asked["queue"] = slug
    return f"{reverse('admin:review_case', args=[case_id])}?{urlencode(asked)}"


def _too_late(request: StaffRequest, case_id: UUID, message: str) -> HttpResponse:
    """Nothing was changed; whoever may still decides anew, from the content's own page."""
    case = ReviewCase.objects.select_related("content").get(pk=case_id)
    require_may_see(person=request.user, case=case)
    context = {
        "title": _("Not undone"),
        "message": message,
        "case": case,
        "is_open": case.status == CaseStatus.OPEN,
        "queue_slug": request.POST.get("queue", ""),
    }
    return answer(request, "too_late", context, status=409)


urls = [path("case/<uuid:case_id>/undo/", undo, name="review_undo")]
