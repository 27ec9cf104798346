"""`manage.py access_unlock NAME`: lets somebody in who guessed their password wrong too often."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviewengine.access.lockout import person_named, unlock


class Command(BaseCommand):
    help = "Forgets the failed sign-ins of the person NAME, who then need not wait."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the person's name in the console")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        person = person_named(name)
        if person is None:
            raise CommandError(f"Nobody is called '{name}' here.")
        forgotten = unlock(person=person, actor="system")
        self.stdout.write(f"{name} may try again." if forgotten else f"{name} was not waiting.")
