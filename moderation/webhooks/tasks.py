"""Celery's way into delivery; queue `webhooks`, worked by threads because it waits for other people's servers."""

from celery import shared_task

from moderation.webhooks import delivery
from moderation.webhooks import sweep as sweeping
from moderation.webhooks.outbox import DELIVER, wake_delivery
from reviewengine.wakeups import awake


@shared_task(name=DELIVER)  # type: ignore[untyped-decorator]  # Celery has no types
def deliver(endpoint_id: int) -> None:
    """Sends what is due at one endpoint. If more is left it goes to the back of the line, so that others get a turn."""
    awake(DELIVER, args=(endpoint_id,))
    if delivery.drain(endpoint_id):
        wake_delivery(endpoint_id)


@shared_task(name="moderation.webhooks.tasks.sweep")  # type: ignore[untyped-decorator]  # Celery has no types
def sweep() -> None:
    """Beat: wakes the endpoints whose wake-up was lost, whose pause is over, or whose worker died."""
    sweeping.sweep()
