"""`manage.py access_unlock NAME`: lets somebody in who guessed their password wrong too often."""

from django.contrib.auth.models import User

from reviewengine.access.lockout import unlock
from reviewengine.management.person_command import PersonCommand


class Command(PersonCommand):
    help = "Forgets the failed sign-ins of the person NAME, who then need not wait."

    def act(self, person: User, name: str) -> str:
        forgotten = unlock(person=person, actor="system")
        return f"{name} may try again." if forgotten else f"{name} was not waiting."
