"""The desk's act of deciding: stores what a moderator says of the case, and goes on."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import path
from django.utils.html import format_html

from moderation.admin.cells import link_to
from moderation.admin.desk_flow import go_on, refuse, show_case
from moderation.admin.desk_form import DecisionForm
from moderation.admin.desk_guard import StaffRequest, act_view
from moderation.enums import Outcome
from moderation.review.claims import claim_case
from moderation.review.holds import waits_for_second
from moderation.review.resolve import Resolution, resolve_case
from moderation.review.stale import PAST_TENSE, StaleDecision
from reviewengine import conf


@act_view
def decide(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """Stores the decision and goes on to the next case; or says what is missing, or why it came too late."""
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _ask_again(request, case_id, form)
    outcome = Outcome(form.cleaned_data["outcome"])
    try:
        resolution = resolve_case(
            case_id=case_id,
            moderator=request.user,
            lease_token=form.cleaned_data["lease_token"],
            content_version=form.cleaned_data["content_version"],
            outcome=outcome,
            reasoning=form.reasoning,
            private_note=form.cleaned_data["private_note"],
            label=form.label,
        )
    except StaleDecision as refusal:
        return refuse(request, case_id, refusal)
    if not _is_held(resolution):  # else the line with the way to undo it says so
        done = str(PAST_TENSE[outcome]).capitalize()
        messages.success(request, format_html("{} {}.", done, link_to(resolution.case.content)))
    return go_on(request)


def _is_held(resolution: Resolution) -> bool:
    """Whether it does not count yet; of an answer to a case that measures people, whether a decision would not."""
    if not resolution.case.is_quality:
        return resolution.hold is not None
    author = resolution.case.content.author
    wide = waits_for_second(outcome=resolution.outcome, reach=author.reach if author else None)
    return wide or bool(conf.load().review.undo_seconds)


def _ask_again(request: StaffRequest, case_id: UUID, form: DecisionForm) -> HttpResponse:
    try:
        case = claim_case(case_id=case_id, moderator=request.user)
    except StaleDecision as refusal:
        return refuse(request, case_id, refusal)
    return show_case(request, case, request.POST.get("queue", ""), form, status=400)


urls = [path("case/<uuid:case_id>/decide/", decide, name="review_decide")]
