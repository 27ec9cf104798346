"""The gate before every page of the console: sessions that are over end, and who owes a second factor is nobody yet."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reviewengine import conf
from reviewengine.access import second_factor, sessions
from reviewengine.access.events import tell
from reviewengine.middleware import MACHINES

FACTOR = "access_factor"
OWED, GIVEN, NONE = "owed", "given", "none"


class AccessMiddleware:
    """Sets ``request.half_signed_in`` to who has given a password and owes a code; ``request.user`` is nobody then.

    So every page and every act, whoever wrote it, treats such a person as signed out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.half_signed_in = None  # type: ignore[attr-defined]
        if not request.path_info.startswith(MACHINES) and settings.SESSION_COOKIE_NAME in request.COOKIES:
            _look_at(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Which address is asked is known only here."""
        name = request.resolver_match.view_name if request.resolver_match else ""
        if getattr(request, "user", None) and request.user.is_authenticated and not sessions.is_heartbeat(name):
            sessions.note_act(request.session)


def _look_at(request: HttpRequest) -> None:
    if not request.user.is_authenticated:
        return
    person = cast(User, request.user)
    if over := sessions.end_of(request.session):
        tell("signed_out", person, why=over)
        logout(request)
        messages.info(request, _why(over))
    elif is_owed(request, person):
        request.half_signed_in = person  # type: ignore[attr-defined]
        request.user = AnonymousUser()


def _why(over: str) -> str:
    access = conf.load().access
    if over == "idle":
        minutes = access.session_idle_minutes
        return ngettext(
            "You were signed out after %(minutes)d minute without activity.",
            "You were signed out after %(minutes)d minutes without activity.",
            minutes,
        ) % {"minutes": minutes}
    return _("You were signed out: a session lasts %(hours)d hours at most.") % {"hours": access.session_hours}


def is_owed(request: HttpRequest, person: User) -> bool:
    """Whether the session still needs a second factor. What it was when it began is in the session: no query."""
    if not second_factor.is_switched_on():
        return False
    state = request.session.get(FACTOR)
    if state is None:
        state = note_factor(request, person)
    if state == NONE and second_factor.is_required_of(person):
        state = request.session[FACTOR] = OWED
    return bool(state == OWED)


def note_factor(request: HttpRequest, person: User) -> str:
    """Writes into the session whether a second factor is owed."""
    owed = second_factor.app_of(person) is not None or second_factor.is_required_of(person)
    request.session[FACTOR] = state = OWED if owed else NONE
    return state


def give_factor(request: HttpRequest) -> None:
    """The person has proved the second factor: the session is whole, under a new key."""
    request.session.cycle_key()
    request.session[FACTOR] = GIVEN


def _begin(sender: Any, request: HttpRequest, user: User, **_: Any) -> None:
    """Whichever door it was: a session begins with its clocks, and knows what it owes."""
    sessions.begin(request.session)
    if second_factor.is_switched_on():
        note_factor(request, user)


user_logged_in.connect(_begin, dispatch_uid="reviewengine.access.gate")
