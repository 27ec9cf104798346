"""`manage.py webhook_create CLIENT URL`: an endpoint, its secret alone on standard output."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.enums import TOLD_EVENTS, EventType
from moderation.models import ApiClient
from moderation.outbound.guard import UnsafeUrl
from moderation.webhooks.endpoints import MAX_ENDPOINTS, TooManyEndpoints, create_endpoint


class Command(BaseCommand):
    help = "Creates a webhook endpoint for CLIENT at URL. The secret that signs its messages is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client", help="the client's name, as given to apikey_create")
        parser.add_argument("url", help="where to send events, such as https://example.com/hook")
        parser.add_argument(
            "--event",
            action="append",
            choices=[kind.value for kind in TOLD_EVENTS],
            help="what to send; may be given more than once (default: everything)",
        )

    def handle(self, *args: Any, client: str, url: str, **options: Any) -> None:
        owner = ApiClient.objects.filter(name=client).first()
        if owner is None:
            raise CommandError(f"There is no client {client!r}. Create it with: manage.py apikey_create {client!r}")
        if len(url) > 2048:
            raise CommandError("The URL is longer than 2,048 characters.")
        types = [EventType(event) for event in options["event"] or ()]
        try:
            endpoint = create_endpoint(client=owner, url=url, event_types=types, actor="system")
        except UnsafeUrl as error:
            raise CommandError(error.for_operators) from error
        except TooManyEndpoints as error:
            raise CommandError(f"'{owner}' has {MAX_ENDPOINTS} endpoints. Delete one first.") from error
        self.stderr.write(f"Endpoint {endpoint.pk} of '{owner}' hears {', '.join(types) or 'everything'}. Its secret:")
        self.stdout.write(endpoint.secret)
