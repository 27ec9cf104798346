"""Checks a backup by restoring it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviewengine.backups.errors import BackupError
from reviewengine.backups.restoring import LATEST, verify_backup


class Command(BaseCommand):
    help = "Restores a backup into a scratch database, compares every table with what was dumped, and drops it again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default=LATEST, help="a name from backup_list (default: latest)")
        parser.add_argument("--target", metavar="NAME", help="a target of the configuration (default: the first)")

    def handle(self, *args: Any, name: str, target: str | None, **options: Any) -> None:
        try:
            manifest = verify_backup(name=name, target=target)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{manifest.name} is whole: {len(manifest.tables)} tables and {manifest.row_count} rows "
            "were restored and agree with what was dumped."
        )
