"""`manage.py apikey_create NAME`: a key for a platform, alone on standard output."""

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from moderation.audit import record_audit
from moderation.enums import Scope
from moderation.models import ApiClient, ApiKey


class Command(BaseCommand):
    help = "Creates an API key for the client NAME, who is made if there is none. It is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the client's name")
        parser.add_argument(
            "--scope",
            action="append",
            choices=Scope.values,
            help="what the key may do; may be given more than once (default: everything)",
        )
        parser.add_argument("--rate-limit", type=int, metavar="N", help="requests in each rate-limit window")
        parser.add_argument("--expires-days", type=int, metavar="DAYS", help="days after which the key ends")

    @transaction.atomic
    def handle(self, *args: Any, name: str, **options: Any) -> None:
        for option in ("rate_limit", "expires_days"):
            if options[option] is not None and options[option] < 1:
                raise CommandError(f"--{option.replace('_', '-')} is a number from 1.")
        if not name.strip() or len(name) > 100 or "\x00" in name:
            raise CommandError("NAME is a text of 1 to 100 characters.")
        client, created = ApiClient.objects.get_or_create(name=name)
        days = options["expires_days"]
        key = ApiKey.issue(
            client=client,
            scopes=options["scope"] or list(Scope.values),
            rate_limit_requests=options["rate_limit"],
            expires_at=timezone.now() + timedelta(days=days) if days else None,
        )
        record_audit(action="apikey.created", actor="system", subject_type="apikey", subject_id=ApiKey.prefix_of(key))
        if created:
            self.stderr.write(f"Client '{name}' was new and has been created.")
        self.stdout.write(key)
