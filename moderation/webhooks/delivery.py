"""Step 7, delivery: claims what is due at one endpoint, signs it, sends it, and records what came back."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait

from django.utils import timezone

from moderation.models import WebhookEndpoint, WebhookEvent
from moderation.webhooks.answers import Answer, Meaning
from moderation.webhooks.claims import Claim, claim_events
from moderation.webhooks.guard import UnsafeUrl, find_route
from moderation.webhooks.options import lease_time, webhook_options
from moderation.webhooks.payloads import encode
from moderation.webhooks.records import Round, record_round
from moderation.webhooks.signing import signed_headers
from moderation.webhooks.transport import Receiver

logger = logging.getLogger(__name__)
DRAIN_SECONDS = 10
CONNECTIONS = 8
"""Events that are sent to one receiver at the same time, each of another content."""

WATCH_SECONDS = 0.5


def drain(endpoint_id: int, *, seconds: float = DRAIN_SECONDS) -> bool:
    """Sends what is due at this endpoint for at most about ``seconds``; answers whether more may be due.

    A second drain of the same endpoint ends at once, and one of another endpoint never waits for this one.
    """
    stop_at = time.monotonic() + seconds
    line: _Line | None = None
    try:
        while time.monotonic() < stop_at:
            claimed_at = time.monotonic()
            claim = claim_events(endpoint_id=endpoint_id)
            if claim is None:
                return False
            line = line or _Line(claim.endpoint)
            answers = line.send(claim, until=claimed_at + lease_time().total_seconds())
            record_round(round_=Round(claim, answers))
            _log(claim, answers)
        return True
    finally:
        if line:
            line.close()


class _Line:
    """The way to one receiver during a drain: its address is looked up once, and its connections are kept."""

    def __init__(self, endpoint: WebhookEndpoint) -> None:
        self._endpoint = endpoint
        self._receiver: Receiver | None = None
        self._senders = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="webhook")

    def send(self, claim: Claim, *, until: float) -> dict[int, Answer]:
        """Sends the claimed events, some at a time. Stops early when the receiver turns out to be down or disabled,
        and starts nothing that could outlive the lease; what was not sent has no answer."""
        started = time.monotonic()
        try:
            receiver = self._receiver = self._receiver or self._find()
        except (UnsafeUrl, OSError) as error:
            return {claim.events[0].pk: Answer(_since(started), error=_in_words(error))}
        stop = threading.Event()
        futures = {
            event.pk: self._senders.submit(self._send_one, receiver, event, until, stop) for event in claim.events
        }
        unfinished = set(futures.values())
        while unfinished:
            _, unfinished = wait(unfinished, timeout=WATCH_SECONDS)
            receiver.abort_overdue()
        return {key: answer for key, future in futures.items() if (answer := future.result())}

    def close(self) -> None:
        """Ends the threads and the connections."""
        self._senders.shutdown()
        if self._receiver:
            self._receiver.close()

    def _find(self) -> Receiver:
        options = webhook_options()
        route = find_route(self._endpoint.url, allow_http=options.allow_http, allow_networks=options.allow_networks)
        return Receiver(route, timeout_seconds=options.timeout_seconds)

    def _send_one(self, receiver: Receiver, event: WebhookEvent, until: float, stop: threading.Event) -> Answer | None:
        """Runs in a thread of its own and touches no database."""
        if stop.is_set() or time.monotonic() + webhook_options().timeout_seconds > until:
            return None
        body = encode(event.payload)
        answer = receiver.post(body, signed_headers(self._endpoint, event.message_id, body, now=timezone.now()))
        if answer.meaning in (Meaning.SILENT, Meaning.GONE):
            stop.set()
        return answer


def _in_words(error: UnsafeUrl | OSError) -> str:
    if isinstance(error, UnsafeUrl):
        return str(error)[:300]
    return f"host not found: {error.strerror or error}"[:300]


def _log(claim: Claim, answers: dict[int, Answer]) -> None:
    """One line a round, with counts only: a URL may hold a secret, and a payload is the client's."""
    meanings = [answer.meaning.value for answer in answers.values()]
    counts = {meaning.value: meanings.count(meaning.value) for meaning in Meaning}
    level = logging.INFO if counts[Meaning.DELIVERED.value] == len(claim.events) else logging.WARNING
    logger.log(level, "webhook.round", extra={"endpoint": claim.endpoint.pk, **counts})


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 2)
