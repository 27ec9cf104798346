"""Help for a person who cannot come in, or whose sessions have to end; each act names who did it."""

from django.contrib.auth.models import User
from django.db import transaction

from reviewengine.access import second_factor, sessions
from reviewengine.access.events import tell


@transaction.atomic
def reset_second_factor(*, person: User, actor: str) -> bool:
    """Forgets the person's app and codes and ends all sessions; False if there was nothing to forget."""
    had_one = second_factor.remove(person=person, actor=actor)
    sessions.end_all(person)
    return had_one


@transaction.atomic
def sign_out_everywhere(*, person: User, actor: str) -> int:
    """Ends all sessions of the person; answers how many there were."""
    ended = sessions.end_all(person)
    tell("sessions_ended", person, actor=actor, sessions=ended)
    return ended
