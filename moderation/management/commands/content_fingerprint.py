"""`manage.py content_fingerprint`: gives older contents the fingerprint by which near-duplicates are found."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from moderation.near_duplicates.placement import fingerprint_missing


class Command(BaseCommand):
    help = (
        "Fingerprints settled contents that have none, oldest first: those of before this was kept. New content gets "
        "its own by itself. It may be cut off and run again, beside running workers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=200, help="contents a transaction, 1 to 1000")

    def handle(self, *args: Any, batch: int, **options: Any) -> None:
        if not 1 <= batch <= 1000:
            raise CommandError(f"--batch must lie between 1 and 1000, not {batch}.")
        self.stdout.write(f"{fingerprint_missing(batch_size=batch):,} contents have a fingerprint now.")
