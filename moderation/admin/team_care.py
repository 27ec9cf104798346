"""A lead's care for the team: what people were exposed to, their caps and breaks, and what nobody takes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from moderation.admin.care_figures import ShownFigures, ShownKind
from moderation.admin.categories import category_title
from moderation.admin.desk_guard import StaffRequest, answer, page_for
from moderation.admin.periods import days_asked
from moderation.models import ModeratorSettings
from moderation.review.care import daily_cap, graphic_today, graphic_today_of, settings_of, start_of_day
from moderation.review.care_settings import SEE_TEAM, SET_LIMITS, save_limits
from moderation.review.care_team import people_who_decide, settings_by_person, untaken_categories
from moderation.review.exposure_figures import Figures, figures_by_person, figures_of
from reviewengine import conf
from reviewengine.admin import NavLink

# The periods of the table: days, today included.
PERIODS = (1, 7, 30)
DEFAULT_DAYS = 7
MOST_KINDS = 8


class LimitsForm(forms.Form):
    """What a lead sets for one person; empty is what the site's configuration says."""

    daily_cap = forms.IntegerField(required=False, min_value=0, max_value=10_000)
    break_after_minutes = forms.IntegerField(required=False, min_value=0, max_value=24 * 60)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person in the table: figures of the period, the day against the cap, a cell for each kind of the heading."""

    person: User
    figures: ShownFigures
    graphic_today: int
    cap: int
    cells: list[ShownKind | None]

    @property
    def is_at_cap(self) -> bool:
        return bool(self.cap) and self.graphic_today >= self.cap


# For leads and auditors.
team_page = page_for(SEE_TEAM, gettext_lazy("You may not see what others were exposed to. Ask an administrator."))


@team_page
def team(request: StaffRequest) -> HttpResponse:
    """Everybody who decides, and who did in the period, with what they were exposed to by kind."""
    now, days = timezone.now(), days_asked(request, PERIODS, DEFAULT_DAYS)
    since = start_of_day(now) - timedelta(days=days - 1)
    figures = figures_by_person(since=since)
    deciders = people_who_decide()
    # Others, such as auditors, see contents too.
    others = User.objects.filter(pk__in=set(figures) - {one.pk for one in deciders}).order_by("username")
    settings = settings_by_person([*deciders, *others])
    kinds, graphic = _kinds_of(figures), graphic_today(now=now)
    untaken = untaken_categories([settings[one.pk] for one in deciders], graphic=graphic)
    context = {
        "title": _("Care for the team"),
        "days": days,
        "periods": PERIODS,
        "kinds": [category_title(kind) for kind in kinds],
        "rows": [_row(own, figures.get(key, Figures()), kinds, graphic.get(key, 0)) for key, own in settings.items()],
        "untaken": [(category_title(name), waiting) for name, waiting in untaken.items()],
        "may_set": request.user.has_perm(SET_LIMITS),
        "keep_days": conf.load().retention.exposure_days,
    }
    return answer(request, "care/team", context)


@team_page
def person(request: StaffRequest, user_id: int) -> HttpResponse:
    """One person: their figures, and what a lead sets for them."""
    whom = get_object_or_404(User, pk=user_id)
    own, now = settings_of(whom), timezone.now()
    form = LimitsForm(request.POST or None, initial={name: getattr(own, name) for name in LimitsForm.base_fields})
    if request.method == "POST" and form.is_valid():
        save_limits(moderator=whom, lead=request.user, **form.cleaned_data)
        messages.success(request, _("Saved for %(name)s. It counts at once.") % {"name": whom.get_username()})
        return HttpResponseRedirect(reverse("admin:review_team_care"))
    today, site = start_of_day(now), conf.load().review.care
    periods = [(_("Today"), 1), (_("The last seven days"), 7), (_("The last thirty days"), 30)]
    context = {
        "title": _("Care for %(name)s") % {"name": whom.get_username()},
        "person": whom,
        "form": form,
        "site": site,
        "graphic_today": graphic_today_of(whom.pk, now=now),
        "cap": daily_cap(own),
        "exposure": [
            ShownFigures.of(heading, figures_of(whom.pk, since=today - timedelta(days=days - 1)))
            for heading, days in periods
        ],
        "may_set": request.user.has_perm(SET_LIMITS),
    }
    return answer(request, "care/person", context, status=400 if form.errors else 200)


def _kinds_of(figures: dict[int, Figures]) -> list[str]:
    """The kinds that were looked at most, over all: the table has room for so many."""
    looks: dict[str, int] = {}
    for one in figures.values():
        for kind in one.kinds:
            looks[kind.kind] = looks.get(kind.kind, 0) + kind.looks
    return sorted(looks, key=lambda kind: (-looks[kind], kind))[:MOST_KINDS]


def _row(own: ModeratorSettings, figures: Figures, kinds: list[str], graphic: int) -> PersonRow:
    by_kind = {kind.kind: ShownKind.of(kind) for kind in figures.kinds}
    return PersonRow(
        person=own.moderator,
        figures=ShownFigures.of("", figures),
        graphic_today=graphic,
        cap=daily_cap(own),
        cells=[by_kind.get(kind) for kind in kinds],
    )


urls = [
    path("team/", team, name="review_team_care"),
    path("team/<int:user_id>/", person, name="review_person_care"),
]


def mount(site: Any) -> None:
    """Gives the console the pages, and leads there from the menu of the person who is signed in."""
    site.register_pages("review/", urls)
    site.register_person_link(NavLink(gettext_lazy("Care for the team"), "admin:review_team_care", (SEE_TEAM,)))


mount(admin.site)
