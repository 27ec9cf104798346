"""`manage.py webhooks_redeliver`: sends events again, by default the dead ones."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Count, QuerySet
from django.utils import timezone

from moderation.enums import EventStatus
from moderation.models import WebhookEndpoint, WebhookEvent
from moderation.webhooks.redelivery import redeliver


class Command(BaseCommand):
    help = "Puts webhook events back to pending, so that they are sent again. Without options: every dead event."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--event", action="append", metavar="ID", help="this event (webhook-id); may be given more than once"
        )
        parser.add_argument("--endpoint", type=int, metavar="ID", help="only events of this endpoint")
        parser.add_argument(
            "--status",
            choices=EventStatus.values,
            help="only events of this status (default: dead, or any with --event)",
        )
        parser.add_argument("--since", metavar="ISO", help="only events written from this time on, such as 2026-11-21")
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        events = chosen_events(**{name: options[name] for name in ("event", "endpoint", "status", "since")})
        if options["dry_run"]:
            rows = events.order_by("endpoint").values_list("endpoint").annotate(count=Count("pk"))
            counts, words = Counter(dict(rows)), "would be delivered again"
        else:
            counts, words = redeliver(events=events, actor="system"), "will be delivered again"
        for endpoint in WebhookEndpoint.objects.filter(pk__in=counts).order_by("pk"):
            held = " (disabled: they wait until it is enabled)" if endpoint.disabled_at else ""
            self.stdout.write(f"endpoint {endpoint.pk}: {counts[endpoint.pk]} {words}{held}")
        self.stdout.write(f"total: {counts.total()} {words}")


def chosen_events(
    *, event: list[str] | None, endpoint: int | None, status: str | None, since: str | None
) -> QuerySet[WebhookEvent]:
    """The events that the options name. Raises CommandError for an event or an endpoint that does not exist."""
    events = WebhookEvent.objects.all()
    if event:
        _check_all_exist(event)
        events = events.filter(message_id__in=event)
    if endpoint is not None:
        if not WebhookEndpoint.objects.filter(pk=endpoint).exists():
            raise CommandError(f"There is no endpoint {endpoint}. The console lists them.")
        events = events.filter(endpoint=endpoint)
    if status or not event:
        events = events.filter(status=status or EventStatus.DEAD)
    return events.filter(created_at__gte=_moment(since)) if since else events


def _check_all_exist(message_ids: list[str]) -> None:
    known = set(WebhookEvent.objects.filter(message_id__in=message_ids).values_list("message_id", flat=True))
    if missing := sorted(set(message_ids) - known):
        raise CommandError(f"There is no event {missing[0]}. Give a webhook-id, as the console lists them.")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"--since {text!r} is not a time. Write it like 2026-11-21 or 2026-11-21T12:00+00:00."
        ) from error
    return moment if moment.tzinfo else timezone.make_aware(moment)
