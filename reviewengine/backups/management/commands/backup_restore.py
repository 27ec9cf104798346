"""Restores a backup, by default into a new database."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reviewengine.backups.errors import BackupError
from reviewengine.backups.restoring import LATEST, restore_backup


class Command(BaseCommand):
    help = "Restores a backup into a new database, or with --into and --force in place of an existing one."
    # It must work when the configured database is lost.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", default=LATEST, help="a name from backup_list (default: latest)")
        parser.add_argument("--into", metavar="DATABASE", help="a new or empty database (default: a new name)")
        parser.add_argument("--target", metavar="NAME", help="a target of the configuration (default: the first)")
        parser.add_argument(
            "--force", action="store_true", help="replace a database that is not empty; it is kept under another name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = {key: options[key] for key in ("name", "into", "target", "force")}
        try:
            done = restore_backup(**wanted)
        except BackupError as error:
            raise CommandError(str(error)) from error
        manifest = done.manifest
        self.stdout.write(
            f"Restored {manifest.name} into the database '{done.database}': {len(manifest.tables)} tables and "
            f"{manifest.row_count} rows, all as they were dumped."
        )
        if done.kept_as:
            self.stdout.write(f"What was there before is now the database '{done.kept_as}'. Drop it when you are sure.")
        else:
            self.stdout.write("To use it, point DATABASE_URL to it and restart.")
