"""`manage.py audit_verify`: is the record of what was decided still what it was?"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.audit import Breach, head_of_chain, seal_entries, verify_chain
from moderation.audit.export import verify_lines
from moderation.models import AuditEntry

SHOWN = 50
ANCHOR = re.compile(r"(\d+):([0-9a-f]{64})")


class Command(BaseCommand):
    help = "Walks the audit's hash chain and every decision; exits with 1 if anything was changed, added or removed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-seal", action="store_true", help="do not seal new entries first")
        parser.add_argument("--file", type=Path, help="verify this exported file (JSON lines) instead of the database")
        parser.add_argument(
            "--expect",
            metavar="SEQUENCE:HASH",
            default="",
            help="a head that was noted earlier and has to be there still",
        )

    def handle(self, *args: Any, no_seal: bool, file: Path | None, expect: str, **options: Any) -> None:
        if expect and not ANCHOR.fullmatch(expect):
            raise CommandError("--expect is a number, a colon and 64 hexadecimal digits, as audit_verify prints them.")
        if file is not None:
            self._verify_file(file, expect)
            return
        sealed = 0 if no_seal else seal_entries()
        self._report([*verify_chain(), *self._missing_anchor(expect)])
        entries = AuditEntry.objects.exclude(sequence=None).count()
        self.stdout.write(f"The audit chain is whole: {entries} entries, {sealed} of them sealed just now.")
        self.stdout.write("Head: {}:{}".format(*head_of_chain()))

    def _missing_anchor(self, expect: str) -> list[Breach]:
        if not expect:
            return []
        sequence, _, digest = expect.partition(":")
        if AuditEntry.objects.filter(sequence=int(sequence), hash=digest).exists():
            return []
        return [Breach(int(sequence), "the noted head", "no entry has this place and this hash any more")]

    def _report(self, breaches: Iterable[Breach]) -> None:
        count = 0
        for breach in breaches:
            count += 1
            if count <= SHOWN:
                self.stderr.write(f"{breach.sequence or '-'}  {breach.subject}: {breach.fault}")
        if count:
            raise CommandError(f"Faults found: {count}." + (f" The first {SHOWN} are listed." if count > SHOWN else ""))

    def _verify_file(self, file: Path, expect: str) -> None:
        try:
            with file.open("rb") as lines:
                found = list(verify_lines(lines))
        except OSError as error:
            raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
        places = sorted(item for item in found if isinstance(item, int))
        breaches = [item for item in found if isinstance(item, Breach)]
        if expect and int(expect.partition(":")[0]) not in places:
            breaches.append(
                Breach(int(expect.partition(":")[0]), "the noted head", "the file does not hold this entry")
            )
        self._report(breaches)
        if not places:
            raise CommandError(f"{file} holds no sealed entry.")
        complete = places == list(range(1, places[-1] + 1))
        extent = "the whole chain up to there" if complete else "a selection: what lies between is not in the file"
        self.stdout.write(f"The file is whole: {len(places)} entries, {places[0]} to {places[-1]} ({extent}).")
