"""Brings the console's catalogues up to what it says, and compiles them; ``--check`` only compares."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Brings the console's translations up to its words, and compiles them. Needs requirements-dev.txt."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing; fail where something is missing")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        try:
            from reviewengine import catalogues
        except ImportError as error:
            raise CommandError("Babel is missing. Install requirements-dev.txt.") from error
        whole = True
        for language in catalogues.languages():
            state = catalogues.state_of(language) if check else catalogues.update_catalogue(language)
            whole = whole and state.is_whole
            self._tell(language, state)
        if check and not whole:
            raise CommandError("A catalogue is not whole. Run `make messages`, translate what is missing, run it again")

    def _tell(self, language: str, state: Any) -> None:
        found = {name: getattr(state, name) for name in ("missing", "fuzzy", "faulty", "obsolete")}
        counts = ", ".join(f"{len(rows)} {name}" for name, rows in found.items())
        self.stdout.write(f"{language}: {counts}{'' if state.compiled else ', not compiled'}")
        for rows in found.values():
            for row in rows:
                self.stdout.write(f"  {row}")
