"""`manage.py content_purge`: erases what is older than the configuration keeps, now and not at night."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand

from moderation.retention import clean_up


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"'{text}' is not a number of days, 1 or more")
    return int(text)


class Command(BaseCommand):
    help = (
        "Erases the text and personal data of decided content past its age, and deletes old webhook events. "
        "Ages come from the configuration (retention:); content that waits or has an open case is left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Count, and change nothing.")
        parser.add_argument(
            "--older-than",
            type=_days,
            metavar="DAYS",
            help="Erase decided content older than this, whatever the configuration says; leave webhook events alone.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = clean_up(dry_run=options["dry_run"], older_than_days=options["older_than"])
        width = max(map(len, report.counts))
        for label, count in report.counts.items():
            self.stdout.write(f"{label:<{width}}  {count:>9,}")
        if report.dry_run:
            self.stdout.write("Dry run: nothing was changed.")
