"""A platform's receiver for tests: a real HTTP server on loopback that can be told what to answer, and to go away."""

import socket
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson
from standardwebhooks import Webhook


@dataclass(frozen=True)
class Received:
    """One request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def data(self) -> dict[str, Any]:
        return orjson.loads(self.body)["data"]

    def verified(self, secret: str) -> dict[str, Any]:
        """The body, if the independent verifier accepts its signature."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass(frozen=True)
class Reply:
    """What the receiver answers."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b"ok"
    wait: float = 0


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """Silent: a client that gave up is part of the tests."""


class Receiver:
    """Listens on a port of its own, which stays the same when it goes down and comes up again."""

    def __init__(self, *, tls: ssl.SSLContext | None = None) -> None:
        with socket.create_server(("127.0.0.1", 0)) as found:
            self.port = found.getsockname()[1]
        self.requests: list[Received] = []
        self.connections = 0
        self.most_at_once = 0
        self.replies: list[Reply] = []
        self.reply: Callable[[Received], Reply] = lambda request: Reply()
        self._at_once = 0
        self._lock = threading.Lock()
        self._tls = tls
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def told(self) -> list[tuple[str, int]]:
        """What was heard, in order: the content's external id and version."""
        return [(request.data["external_id"], request.data["version"]) for request in self.requests]

    def up(self) -> "Receiver":
        self._server = _Server(("127.0.0.1", self.port), self._handler())
        if self._tls:
            self._server.socket = self._tls.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def down(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def take(self, request: Received) -> Reply:
        """Notes a request and answers as planned: the next of ``replies``, or what ``reply`` says."""
        with self._lock:
            self.requests.append(request)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
            planned = self.replies.pop(0) if self.replies else None
        reply = planned or self.reply(request)
        time.sleep(reply.wait)
        with self._lock:
            self._at_once -= 1
        return reply

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                receiver.connections += 1
                super().setup()

            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                body = self.rfile.read(length)
                if len(body) < length:  # the sender died in the middle of it: nothing was received
                    return
                headers = {name.lower(): value for name, value in self.headers.items()}
                reply = receiver.take(Received(self.path, headers, body))
                self.send_response(reply.status)
                for name, value in {"content-length": str(len(reply.body)), **reply.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        return Handler
