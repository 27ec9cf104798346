"""The operator's acts on one person of the console: each is a command with the person's name."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from reviewengine.access.lockout import person_named


class PersonCommand(BaseCommand):
    """A command about the person NAME. A subclass says in ``act`` what it does, and answers what is printed."""

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the person's name in the console")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        person = person_named(name)
        if person is None:
            raise CommandError(f"Nobody is called '{name}' here.")
        self.stdout.write(self.act(person, name))

    def act(self, person: User, name: str) -> str:
        """Does it; ``name`` is how the operator wrote it."""
        raise NotImplementedError
