"""Bodies that are cut off, fall silent or make no sense, sent by hand to a real gunicorn: the fault is the client's."""

import gzip
import json
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from moderation.models import Content, IdempotencyRecord
from tests.e2e.conftest import Web

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SOUP = {"external_id": "post-1", "text": "The soup was warm."}
JSON, NDJSON = "application/json", "application/x-ndjson"
BULK = "/api/v1/content/bulk"


def of_the_platform(answer: dict[str, Any]) -> Any:
    return answer["code"], answer["status"]


def of_openai(answer: dict[str, Any]) -> Any:
    return answer["error"]["type"], sorted(answer["error"])


def of_perspective(answer: dict[str, Any]) -> Any:
    return answer["error"]["status"], answer["error"]["code"]


OURS = ("incomplete_body", 400)
OPENAI = ("invalid_request_error", ["code", "message", "param", "type"])
PERSPECTIVE = ("INVALID_ARGUMENT", 400)


@dataclass(frozen=True)
class Door:
    """An address that takes a body, a body that it would take, and what it says of one that it cannot read."""

    path: str
    body: bytes
    envelope: Callable[[dict[str, Any]], Any] = of_the_platform
    fault: Any = OURS
    headers: str = f"Content-Type: {JSON}\r\n"

    def head(self, key: str, more: str) -> bytes:
        told = (
            f"Host: 127.0.0.1\r\nAuthorization: Bearer {key}\r\nX-Goog-Api-Key: {key}\r\n{self.headers}{more}\r\n\r\n"
        )
        return f"POST {self.path} HTTP/1.1\r\n{told}".encode()


def packed(media_type: str) -> str:
    return f"Content-Type: {media_type}\r\nContent-Encoding: gzip\r\n"


ITEM, ITEMS = (json.dumps(body).encode() for body in (SOUP, {"items": [SOUP]}))
COMMENT = json.dumps({"comment": {"text": SOUP["text"]}, "requestedAttributes": {"TOXICITY": {}}}).encode()
DOORS = {
    "one": Door("/api/v1/content", ITEM),
    "one, once": Door("/api/v1/content", ITEM, headers=f"Content-Type: {JSON}\r\nIdempotency-Key: k1\r\n"),
    "bulk": Door(BULK, ITEMS),
    "bulk, packed": Door(BULK, gzip.compress(ITEMS), headers=packed(JSON)),
    "stream": Door(BULK, ITEM, headers=f"Content-Type: {NDJSON}\r\n"),
    "stream, packed": Door(BULK, gzip.compress(ITEM), headers=packed(NDJSON)),
    "policy": Door("/api/v1/policies/evaluate", json.dumps({"text": SOUP["text"]}).encode()),
    "openai": Door("/v1/moderations", json.dumps({"input": SOUP["text"]}).encode(), of_openai, OPENAI),
    "perspective": Door("/v1alpha1/comments:analyze", COMMENT, of_perspective, PERSPECTIVE),
}
FAULTS = {name: (400, door.fault) for name, door in DOORS.items()}
# Chunks that are none, that promise more than comes, or that end nowhere. "abcd" stands for how a true body begins.
CHUNKS = {
    "no number": b"ZZ\r\nabcd\r\n0\r\n\r\n",
    "a negative number": b"-5\r\nabcd\r\n0\r\n\r\n",
    "more than comes": b"FFFFFFFF\r\nabcd",
    "more than a machine counts": b"F" * 17 + b"\r\nabcd",
    "more than anything": b"F" * 4000 + b"\r\nabcd",
    "a size without an end": b"1" * 20_000,
    "bytes beyond its size": b"2\r\nabcd\r\n0\r\n\r\n",
    "no last chunk": b"4\r\nabcd\r\n",
    "no trailer": b"4\r\nabcd\r\n0\r\n",
    "a trailer that is none": b"4\r\nabcd\r\n0\r\nno trailer\r\n\r\n",
    "an extension that is none": b"4;\x01\r\nabcd\r\n0\r\n\r\n",
}


def ask(server: Web, sent: bytes, *, ends: bool) -> tuple[int, dict[str, Any]]:
    """The status and the answer to what is sent; whoever ``ends`` says that nothing more will come."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=60) as connection:
        connection.sendall(sent)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        return read_answer(connection)


def read_answer(connection: socket.socket) -> tuple[int, dict[str, Any]]:
    with connection.makefile("rb") as answer:
        status = int(answer.readline().split()[1])
        headers = dict(line.lower().split(b": ", 1) for line in iter(answer.readline, b"\r\n"))
        return status, json.loads(answer.read(int(headers[b"content-length"])))


def faults_of(server: Web, key: str, more: str, body: Callable[[Door], bytes], *, ends: bool) -> dict[str, Any]:
    """What every door answers, asked all at once: a silent sender is waited for."""

    def told(door: Door) -> tuple[int, Any]:
        status, answer = ask(server, door.head(key, more) + body(door), ends=ends)
        return status, door.envelope(answer)

    with ThreadPoolExecutor(len(DOORS)) as pool:
        return dict(zip(DOORS, pool.map(told, DOORS.values()), strict=True))


def nothing_is_stored_and_the_next_is_served(server: Web, key: str) -> bool:
    kept = Content.objects.count(), IdempotencyRecord.objects.count()
    served = [httpx.post(f"{server.url}{door.path}", **said(key, door), timeout=60) for door in DOORS.values()]
    return (kept, {answer.status_code for answer in served}) == ((0, 0), {200, 202})


def said(key: str, door: Door) -> dict[str, Any]:
    told = dict(line.split(": ") for line in door.headers.splitlines())
    return {"content": door.body, "headers": {"Authorization": f"Bearer {key}", "X-Goog-Api-Key": key, **told}}


def test_chunks_that_make_no_sense_are_refused_at_every_door(web, key):
    server = web()
    chunked = "Transfer-Encoding: chunked"
    answers = {
        name: faults_of(server, key, chunked, lambda door, sent=body: sent.replace(b"abcd", door.body[:4]), ends=True)
        for name, body in CHUNKS.items()
    }
    assert answers == dict.fromkeys(CHUNKS, FAULTS)
    assert nothing_is_stored_and_the_next_is_served(server, key)


@pytest.mark.parametrize("ends", [True, False], ids=["closed", "silent"])
def test_fewer_bytes_than_were_told_are_refused_at_every_door(web, key, ends):
    server = web()
    assert faults_of(server, key, "Content-Length: 50", lambda door: door.body[:4], ends=ends) == FAULTS
    assert nothing_is_stored_and_the_next_is_served(server, key)


def test_a_silent_sender_of_chunks_is_refused_at_every_door(web, key):
    server = web()
    assert (
        faults_of(server, key, "Transfer-Encoding: chunked", lambda door: b"8\r\n" + door.body[:4], ends=False)
        == FAULTS
    )
    assert nothing_is_stored_and_the_next_is_served(server, key)


@pytest.mark.parametrize("name", ["bulk, packed", "stream, packed"])
def test_a_packed_body_that_was_cut_off_is_refused(web, key, name):
    server, door = web(), DOORS[name]
    cut = door.body[:-9]
    status, answer = ask(server, door.head(key, f"Content-Length: {len(cut)}") + cut, ends=False)
    assert (status, answer["code"]) == (400, "incomplete_body")
    assert nothing_is_stored_and_the_next_is_served(server, key)


@dataclass
class Sender:
    """A client that sends until the server has answered, and counts what it sent."""

    connection: socket.socket
    sent: int = 0

    def keep_sending(self, part: bytes, *, most: int, pause: float = 0) -> bytes:
        """Sends the part again and again, at ``most`` so many bytes, ``pause`` seconds apart; what is answered."""
        answer: list[bytes] = []
        reading = threading.Thread(target=lambda: answer.extend(iter(self.receive, b"")))
        reading.start()
        try:
            while reading.is_alive() and self.sent < most:
                self.connection.sendall(part)
                self.sent += len(part)
                time.sleep(pause)
        except OSError:  # the server has answered and closed
            pass
        reading.join(60)
        return b"".join(answer)

    def receive(self) -> bytes:
        try:
            return self.connection.recv(65_536)
        except ConnectionResetError:
            return b""


@pytest.fixture
def sender(key):
    """Opens a stream to a server, of which the body is sent by hand."""
    opened: list[socket.socket] = []

    def start(server: Web, name: str, more: str) -> Sender:
        opened.append(socket.create_connection(("127.0.0.1", server.port), timeout=60))
        opened[-1].sendall(DOORS[name].head(key, f"Connection: close\r\n{more}"))
        return Sender(opened[-1])

    yield start
    for connection in opened:
        connection.close()


def chunk(data: bytes) -> bytes:
    return f"{len(data):x}\r\n".encode() + data + b"\r\n"


def lines_of(answer: bytes) -> tuple[int, list[dict[str, Any]]]:
    """The status and the lines of an answer that ends with its connection."""
    head, _, body = answer.partition(b"\r\n\r\n")
    body = b"".join(body.split(b"\r\n")[1::2]) if b"chunked" in head.lower() else body
    return int(head.split()[1]), [json.loads(line) for line in body.splitlines()]


@pytest.mark.parametrize("more", ["Transfer-Encoding: chunked", "Content-Length: 100000"])
def test_a_stream_that_drips_ends_at_its_deadline_with_what_was_stored(web, sender, more):
    dripping = sender(web(REVIEWENGINE_API__STREAM_SECONDS="3"), "stream", more)
    first = ITEM + b"\n"
    dripping.connection.sendall(chunk(first) if "chunked" in more else first)
    status, lines = lines_of(dripping.keep_sending(chunk(b" ") if "chunked" in more else b" ", pause=0.5, most=600))
    summary = lines[-1]["summary"]
    assert (status, [line.get("external_id") for line in lines[:-1]]) == (202, ["post-1"])
    assert (summary["stored"], summary["complete"], summary["error"]["code"]) == (1, False, "incomplete_body")
    assert Content.objects.count() == 1


def test_a_stream_that_was_refused_and_drips_on_ends_at_its_deadline(web, sender):
    limits = {"REVIEWENGINE_API__STREAM_SECONDS": "3", "REVIEWENGINE_API__MAX_STREAM_ITEMS": "1"}
    dripping = sender(web(**limits), "stream", "Transfer-Encoding: chunked")
    dripping.connection.sendall(chunk(b"\n\n\n"))
    status, lines = lines_of(dripping.keep_sending(chunk(b"\n"), pause=0.5, most=400))
    assert (status, lines[0]["code"], dripping.sent < 400) == (422, "too_many_items", True)


def test_a_stream_of_empty_gzip_members_ends(web, sender):
    server = web(REVIEWENGINE_API__MAX_STREAM_BYTES="5000000")
    empty = sender(server, "stream, packed", "Transfer-Encoding: chunked")
    status, lines = lines_of(empty.keep_sending(chunk(gzip.compress(b"") * 100), most=200_000_000))
    assert (status, lines[0]["code"]) == (413, "body_too_large")
    assert empty.sent < 200_000_000
    assert httpx.get(f"{server.url}/livez").status_code == 200


def test_a_huge_line_packed_small_is_refused(web, sender):
    limits = {"REVIEWENGINE_API__MAX_STREAM_BYTES": "4000000", "REVIEWENGINE_API__MAX_BODY_BYTES": "100000"}
    huge = sender(web(**limits), "stream, packed", "Transfer-Encoding: chunked")
    huge.connection.sendall(chunk(gzip.compress(b"x" * 64_000_000)) + b"0\r\n\r\n")
    status, lines = lines_of(b"".join(iter(huge.receive, b"")))
    assert (status, lines[0]["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("more", ["Transfer-Encoding: chunked", "Content-Length: 100000"])
@pytest.mark.parametrize("ends", [True, False], ids=["closed", "silent"])
def test_whole_lines_before_the_break_are_stored(web, sender, more, ends):
    broken, sent = sender(web(), "stream", more), ITEM + b'\n{"external_id": "half'
    broken.connection.sendall(chunk(sent) if "chunked" in more else sent)
    if ends:
        broken.connection.shutdown(socket.SHUT_WR)
    status, lines = lines_of(b"".join(iter(broken.receive, b"")))
    assert (status, [line.get("external_id") for line in lines[:-1]]) == (202, ["post-1"])
    assert lines[-1]["summary"]["error"]["code"] == "incomplete_body"
    assert Content.objects.count() == 1
