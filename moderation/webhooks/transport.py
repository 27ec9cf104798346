"""HTTP to one receiver: connections go to the checked addresses, are kept alive, and end when their time is up."""

import http.client
import ssl
import threading
import time
from collections.abc import Mapping

from django.utils import timezone
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from moderation.outbound.connections import Connection, connect, trusting_context
from moderation.outbound.guard import Route
from moderation.webhooks.answers import OVERLOADED, Answer
from moderation.webhooks.schedule import read_retry_after

MAX_ANSWER_BYTES = 16_384
"""As much of an answer's body as is read, only so that the connection can be used again."""

FIXED_HEADERS = {"content-type": "application/json", "user-agent": "ReviewEngine-Webhooks", "accept": "*/*"}
DROPPED = (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError)


class Receiver:
    """A client's receiver for the length of one drain. Thread-safe; close it when done."""

    def __init__(self, route: Route, *, timeout_seconds: float) -> None:
        self._route = route
        self._timeout = timeout_seconds
        self._tls = trusting_context() if route.target.scheme == "https" else None
        self._lock = threading.Lock()
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Sends ``body`` once and answers what came back; never raises for what the network or the receiver does."""
        started = time.monotonic()
        connection, kept = self._take(started)
        try:
            try:
                return self._exchange(connection, body, headers, started)
            except DROPPED:
                # The receiver may close an idle connection at the moment we use it; that says nothing of its health.
                if not kept or connection.overdue:
                    raise
                connection.close()
                return self._exchange(connection, body, headers, started)
        except (OSError, http.client.HTTPException, HTTPError) as error:
            connection.close()
            return Answer(_since(started), error=self._in_words(error, connection))
        finally:
            self._put_back(connection)

    def abort_overdue(self) -> None:
        """Ends every attempt whose time is up, such as one whose receiver sends a byte now and then."""
        now = time.monotonic()
        with self._lock:
            overdue = [connection for connection in self._busy if connection.overdue_at < now]
        for connection in overdue:
            connection.abort()

    def close(self) -> None:
        """Closes the connections that were kept."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _exchange(self, connection: Connection, body: bytes, headers: Mapping[str, str], started: float) -> Answer:
        connection.timeout = connection.remaining()
        connection.request(
            "POST",
            self._route.target.path,
            body=body,
            headers={**FIXED_HEADERS, **headers},
            preload_content=False,
            decode_content=False,
            enforce_content_length=False,
        )
        # From here on `abort` can reach the socket, also when http.client has handed it over to the response.
        connection.wire = connection.sock
        connection.timeout = connection.remaining()
        response = connection.getresponse()
        if connection.overdue:
            raise TimeoutError  # http.client takes the end that `abort` made for the end of the headers
        duration = _since(started)
        pause = response.headers.get("Retry-After") if response.status in OVERLOADED else None
        if not _read_to_end(response):
            response.close()
            connection.close()
        return Answer(duration, response.status, retry_after=read_retry_after(pause, now=timezone.now()))

    def _take(self, started: float) -> tuple[Connection, bool]:
        with self._lock:
            connection = self._idle.pop() if self._idle else connect(self._route, self._tls)
            connection.overdue, connection.overdue_at, connection.wire = False, started + self._timeout, None
            self._busy.add(connection)
        kept = connection.sock is not None
        if kept and not connection.is_connected:
            connection.close()
            kept = False
        return connection, kept

    def _put_back(self, connection: Connection) -> None:
        with self._lock:
            self._busy.discard(connection)
            if connection.overdue:
                connection.close()
            self._idle.append(connection)

    def _in_words(self, error: Exception, connection: Connection) -> str:
        if connection.overdue or isinstance(error, TimeoutError):
            return f"no answer within {self._timeout:g} s"
        if isinstance(error, ssl.SSLCertVerificationError):
            return f"certificate refused: {error.verify_message}"[:300]
        if isinstance(error, ssl.SSLError):
            return f"TLS failed: {error.reason or type(error).__name__}"[:300]
        if isinstance(error, http.client.RemoteDisconnected):
            return "connection closed without an answer"
        if isinstance(error, OSError) and error.strerror:
            return f"not reached: {error.strerror}"[:300]
        return f"not an HTTP answer: {type(error).__name__}"


def _read_to_end(response: HTTPResponse) -> bool:
    """Whether the connection can be used again: the body has been read, and it was not endless."""
    try:
        return len(response.read(MAX_ANSWER_BYTES)) < MAX_ANSWER_BYTES and response.read(1) == b""
    except (OSError, http.client.HTTPException, HTTPError):
        return False  # the status came, and that is the answer


def _since(started: float) -> float:
    return round((time.monotonic() - started) * 1000, 2)
