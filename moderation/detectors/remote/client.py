"""Step 3, remote detector: one request to the endpoint and its answer, in a bounded time and of a bounded size."""

import http.client
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError
from urllib3.response import HTTPResponse

from moderation.detectors.remote.faults import RemoteFault
from moderation.detectors.remote.options import ANYWHERE, RemoteOptions, is_public
from moderation.outbound.connections import Connection, connect, trusting_context
from moderation.outbound.guard import Route, find_route

MOST_BYTES = 1_048_576
_CHUNK = 65_536
_ABOUT_THE_TEXT = frozenset({400, 413, 422})
_BUSY = frozenset({429, 503})


class Client:
    """Posts to one endpoint. Thread-safe; a connection serves one request. It follows no redirect and no proxy."""

    def __init__(self, options: RemoteOptions) -> None:
        self._address = options.address
        self._tls = trusting_context() if options.target.scheme == "https" else None
        self._headers = {
            "content-type": "application/json",
            "accept": "application/json",
            "accept-encoding": "identity",
            "connection": "close",
            "user-agent": "ReviewEngine-RemoteDetector",
        }
        if key := options.api_key.get_secret_value():
            self._headers["authorization"] = f"Bearer {key}"

    def post(self, body: bytes, *, until: float) -> bytes:
        """The body of the answer. ``until`` is a time of time.monotonic().

        Raises RemoteFault: ``timeout``, ``not_reached``, ``not_encrypted``, ``not_http``, ``too_large``,
        ``rate_limited`` or ``status_500`` (or another).
        """
        connection = connect(self._route(), self._tls)
        connection.overdue_at = until
        # A socket's timeout starts anew with every byte: this ends the exchange however slowly it drips.
        watchdog = threading.Timer(max(0.0, until - time.monotonic()), connection.abort)
        watchdog.daemon = True
        watchdog.start()
        try:
            return self._translated(connection, lambda: self._exchange(connection, body))
        finally:
            watchdog.cancel()
            connection.close()

    def _route(self) -> Route:
        try:
            route = find_route(self._address, allow_http=True, allow_networks=ANYWHERE)
        except (OSError, ValueError) as error:
            raise RemoteFault("not_reached") from error
        if self._tls is None and any(is_public(address) for address in route.addresses):
            raise RemoteFault("not_encrypted")
        return route

    def _translated(self, connection: Connection, exchange: Callable[[], bytes]) -> bytes:
        """What the exchange answers, or its failure in one word: exceptions may quote headers, and so the key."""
        try:
            answer = exchange()
        except (TimeoutError, ReadTimeoutError) as error:
            raise RemoteFault("timeout") from error
        except ProtocolError as error:
            raise RemoteFault("timeout" if connection.overdue else "cut_off") from error
        except OSError as error:
            raise RemoteFault("timeout" if connection.overdue else "not_reached") from error
        except (http.client.HTTPException, HTTPError, ValueError) as error:
            raise RemoteFault("timeout" if connection.overdue else "not_http") from error
        if connection.overdue:  # http.client takes the end that `abort` made for the end of the answer
            raise RemoteFault("timeout")
        return answer

    def _exchange(self, connection: Connection, body: bytes) -> bytes:
        connection.timeout = connection.remaining()
        connection.request(
            "POST",
            connection.route.target.path,
            body=body,
            headers=self._headers,
            preload_content=False,
            decode_content=False,
        )
        connection.wire = connection.sock  # from here on `abort` reaches the socket, whoever holds it
        connection.timeout = connection.remaining()
        response = connection.getresponse()
        if response.status != 200:
            raise _refused(response)
        return _read(response)


def _refused(response: HTTPResponse) -> RemoteFault:
    status = response.status
    if status in _BUSY:
        pause = _seconds(response.headers.get("Retry-After"))
        return RemoteFault("rate_limited" if status == 429 else "status_503", retry_after=pause)
    return RemoteFault(f"status_{status}", endpoint_at_fault=status not in _ABOUT_THE_TEXT)


def _read(response: HTTPResponse) -> bytes:
    parts, left = [], MOST_BYTES
    while part := response.read(_CHUNK):
        left -= len(part)
        if left < 0:
            raise RemoteFault("too_large")
        parts.append(part)
    return b"".join(parts)


def _seconds(value: str | None) -> float | None:
    """Retry-After in seconds from now: a number, or a date of HTTP. None for anything else."""
    if not value:
        return None
    if value.strip().isascii() and value.strip().isdigit():
        return float(value.strip()[:9])
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds()
