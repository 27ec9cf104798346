"""The lead's live view: the queues and the people as they are now, and cases given to somebody else."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from moderation.admin.desk_guard import StaffRequest, page_for
from moderation.review.access import DECIDE, RELEASE_OTHERS, people_with
from moderation.review.assignments import reassign
from moderation.review.leases import release_claims
from moderation.review.live import cases_in_hand, live_queues, people_at_work
from moderation.review.refusals import ActRefused
from moderation.review.return_to_queue import return_to_queue
from reviewengine.admin import NavLink

RENEW_SECONDS = 10
MOST_CASES = 200
BACK_TO_QUEUE = "-"
TEMPLATES = "admin/moderation/lead"


class ReassignForm(forms.Form):
    """The cases that were ticked, and who gets them."""

    case = forms.TypedMultipleChoiceField(coerce=UUID, required=False)
    to = forms.CharField(required=False, max_length=150)
    note = forms.CharField(required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The ids are tried by the step itself: a case that was decided meanwhile is no fault of the form.
        self.fields["case"].valid_value = _is_id  # type: ignore[attr-defined]

    def clean_case(self) -> list[UUID]:
        cases: list[UUID] = self.cleaned_data["case"]
        if not cases:
            raise ValidationError(_("Tick the cases first."))
        return cases

    def clean_to(self) -> User | None:
        """The person, or None: back to the queue."""
        name = self.cleaned_data["to"]
        if name == BACK_TO_QUEUE:
            return None
        if not name:
            raise ValidationError(_("Choose who gets the cases."))
        person = people_with(DECIDE).filter(username=name).first()
        if person is None:
            raise ValidationError(_("%(name)s may not decide cases any more. Choose somebody else.") % {"name": name})
        return person


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


# For whoever may arrange the queues.
lead_page = page_for(
    RELEASE_OTHERS, gettext_lazy("You may not see the live view. Ask an administrator for the group 'lead'.")
)


def figures(lead: User, now: datetime) -> dict[str, Any]:
    """What the live view shows at ``now``."""
    people = people_at_work(lead=lead, now=now)
    cases = cases_in_hand(lead=lead, now=now, most=MOST_CASES + 1)
    queues = live_queues(lead=lead, now=now)
    return {
        "now": now,
        "queues": queues,
        "waiting": sum(queue.load.waiting for queue in queues),
        "overdue": sum(queue.load.overdue for queue in queues),
        "online": sum(one.online for one in people),
        "people": [one for one in people if one.is_here],
        "away": sum(not one.is_here for one in people),
        "cases": cases[:MOST_CASES],
        "more_cases": len(cases) > MOST_CASES,
    }


@require_safe
@lead_page
def live(request: StaffRequest) -> HttpResponse:
    """The queues, the people, and the cases in their hands."""
    return _show(request)


@require_safe
@lead_page
def live_figures(request: StaffRequest) -> HttpResponse:
    """The part of the live view that renews itself."""
    return TemplateResponse(request, f"{TEMPLATES}/live_figures.html", figures(request.user, timezone.now()))


def _show(request: StaffRequest, form: ReassignForm | None = None, *, status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        **figures(request.user, timezone.now()),
        "title": _("Live view"),
        "is_nav_sidebar_enabled": False,
        "renew_seconds": RENEW_SECONDS,
        "form": form,
        "ticked": form.data.getlist("case") if form else [],  # type: ignore[attr-defined]
        "deciders": people_with(DECIDE),
        "back_to_queue": BACK_TO_QUEUE,
    }
    return TemplateResponse(request, f"{TEMPLATES}/live.html", context, status=status)


@lead_page
def give(request: StaffRequest) -> HttpResponse:
    """Gives the ticked cases to a person or back to their queues, or ends the claims on them."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("admin:review_live"))
    releasing = "release" in request.POST
    data = request.POST.copy()
    if releasing:
        data["to"] = BACK_TO_QUEUE
    form = ReassignForm(data)
    if not form.is_valid():
        return _show(request, form, status=400)
    if releasing:
        messages.success(request, _released(release_claims(case_ids=form.cleaned_data["case"], lead=request.user)))
        return HttpResponseRedirect(reverse("admin:review_live"))
    return _reassign(request, form)


def _reassign(request: StaffRequest, form: ReassignForm) -> HttpResponse:
    cases, to = form.cleaned_data["case"], form.cleaned_data["to"]
    try:
        moved = _move(cases, request.user, to, form.cleaned_data["note"])
    except (PermissionDenied, ActRefused) as refusal:
        form.add_error("to", str(refusal))
        return _show(request, form, status=400)
    if moved:
        messages.success(request, _moved(moved, to))
    if moved < len(set(cases)):
        left = len(set(cases)) - moved
        messages.warning(request, _left(left))
    return HttpResponseRedirect(reverse("admin:review_live"))


def _move(cases: list[UUID], lead: User, to: User | None, note: str) -> int:
    if to is None:
        return return_to_queue(case_ids=cases, lead=lead)
    return reassign(case_ids=cases, lead=lead, to=to, note=note)


def _released(count: int) -> str:
    return ngettext("%(count)d claim released.", "%(count)d claims released.", count) % {"count": count}


def _moved(count: int, to: User | None) -> str:
    if to is None:
        text = ngettext("%(count)d case is back in its queue.", "%(count)d cases are back in their queues.", count)
        return text % {"count": count}
    text = ngettext("%(count)d case given to %(name)s.", "%(count)d cases given to %(name)s.", count)
    return text % {"count": count, "name": to.get_username()}


def _left(count: int) -> str:
    text = ngettext(
        "%(count)d case stayed where it was: it was decided or taken meanwhile.",
        "%(count)d cases stayed where they were: they were decided or taken meanwhile.",
        count,
    )
    return text % {"count": count}


urls = [
    path("", live, name="review_live"),
    path("figures/", live_figures, name="review_live_figures"),
    path("give/", give, name="review_give"),
]


def mount(site: Any) -> None:
    """Gives the console the live view, and a link to it in the header of leads."""
    link = NavLink(gettext_lazy("Live view"), "admin:review_live", (RELEASE_OTHERS,))
    site.register_pages("review/live/", urls, link=link)


mount(admin.site)
