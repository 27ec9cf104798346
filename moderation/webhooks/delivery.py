"""Step 7, delivery: claims what is due at one endpoint, signs it, sends it, and records what came back."""

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait

from django.utils import timezone

from moderation.metrics import count_deliveries
from moderation.models import WebhookEndpoint, WebhookEvent
from moderation.outbound.guard import UnsafeUrl, find_route
from moderation.webhooks.answers import Answer, Meaning
from moderation.webhooks.claims import Claim, claim_events
from moderation.webhooks.options import lease_time, webhook_options
from moderation.webhooks.payloads import encode
from moderation.webhooks.records import Round, record_round
from moderation.webhooks.signing import signed_headers
from moderation.webhooks.transport import Receiver
from reviewengine.request_ids import trace_headers

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
    line: Line | None = None
    try:
        while time.monotonic() < stop_at:
            claimed_at = time.monotonic()
            claim = claim_events(endpoint_id=endpoint_id)
            if claim is None:
                return False
            line = line or Line()
            answers = line.send(claim, until=claimed_at + lease_time().total_seconds())
            record_round(round_=Round(claim, answers))
            _report(claim, answers)
        return True
    finally:
        if line:
            line.close()


class Line:
    """The way to one receiver during a drain: its address is looked up once, and its connections are kept."""

    def __init__(self) -> None:
        self._url = ""
        self._receiver: Receiver | None = None
        self._senders = ThreadPoolExecutor(CONNECTIONS, thread_name_prefix="webhook")

    def send(self, claim: Claim, *, until: float) -> dict[int, Answer]:
        """Sends the claimed events, some at a time. Stops early when the receiver turns out to be down or disabled,
        and starts nothing that could outlive the lease; what was not sent has no answer."""
        started = time.monotonic()
        try:
            receiver = self._receiver_at(claim.endpoint.url)
        except (UnsafeUrl, OSError) as error:
            return {claim.events[0].pk: Answer(_since(started), error=_in_words(error))}
        stop = threading.Event()
        futures = {
            event.pk: self._senders.submit(_send_one, receiver, claim.endpoint, event, until, stop)
            for event in claim.events
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

    def _receiver_at(self, url: str) -> Receiver:
        """The receiver of the last round, unless the endpoint's URL has been changed since."""
        if self._receiver is None or url != self._url:
            options = webhook_options()
            route = find_route(url, allow_http=options.allow_http, allow_networks=options.allow_networks)
            if self._receiver:
                self._receiver.close()
            self._url, self._receiver = url, Receiver(route, timeout_seconds=options.timeout_seconds)
        return self._receiver


def _send_one(
    receiver: Receiver, endpoint: WebhookEndpoint, event: WebhookEvent, until: float, stop: threading.Event
) -> Answer | None:
    """Runs in a thread of its own and touches no database."""
    if stop.is_set() or time.monotonic() + webhook_options().timeout_seconds > until:
        return None
    body = encode(event.payload)
    try:
        headers = signed_headers(endpoint, event.message_id, body, now=timezone.now())
        headers |= trace_headers(event.payload.get("trace_id", ""))
    except ValueError:
        answer = Answer(0, error="not signed: the endpoint's secret is not a whsec_ secret; rotate it")
    else:
        answer = receiver.post(body, headers)
    if answer.meaning in (Meaning.SILENT, Meaning.GONE):
        stop.set()
    return answer


def _in_words(error: UnsafeUrl | OSError) -> str:
    if isinstance(error, UnsafeUrl):
        return str(error)[:300]
    return f"host not found: {error.strerror or error}"[:300]


def _report(claim: Claim, answers: dict[int, Answer]) -> None:
    """Counts the round, and logs it in one line of numbers: a URL may hold a secret, and a payload is the client's."""
    meanings = [answer.meaning.value for answer in answers.values()]
    count_deliveries(meanings)
    counts = {meaning.value: meanings.count(meaning.value) for meaning in Meaning}
    level = logging.INFO if counts[Meaning.DELIVERED.value] == len(meanings) else logging.WARNING
    logger.log(level, "webhook.round", extra={"endpoint": claim.endpoint.pk, **counts})


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 2)
