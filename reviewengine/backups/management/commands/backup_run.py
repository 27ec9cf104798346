"""Makes a backup now."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.template.defaultfilters import filesizeformat

from reviewengine.backups.errors import BackupError
from reviewengine.backups.services import run_backup


class Command(BaseCommand):
    help = "Dumps the database into a backup target and records checksums of the file and of every table."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--target", metavar="NAME", help="a target of the configuration (default: the first)")

    def handle(self, *args: Any, target: str | None, **options: Any) -> None:
        try:
            run = run_backup(target=target)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{run.name} is in target '{run.target}': {run.table_count} tables, {run.row_count} rows, "
            f"{filesizeformat(run.size_bytes or 0)}.\nCheck it with: manage.py backup_verify {run.name}"
        )
