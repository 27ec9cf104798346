"""The pages of the second person: what waits for one, and confirming, deciding otherwise or sending back."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from moderation.admin.desk_flow import shown_of
from moderation.admin.desk_form import SaidForm, typed_in
from moderation.admin.desk_guard import StaffRequest, answer, page_view
from moderation.audit import record_view
from moderation.enums import HoldStatus, Outcome
from moderation.models import DecisionHold
from moderation.review.access import may_confirm, queues_of, require_confirmer
from moderation.review.doors import require_may_act
from moderation.review.holds import HoldEnded, confirm
from moderation.review.notes import BadNote
from moderation.review.refusals import ActRefused
from moderation.review.second_person import decide_otherwise, send_back, waiting_for_second

MOST = 100


@page_view
def waiting(request: StaffRequest) -> HttpResponse:
    """Everything that waits for a second person in the reader's queues; one's own is shown, and left to others."""
    rows = waiting_for_second(person=request.user)
    context = {
        "title": _("Waiting for a second person"),
        "holds": list(rows.defer("decision__content__text", "decision__content__metadata")[:MOST]),
        "total": rows.count(),
        "may_confirm": may_confirm(request.user),
    }
    return answer(request, "second", context)


@page_view
def second(request: StaffRequest, decision_id: UUID) -> HttpResponse:
    """One decision that waits, with what it is about; posted, what the second person says of it."""
    require_confirmer(request.user)
    hold = _find(request, decision_id)
    if hold.status != HoldStatus.HELD:
        messages.info(request, _("This decision does not wait any more."))
        return HttpResponseRedirect(reverse("admin:review_second"))
    if request.method != "POST":
        return _page(request, hold, SaidForm(initial=typed_in(hold.decision)))
    content_id, case_id = hold.decision.content_id, hold.case_id
    record_view(viewer=request.user, content_id=content_id, page="second", request=request, case_id=case_id)
    return _act(request, hold)


def _find(request: StaffRequest, decision_id: UUID) -> DecisionHold:
    rows = DecisionHold.objects.select_related("decision__moderator", "case__queue")
    hold = rows.filter(pk=decision_id, case__queue__in=queues_of(request.user)).first()
    if hold is None:
        raise Http404("No such decision waits in your queues.")
    require_may_act(moderator=request.user, case=hold.case)
    return hold


def _act(request: StaffRequest, hold: DecisionHold) -> HttpResponse:
    act = request.POST.get("act") or ("otherwise" if "outcome" in request.POST else "")
    form = SaidForm(request.POST)
    if act == "otherwise" and not form.is_valid():
        return _page(request, hold, form, status=400)
    try:
        messages.success(request, _ACTS.get(act, _unknown)(request, hold, form))
    except HoldEnded as refusal:
        messages.info(request, str(refusal))
    except (ActRefused, BadNote) as refusal:
        form.add_error(None, str(refusal))
        return _page(request, hold, form, status=400)
    return HttpResponseRedirect(reverse("admin:review_second"))


def _confirm(request: StaffRequest, hold: DecisionHold, form: SaidForm) -> str:
    confirm(decision=hold.decision, person=request.user)
    return _("Confirmed: the rejection counts now.")


def _otherwise(request: StaffRequest, hold: DecisionHold, form: SaidForm) -> str:
    decide_otherwise(
        decision=hold.decision,
        person=request.user,
        outcome=Outcome(form.cleaned_data["outcome"]),
        label=form.label,
        reasoning=form.reasoning,
        private_note=form.cleaned_data["private_note"],
    )
    return _("Decided otherwise: the first decision never counts.")


def _send_back(request: StaffRequest, hold: DecisionHold, form: SaidForm) -> str:
    send_back(decision=hold.decision, person=request.user, note=request.POST.get("note", ""))
    return _("Sent back: the case is open again.")


def _unknown(request: StaffRequest, hold: DecisionHold, form: SaidForm) -> str:
    raise ActRefused(_("Confirm it, decide otherwise, or send it back."))


_ACTS = {"confirm": _confirm, "otherwise": _otherwise, "back": _send_back}


def _page(request: StaffRequest, hold: DecisionHold, form: SaidForm, *, status: int = 200) -> HttpResponse:
    """All that a case page shows, with the same covers, record and count of looks, and what the first person said."""
    form.queue_id = hold.case.queue_id
    context = {
        **shown_of(request, hold.case, place="second"),
        "title": _("Second person"),
        "decision": hold.decision,
        "own": hold.decision.moderator_id == request.user.pk,
        "form": form,
        "note": request.POST.get("note", ""),
    }
    return answer(request, "second_person", context, status=status)


urls = [
    path("second/", waiting, name="review_second"),
    path("second/<uuid:decision_id>/", second, name="review_second_person"),
]
