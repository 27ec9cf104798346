"""Connections to addresses that the guard has checked, with an end to how long they may take."""

import contextlib
import os
import socket
import ssl
import sys
import time

import certifi
from urllib3.connection import HTTPConnection, HTTPSConnection

from moderation.outbound.guard import Route


class _Pinned:
    """What makes a connection go to the route's addresses, whatever DNS says by now, and stop when it is overdue.

    The host name stays the connection's own: TLS names it and checks the certificate against it.
    """

    route: Route
    overdue_at = float("inf")
    overdue = False
    wire: socket.socket | None = None
    port: int

    def _new_conn(self) -> socket.socket:
        error: OSError = OSError("no address")
        for address in self.route.addresses:
            try:
                found = socket.create_connection((address, self.port), timeout=self.remaining())
            except OSError as failure:
                error = failure
                continue
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            found.settimeout(self.remaining())
            sys.audit("http.client.connect", self, address, self.port)
            return found
        raise error

    def remaining(self) -> float:
        """Seconds left of this attempt. Raises TimeoutError when there are none."""
        left = self.overdue_at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def abort(self) -> None:
        """Called by another thread: whatever this connection waits for ends now."""
        self.overdue = True
        if self.wire is not None:
            with contextlib.suppress(OSError):  # it ended by itself
                self.wire.shutdown(socket.SHUT_RDWR)


class PinnedHttp(_Pinned, HTTPConnection):
    pass


class PinnedHttps(_Pinned, HTTPSConnection):
    pass


Connection = PinnedHttp | PinnedHttps


def connect(route: Route, tls: ssl.SSLContext | None) -> Connection:
    """A connection to the route, not made yet; ``tls`` is needed for https."""
    target = route.target
    connection: Connection
    if tls is None:
        connection = PinnedHttp(target.host, target.port)
    else:
        connection = PinnedHttps(target.host, target.port, ssl_context=tls)
    connection.route = route
    return connection


def trusting_context() -> ssl.SSLContext:
    """Trusts what the system trusts and, unless an operator chose with SSL_CERT_FILE, certifi's list.

    A bare machine has no list of its own.
    """
    context = ssl.create_default_context()
    if "SSL_CERT_FILE" not in os.environ:
        context.load_verify_locations(certifi.where())
    return context
