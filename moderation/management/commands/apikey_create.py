"""`manage.py apikey_create NAME`: a key for a platform, alone on standard output."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from moderation.enums import Scope
from moderation.keys import issue_key
from moderation.models import ApiClient
from moderation.models.client import validate_network


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
        parser.add_argument("--name", dest="label", default="", metavar="TEXT", help="what the key is used for")
        parser.add_argument(
            "--expires-in", "--expires-days", type=int, metavar="DAYS", help="days after which the key ends"
        )
        parser.add_argument(
            "--network",
            action="append",
            default=[],
            metavar="CIDR",
            help="a network it may be used from, such as 203.0.113.0/24; may be given more than once",
        )

    @transaction.atomic
    def handle(self, *args: Any, name: str, **options: Any) -> None:
        for option in ("rate_limit", "expires_in"):
            if options[option] is not None and options[option] < 1:
                raise CommandError(f"--{option.replace('_', '-')} is a number from 1.")
        if not name.strip() or len(name) > 100 or "\x00" in name:
            raise CommandError("NAME is a text of 1 to 100 characters.")
        if len(options["label"]) > 100 or "\x00" in options["label"]:
            raise CommandError("--name is a text of up to 100 characters.")
        for network in options["network"]:
            try:
                validate_network(network)
            except ValidationError as error:
                raise CommandError(f"--network: {error.messages[0]}") from error
        client, created = ApiClient.objects.get_or_create(name=name)
        days = options["expires_in"]
        issued = issue_key(
            client=client,
            actor="system",
            scopes=options["scope"] or list(Scope.values),
            rate_limit_requests=options["rate_limit"],
            expires_at=timezone.now() + timedelta(days=days) if days else None,
            name=options["label"],
            allowed_networks=options["network"],
        )
        if created:
            self.stderr.write(f"Client '{name}' was new and has been created.")
        self.stdout.write(issued.key)
