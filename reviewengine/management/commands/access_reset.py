"""`manage.py access_reset NAME`: a lost telephone, a lost sheet of codes: the second factor is forgotten."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviewengine.access import recovery
from reviewengine.access.lockout import person_named


class Command(BaseCommand):
    help = "Removes the second factor of the person NAME and ends their sessions; a required one is set up anew."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the person's name in the console")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        person = person_named(name)
        if person is None:
            raise CommandError(f"Nobody is called '{name}' here.")
        had_one = recovery.reset_second_factor(person=person, actor="system")
        self.stdout.write(f"{name} has no second factor any more." if had_one else f"{name} had no second factor.")
