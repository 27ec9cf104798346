"""How long a session lives: so long without an act of a person, so long at all, and no longer than its owner's rights.

That a changed password and a switched-off account end every session is Django's doing. Signs of life that a page gives
by itself are no acts of a person: their addresses are registered as heartbeats, and do not keep a session alive.
"""

import time
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.models import Session
from django.utils import timezone

from reviewengine import conf

BEGAN, ACTIVE = "access_began", "access_active"
# An act within this time of the last one is not written again: a session is one row, and every page would write it.
GRAIN_SECONDS = 30

_heartbeats: set[str] = set()


def register_heartbeats(names: Iterable[str]) -> None:
    """The names of addresses (``admin:review_renew``) that a page asks by itself."""
    _heartbeats.update(names)


def is_heartbeat(name: str) -> bool:
    return name in _heartbeats


def begin(session: SessionBase) -> None:
    """Starts both clocks."""
    session[BEGAN] = session[ACTIVE] = int(time.time())


def end_of(session: SessionBase) -> str:
    """Why the session is over: ``idle``, ``age``, or empty while it is not."""
    access, now = conf.load().access, time.time()
    if BEGAN not in session:  # of before this release
        begin(session)
    if now - session[BEGAN] >= access.session_hours * 3600:
        return "age"
    # The grain is given on top: what happened within it may not have been written.
    return "idle" if now - session[ACTIVE] >= access.session_idle_minutes * 60 + GRAIN_SECONDS else ""


def note_act(session: SessionBase) -> None:
    """A person did something."""
    now = int(time.time())
    if now - session.get(ACTIVE, 0) >= GRAIN_SECONDS:
        session[ACTIVE] = now


def end_all(person: User, *, but: str | None = None) -> int:
    """Ends the person's sessions, save the one with the key ``but``; answers how many.

    Sessions do not say whose they are, so all that live are read: a few hundred on a busy day.
    """
    ended = 0
    for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
        if session.session_key != but and session.get_decoded().get("_auth_user_id") == str(person.pk):
            session.delete()
            ended += 1
    return ended
