"""`manage.py schedule_load`: writes the configured schedule into the table that beat reads."""

from typing import Any

from django.core.management.base import BaseCommand

from reviewengine import conf
from reviewengine.schedule import load_schedule


class Command(BaseCommand):
    help = "Writes the configuration's schedule into django-celery-beat. Running it again changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        report = load_schedule(entries=conf.load().schedule)
        for word in ("created", "changed", "disabled", "unchanged"):
            names = getattr(report, word)
            if names:
                self.stdout.write(f"{word}: {', '.join(names)}")
