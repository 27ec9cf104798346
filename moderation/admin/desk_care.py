"""The desk's care for the person: what pages report of a look, breaks, and everybody's own settings."""

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from moderation.admin.care_figures import ShownFigures
from moderation.admin.care_form import SettingsForm
from moderation.admin.desk_form import PageClaimForm
from moderation.admin.desk_guard import StaffRequest, answer, page_view
from moderation.models import Exposure
from moderation.review.access import SEE
from moderation.review.breaks import (
    break_after,
    break_length,
    break_of,
    is_break_due,
    note_work,
    put_off_break,
    start_break,
)
from moderation.review.care import daily_cap, graphic_today_of, settings_of, start_of_day
from moderation.review.care_settings import save_own_settings
from moderation.review.exposure import add_seconds
from moderation.review.exposure_figures import figures_of
from moderation.review.leases import release_case
from reviewengine import conf
from reviewengine.admin import NavLink


class LookForm(forms.Form):
    """What a page reports of the look that it shows: whole seconds since its last report."""

    open = forms.IntegerField(min_value=0)
    text = forms.IntegerField(min_value=0)
    images = forms.IntegerField(min_value=0)


@require_POST
def look(request: HttpRequest, look_id: UUID) -> JsonResponse:
    """A page says how long it was in sight; it is told whether a break is due."""
    if not admin.site.has_permission(request):
        return JsonResponse({"message": _("You are signed out.")}, status=401)
    form = LookForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": _("The seconds must be whole numbers.")}, status=400)
    person, now = cast(User, request.user), timezone.now()
    seconds = {f"{name}_seconds": form.cleaned_data[name] for name in ("open", "text")}
    try:
        add_seconds(look_id=look_id, moderator=person, image_seconds=form.cleaned_data["images"], now=now, **seconds)
    except Exposure.DoesNotExist:
        return JsonResponse({"message": _("This look is not yours, or is not kept any more.")}, status=404)
    if not form.cleaned_data["open"]:
        return JsonResponse({"break_due": False})
    spell = note_work(moderator=person, now=now)
    return JsonResponse({"break_due": is_break_due(spell, settings_of(person), now=now)})


@page_view
def take_break(request: StaffRequest) -> HttpResponse:
    """Posted: gives the case back and begins a break. Then the page to rest on, with the time that is left."""
    if request.method != "POST":
        context = {"title": _("Break"), "until": break_of(request.user), "minutes": _minutes(break_length())}
        return answer(request, "care/break", context)
    form = PageClaimForm(request.POST)
    if form.is_valid():
        claim = form.cleaned_data
        release_case(case_id=claim["case"], moderator=request.user, lease_token=claim["lease_token"])
    start_break(moderator=request.user)
    return HttpResponseRedirect(reverse("admin:review_break"))


@page_view
def later(request: StaffRequest) -> HttpResponse:
    """Not now: the person is asked again after a while."""
    if request.method == "POST":
        put_off_break(moderator=request.user)
    return HttpResponse(status=204)


@page_view
def own_settings(request: StaffRequest) -> HttpResponse:
    """What everybody chooses for themselves, beside what they were shown."""
    own = settings_of(request.user)
    form = SettingsForm(request.POST) if request.method == "POST" else SettingsForm.showing(own)
    if request.method == "POST" and form.is_valid():
        save_own_settings(moderator=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. It counts from your next page on."))
        return HttpResponseRedirect(reverse("admin:review_settings"))
    now = timezone.now()
    today = start_of_day(now)
    context = {
        "title": _("Your desk"),
        "form": form,
        "exposure": [
            ShownFigures.of(_("Today"), figures_of(request.user.pk, since=today)),
            ShownFigures.of(_("The last seven days"), figures_of(request.user.pk, since=today - timedelta(days=6))),
        ],
        "cap": daily_cap(own),
        "graphic_today": graphic_today_of(request.user.pk, now=now),
        "keep_days": conf.load().retention.exposure_days,
        "break_after": _minutes(break_after(own)),
    }
    return answer(request, "care/settings", context, status=400 if form.errors else 200)


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds() // 60)


urls = [
    path("look/<uuid:look_id>/", look, name="review_look"),
    path("break/", take_break, name="review_break"),
    path("break/later/", later, name="review_break_later"),
    path("settings/", own_settings, name="review_settings"),
]


def mount(site: Any) -> None:
    """Leads there from the menu of the person who is signed in."""
    site.register_person_link(NavLink(gettext_lazy("Your desk"), "admin:review_settings", (SEE,)))


mount(admin.site)
