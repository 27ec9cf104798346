"""Lists the backups that a target keeps."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from reviewengine.backups.errors import BackupError
from reviewengine.backups.services import list_backups


class Command(BaseCommand):
    help = "Lists the backups of a target, newest first. Reads the target only: the database may be lost."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--target", metavar="NAME", help="a target of the configuration (default: the first)")

    def handle(self, *args: Any, target: str | None, **options: Any) -> None:
        try:
            kept = list_backups(target=target)
        except BackupError as error:
            raise CommandError(str(error)) from error
        for backup in kept:
            state = "" if backup.complete else "  incomplete"
            size = filesizeformat(backup.size_bytes)
            self.stdout.write(f"{backup.name}  {backup.created_at:%Y-%m-%d %H:%M} UTC  {size}{state}")
        if not kept:
            self.stderr.write("No backups yet. Make one with: manage.py backup_run")
