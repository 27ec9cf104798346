"""The console's page on which a person decides anew what is decided: with a reason, and never silently."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _

from moderation.admin.covers import shown_words
from moderation.admin.desk_form import SaidForm
from moderation.admin.desk_guard import StaffRequest, answer, page_view
from moderation.audit import record_view
from moderation.enums import Outcome
from moderation.models import Content, Decision
from moderation.review.access import require_moderator
from moderation.review.doors import require_open_content
from moderation.review.newest import newest_decision
from moderation.review.override import decide_anew, require_may_decide_anew
from moderation.review.refusals import ActRefused


class AnewForm(SaidForm):
    """What was seen, and the decision in its place. To approve what was rejected says why, too."""

    content_version = forms.IntegerField(widget=forms.HiddenInput)
    expected = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        values = super().clean()
        if values.get("outcome") == Outcome.APPROVE and not values.get("words"):
            self.add_error("words", _("Say why you decide anew."))
        return values


@page_view
def override(request: StaffRequest, content_id: UUID) -> HttpResponse:
    """Shows what is decided, and asks for the new decision; stores it."""
    require_moderator(request.user)
    content = Content.objects.select_related("author", "client").filter(pk=content_id).first()
    if content is None:
        raise Http404("There is no such content.")
    try:
        require_may_decide_anew(person=request.user, content=content)
    except ActRefused as refusal:
        context = {"title": _("Decide anew"), "message": str(refusal), "typed": request.POST}
        return answer(request, "refused", context, status=409)
    record_view(viewer=request.user, content_id=content.pk, page="override", request=request)
    decision = newest_decision(content)
    if request.method != "POST":
        seen = {"content_version": content.version, "expected": decision.pk if decision else None}
        return _page(request, content, decision, AnewForm(initial=seen))
    form = AnewForm(request.POST)
    if not form.is_valid():
        return _page(request, content, decision, form, status=400)
    return _store(request, content, decision, form)


def _store(request: StaffRequest, content: Content, decision: Decision | None, form: AnewForm) -> HttpResponse:
    said = form.cleaned_data
    try:
        resolution = decide_anew(
            content_id=content.pk,
            person=request.user,
            content_version=said["content_version"],
            expected_id=said["expected"],
            outcome=Outcome(said["outcome"]),
            label=form.label,
            reasoning=form.reasoning,
            private_note=said["private_note"],
        )
    except ActRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, content, decision, form, status=409)
    if resolution.hold is None:
        messages.success(request, _("Decided anew."))
    elif resolution.hold.release_at is None:
        messages.success(request, _("Recorded. It counts once a second person has confirmed it."))
    else:
        messages.success(request, _("Recorded. It counts in a moment, and can be undone until then."))
    return HttpResponseRedirect(reverse("admin:review_override_done", args=[content.pk]))


@page_view
def done(request: StaffRequest, content_id: UUID) -> HttpResponse:
    """What was recorded, with the way to undo it while that is possible."""
    content = Content.objects.filter(pk=content_id).first()
    if content is None:
        raise Http404("There is no such content.")
    require_open_content(person=request.user, content=content)
    return answer(request, "override_done", {"title": _("Decided anew"), "content_row": content})


def _page(
    request: StaffRequest, content: Content, decision: Decision | None, form: AnewForm, *, status: int = 200
) -> HttpResponse:
    context = {"title": _("Decide anew"), "content_row": content, "decision": decision, "form": form}
    context |= shown_words(request.user, content)
    return answer(request, "override", context, status=status)


urls = [
    path("content/<uuid:content_id>/decide/", override, name="review_override"),
    path("content/<uuid:content_id>/decided/", done, name="review_override_done"),
]
