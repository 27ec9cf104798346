"""`manage.py audit_verify`: is the record of what was decided still what it was?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.audit import seal_entries, verify_chain
from moderation.models import AuditEntry

SHOWN = 50


class Command(BaseCommand):
    help = "Walks the audit's hash chain and every decision; exits with 1 if anything was changed, added or removed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-seal", action="store_true", help="do not seal new entries first")

    def handle(self, *args: Any, no_seal: bool, **options: Any) -> None:
        sealed = 0 if no_seal else seal_entries()
        count = 0
        for breach in verify_chain():
            count += 1
            if count <= SHOWN:
                self.stderr.write(f"{breach.sequence or '-'}  {breach.subject}: {breach.fault}")
        if count:
            raise CommandError(f"Faults found: {count}." + (f" The first {SHOWN} are listed." if count > SHOWN else ""))
        entries = AuditEntry.objects.exclude(sequence=None).count()
        self.stdout.write(f"The audit chain is whole: {entries} entries, {sealed} of them sealed just now.")
