"""A stand-in for a moderation service: a real HTTP server on loopback that can be told how to misbehave.

What hangs, hangs until the test ends: whoever waited for it would never come back.
"""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import orjson

Behaviour = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Hands each request to what the test has chosen."""

    protocol_version = "HTTP/1.1"
    server: "Server"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with self.server.lock:
            self.server.asked.append((self.path, dict(self.headers), orjson.loads(body)))
            self.server.now += 1
            self.server.most_at_once = max(self.server.most_at_once, self.server.now)
        try:
            self.server.behaviour(self)
        except OSError:
            pass  # the other side has hung up
        finally:
            with self.server.lock:
                self.server.now -= 1

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    """``asked`` holds path, headers and JSON of every request; ``ending`` is set when hanging shall end."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.behaviour: Behaviour = says(hate=0.0)
        self.asked: list[tuple[str, dict[str, str], Any]] = []
        self.lock, self.ending = threading.Lock(), threading.Event()
        self.now = self.most_at_once = 0
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def stop(self) -> None:
        self.ending.set()
        self.shutdown()
        self.server_close()


def says(**scores: float) -> Behaviour:
    """Answers as a moderations endpoint. Write ``harassment__threatening`` for a name with a slash."""
    named = {name.replace("__", "/"): score for name, score in scores.items()}
    return sends(orjson.dumps({"id": "modr-1", "results": [{"flagged": False, "category_scores": named}]}))


def chats(content: Any) -> Behaviour:
    """Answers as a chat model with this content."""
    message = {"role": "assistant", "content": content}
    return sends(orjson.dumps({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}))


def sends(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    return lambda handler: handler.answer(status, body, **headers)


def is_slow(handler: Handler) -> None:
    handler.server.ending.wait()


def hangs_half_way(handler: Handler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"results": [')
    handler.server.ending.wait()


def drips_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    while not handler.server.ending.wait(0.05):
        handler.wfile.write(b"x")


def drips_body(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not handler.server.ending.wait(0.05):
        handler.wfile.write(b" ")


def sends_without_end(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
    while not handler.server.ending.is_set():
        handler.wfile.write(b" " * 65_536)


def closes(handler: Handler) -> None:
    handler.close_connection = True
    handler.connection.close()


def breaks_off(handler: Handler) -> None:
    handler.wfile.write(b'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"results": [')
    handler.close_connection = True


def speaks_no_http(handler: Handler) -> None:
    handler.wfile.write(b"\x16\x03\x01 what is it that you want?\r\n\r\n")
    handler.close_connection = True
