"""`manage.py access_reset NAME`: a lost telephone, a lost sheet of codes: the second factor is forgotten."""

from django.contrib.auth.models import User

from reviewengine.access import recovery
from reviewengine.management.person_command import PersonCommand


class Command(PersonCommand):
    help = "Removes the second factor of the person NAME and ends their sessions; a required one is set up anew."

    def act(self, person: User, name: str) -> str:
        had_one = recovery.reset_second_factor(person=person, actor="system")
        return f"{name} has no second factor any more." if had_one else f"{name} had no second factor."
