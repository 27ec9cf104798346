"""On a person's page: how they come in, and an administrator's help. What it does, it does for people within reach."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from moderation.admin import cells
from moderation.admin.sections import Section
from moderation.audit import user_actor
from reviewengine.access import recovery, second_factor
from reviewengine.access.lockout import failures_of, unlock


def _reset(person: User, actor: str) -> str:
    if recovery.reset_second_factor(person=person, actor=actor):
        return _("The second factor is reset and every session ended.")
    return _("There was no second factor to reset. Every session is ended.")


def _unlock(person: User, actor: str) -> str:
    unlock(person=person, actor=actor)
    return _("The failed sign-ins are forgotten: the person may try again.")


def _sign_out(person: User, actor: str) -> str:
    ended = recovery.sign_out_everywhere(person=person, actor=actor)
    return ngettext("%(ended)d session is ended.", "%(ended)d sessions are ended.", ended) % {"ended": ended}


ACTS: dict[str, Callable[[User, str], str]] = {"reset": _reset, "unlock": _unlock, "sign-out": _sign_out}


def urls_of(model_admin: ModelAdmin) -> list[URLPattern]:
    """The addresses of the acts, for the admin of people."""

    @require_POST
    def act(request: HttpRequest, person_id: int, name: str) -> HttpResponse:
        person = get_object_or_404(User, pk=person_id)
        if name not in ACTS:
            raise Http404("There is no such act.")
        if not model_admin.has_change_permission(request, person):
            raise PermissionDenied
        messages.success(request, ACTS[name](person, user_actor(request.user)))
        return HttpResponseRedirect(reverse("admin:auth_user_change", args=[person.pk]))

    page = model_admin.admin_site.admin_view(act)
    return [path("<int:person_id>/access/<str:name>/", page, name="auth_user_access")]


def access_section(person: User) -> Section:
    """What stands between the person and the console."""
    app = second_factor.app_of(person)
    facts: list[tuple[str, Any]] = [
        (_("Password"), _("one of their own") if person.has_usable_password() else _("none: signs in elsewhere")),
        (_("Second factor"), cells.moment(app.created_at) if app else _("none")),
        (_("Last used"), cells.moment(app.last_used_at) if app else cells.NOTHING),
        (_("Recovery codes left"), second_factor.recovery_codes_left(person)),
        (_("Required"), _("yes") if second_factor.is_required_of(person) else _("no")),
        (_("Failed sign-ins"), failures_of(person)),
    ]
    return Section(_("Access"), (_("What"), _("How it stands")), facts)
