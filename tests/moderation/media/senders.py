"""A web server on this machine that serves images, and misbehaves as it is told."""

import contextlib
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Behaviour = Callable[[BaseHTTPRequestHandler], None]


class Sender:
    """Answers each path as planned: with bytes, or by a function that is given the handler."""

    def __init__(self) -> None:
        self.plan: dict[str, bytes | Behaviour] = {}
        self.asked: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def url(self, path: str = "/image", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self._server.server_port}{path}"

    def down(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        sender = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                sender.asked.append(self.path)
                answer = sender.plan.get(self.path)
                if callable(answer):
                    answer(self)
                elif answer is None:
                    self.send_error(404)
                else:
                    send(self, answer)

            def log_message(self, format: str, *args: object) -> None:
                """Silent."""

        return Handler


def send(handler: BaseHTTPRequestHandler, body: bytes, content_type: str = "image/jpeg") -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", content_type)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def redirect(location: str) -> Behaviour:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(302)
        handler.send_header("Location", location)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def drip(handler: BaseHTTPRequestHandler) -> None:
    """A byte now and then, for as long as somebody listens."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(300):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.1)
    except OSError:
        pass


def endless(handler: BaseHTTPRequestHandler) -> None:
    """More than anybody wants, without saying how much."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(10_000):
            handler.wfile.write(bytes(65_536))
    except OSError:
        pass


def lie_about_length(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "99999999999")
    handler.end_headers()


def claim_length(claim: str) -> Behaviour:
    """Says of a few bytes how many they are, in the sender's own words."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", claim)
        handler.end_headers()
        handler.wfile.write(b"x")

    return answer


def in_chunks(body: bytes) -> Behaviour:
    """Sends the body in two chunks, without saying its whole length."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        _begin_chunks(handler)
        for part in (body[:100], body[100:], b""):
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))

    return answer


def endless_negative_chunk(handler: BaseHTTPRequestHandler) -> None:
    """A chunk that claims -1 bytes, which Python's own reader takes for all that ever comes."""
    _begin_chunks(handler)
    handler.wfile.write(b"-1\r\n")
    with contextlib.suppress(OSError):
        for _ in range(10_000):
            handler.wfile.write(bytes(65_536))


def _begin_chunks(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
