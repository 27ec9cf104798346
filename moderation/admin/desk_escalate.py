"""The desk's acts on levels: a case is passed up with a note, or sent back down with one."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.admin.desk_flow import Act, carry_out
from moderation.admin.desk_form import ClaimForm, TypedField
from moderation.admin.desk_guard import StaffRequest, act_view, answer
from moderation.models import ReviewCase
from moderation.review.doors import require_may_act
from moderation.review.escalate import MOST_NOTE, escalate_case, send_back


class NoteForm(ClaimForm):
    """The claim, and what the next person should know."""

    note = TypedField(max_length=MOST_NOTE)

    def clean_note(self) -> str:
        note = str(self.cleaned_data["note"]).strip()
        if not note and "asked" in self.data:
            raise forms.ValidationError(gettext_lazy("Say why: whoever takes the case reads it first."))
        return note


@act_view
def escalate(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Passes the case up and goes on; without a note, asks for one."""
    return _pass_on(request, case_id, "escalate", _escalate)


@act_view
def back(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Sends the case back to the first level and goes on; without a note, asks for one."""
    return _pass_on(request, case_id, "send_back", _send_back)


def _escalate(request: StaffRequest, case_id: UUID, facts: dict[str, Any]) -> str:
    case = escalate_case(case_id=case_id, moderator=request.user, lease_token=facts["lease_token"], note=facts["note"])
    return _("Escalated %(id)s: a senior moderator decides it.") % {"id": _name(case)}


def _send_back(request: StaffRequest, case_id: UUID, facts: dict[str, Any]) -> str:
    case = send_back(case_id=case_id, senior=request.user, lease_token=facts["lease_token"], note=facts["note"])
    return _("Sent %(id)s back to the first level.") % {"id": _name(case)}


def _pass_on(request: StaffRequest, case_id: UUID, verb: str, act: Act) -> HttpResponse:
    form = NoteForm(request.POST)

    def ask() -> HttpResponse:
        return _ask(request, case_id, verb, form)

    if form.is_valid() and not form.cleaned_data["note"]:
        return ask()
    return carry_out(request, case_id, form, act, ask)


def _ask(request: StaffRequest, case_id: UUID, verb: str, form: NoteForm) -> HttpResponse:
    """The page that asks for the note; what was typed for the author is carried along."""
    case = ReviewCase.objects.select_related("content", "queue").get(pk=case_id)
    require_may_act(moderator=request.user, case=case)
    context = {
        "title": _("Escalate") if verb == "escalate" else _("Send back"),
        "verb": verb,
        "case": case,
        "form": form,
        "typed": request.POST,
        "queue_slug": request.POST.get("queue", ""),
    }
    return answer(request, "escalate", context, status=400 if "asked" in request.POST else 200)


def _name(case: ReviewCase) -> str:
    return case.content.external_id


urls = [
    path("case/<uuid:case_id>/escalate/", escalate, name="review_escalate"),
    path("case/<uuid:case_id>/send-back/", back, name="review_send_back"),
]
