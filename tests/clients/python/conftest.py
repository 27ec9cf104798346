"""The Python client at a server that listens, and a server that answers what a test tells it to."""

import asyncio
import json
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from reviewengine_client import Client, running

from moderation.api.authentication import forget_keys
from moderation.enums import Scope
from moderation.models import ApiKey


@pytest.fixture
def awaited() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """``awaited(coroutine)`` runs it in a thread without an event loop: a browser test leaves one in the main."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda coroutine: thread.submit(asyncio.run, coroutine).result()


@pytest.fixture
def engine(live_server, key) -> Iterator[Client]:
    """The client of the platform, with every scope, at the running stack."""
    forget_keys()
    with Client(live_server.url, key=key) as client:
        yield client


@pytest.fixture
def engine_with(live_server, platform) -> Callable[..., Client]:
    """``engine_with("content:read")`` is a client whose key has these scopes alone."""

    def make(*scopes: str) -> Client:
        return Client(live_server.url, key=ApiKey.issue(client=platform, scopes=[Scope(one) for one in scopes]))

    return make


@dataclass
class Script:
    """What the server answers, call by call, and what it was asked. ``None`` as an answer breaks the connection."""

    answers: list[tuple[int, dict[str, str], Any] | None] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)
    url: str = ""


@pytest.fixture
def script() -> Iterator[Script]:
    """A real server on loopback that follows a script."""
    told = Script()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = {"method": self.command, "path": self.path, "headers": dict(self.headers), "body": body}
            told.asked.append(asked)
            answer = told.answers.pop(0)
            if answer is None:
                self.close_connection = True
                self.connection.close()
                return
            status, headers, value = answer
            raw = value if isinstance(value, bytes) else json.dumps(value).encode()
            self.send_response(status)
            for name, one in {"Content-Length": str(len(raw)), **headers}.items():
                self.send_header(name, one)
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_PATCH = do_DELETE = answer

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    told.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def waits(monkeypatch) -> list[float]:
    """The seconds that the client would have waited."""
    found: list[float] = []

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr(running.time, "sleep", found.append)
    monkeypatch.setattr(running.asyncio, "sleep", sleep)
    return found
