"""Writes down what a round of deliveries came to: the attempts, the events, and the endpoint's state of health."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from moderation.enums import EventStatus
from moderation.metrics import count_deliveries
from moderation.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from moderation.webhooks.answers import Answer, Meaning
from moderation.webhooks.claims import Claim, held_by
from moderation.webhooks.endpoints import disable_endpoint
from moderation.webhooks.schedule import delay_after_refusal, delay_after_silence

FAILURES_BEFORE_HOLD = 5
"""Rounds of refusals, without a success between them, after which the receiver is taken to be broken as a whole."""

ROUNDS_OF_AN_OUTAGE = 2
GONE_REASON = "The receiver answered 410 Gone."


@dataclass(frozen=True, slots=True)
class Round:
    """A claim and the answers that its events got, by event id; events without an answer were not sent."""

    claim: Claim
    answers: Mapping[int, Answer]

    def sent(self, *meanings: Meaning) -> list[WebhookEvent]:
        """The events whose answer meant one of ``meanings``."""
        return [event for event in self.claim.events if self._meaning(event) in meanings]

    @property
    def pause(self) -> float | None:
        """The longest pause that an answer asked for, in seconds."""
        return max((a.retry_after for a in self.answers.values() if a.retry_after is not None), default=None)

    def _meaning(self, event: WebhookEvent) -> Meaning | None:
        answer = self.answers.get(event.pk)
        return answer.meaning if answer else None


@transaction.atomic
def record_round(*, round_: Round) -> None:
    """Records a round in one transaction: deliveries always, events only while the claim's lease still holds them."""
    now = timezone.now()
    endpoint = WebhookEndpoint.objects.select_for_update(no_key=True).filter(pk=round_.claim.endpoint.pk).first()
    if endpoint is None:
        return  # deleted meanwhile, and its events with it
    _record_deliveries(round_)
    _finish_delivered(round_, now)
    for event in round_.sent(Meaning.REFUSED):
        _retry_refused(round_.claim, event, now)
    for event in round_.sent(Meaning.SILENT):
        _retry_silent(round_, event, now)
    for event in round_.sent(Meaning.GONE):
        held_by(round_.claim).filter(pk=event.pk).update(attempts=event.attempts + 1)
    held_by(round_.claim).update(lease_token=None, lease_expires_at=None)
    _record_health(endpoint, round_, now)
    transaction.on_commit(partial(count_deliveries, [answer.meaning.value for answer in round_.answers.values()]))


def _record_deliveries(round_: Round) -> None:
    """Every attempt that was made, whoever holds the event by now; not for one that retention has deleted."""
    events = WebhookEvent.objects.select_for_update(no_key=True).filter(pk__in=round_.answers).order_by("pk")
    present = set(events.values_list("pk", flat=True))
    WebhookDelivery.objects.bulk_create(
        WebhookDelivery(
            event=event,
            attempt=event.attempts + 1,
            status_code=answer.status_code,
            error=answer.error,
            duration_ms=answer.duration_ms,
        )
        for event in round_.claim.events
        if event.pk in present and (answer := round_.answers.get(event.pk))
    )


def _finish_delivered(round_: Round, now: datetime) -> None:
    delivered = [event.pk for event in round_.sent(Meaning.DELIVERED)]
    held_by(round_.claim).filter(pk__in=delivered).update(
        attempts=F("attempts") + 1,
        status=EventStatus.DELIVERED,
        finished_at=now,
        lease_token=None,
        lease_expires_at=None,
    )


def _retry_refused(claim: Claim, event: WebhookEvent, now: datetime) -> None:
    """A refusal is the event's own: it goes one step along the schedule, and dies after the last."""
    delay = delay_after_refusal(event.refusals + 1)
    _retry(claim, event, delay, now, refusals=event.refusals + 1)


def _retry_silent(round_: Round, event: WebhookEvent, now: datetime) -> None:
    """Silence says nothing of the event: it waits for the receiver, until it is too old to be worth telling."""
    delay = delay_after_silence(event.attempts + 1, round_.answers[event.pk].retry_after)
    _retry(round_.claim, event, delay if event.expires_at > now else None, now, refusals=event.refusals)


def _retry(claim: Claim, event: WebhookEvent, delay: timedelta | None, now: datetime, *, refusals: int) -> None:
    held_by(claim).filter(pk=event.pk).update(
        attempts=event.attempts + 1,
        refusals=refusals,
        status=EventStatus.DEAD if delay is None else EventStatus.PENDING,
        finished_at=now if delay is None else None,
        next_attempt_at=event.next_attempt_at if delay is None else now + delay,
        lease_token=None,
        lease_expires_at=None,
    )


def _record_health(endpoint: WebhookEndpoint, round_: Round, now: datetime) -> None:
    """Holds back an endpoint whose receiver is down, so that a backlog does not hammer it, or opens it again."""
    before = (endpoint.failures_in_a_row, endpoint.retry_at)
    if round_.sent(Meaning.DELIVERED):
        endpoint.failures_in_a_row = 0
    elif round_.answers:
        endpoint.failures_in_a_row += 1
    endpoint.retry_at = _hold(endpoint, round_, now)
    if (endpoint.failures_in_a_row, endpoint.retry_at) != before:
        endpoint.save(update_fields=["failures_in_a_row", "retry_at"])
    if round_.sent(Meaning.GONE):
        disable_endpoint(endpoint=endpoint, reason=GONE_REASON, actor="system")
    if before[0] >= ROUNDS_OF_AN_OUTAGE and not endpoint.failures_in_a_row:
        _release_silent(endpoint, now)


def _hold(endpoint: WebhookEndpoint, round_: Round, now: datetime) -> datetime | None:
    failures = endpoint.failures_in_a_row
    down = failures and (round_.sent(Meaning.SILENT) or failures >= FAILURES_BEFORE_HOLD)
    if not down and round_.pause is None:
        return None
    return now + delay_after_silence(max(failures, 1), round_.pause)


def _release_silent(endpoint: WebhookEndpoint, now: datetime) -> None:
    """The receiver is up again: what waited only for that goes now. Refused events keep their own time."""
    waiting = WebhookEvent.objects.filter(endpoint=endpoint, status=EventStatus.PENDING, refusals=0)
    waiting.filter(next_attempt_at__gt=now).update(next_attempt_at=now)
