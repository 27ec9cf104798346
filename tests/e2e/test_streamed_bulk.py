"""A stream of submissions to a real gunicorn, by clients that behave and by clients that do not."""

import gzip
import json
import socket
from pathlib import Path

import httpx
import pytest

from moderation.models import Content
from tests.e2e.conftest import Web, kill, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LINES = 20_000


def lines(count: int, first: int = 0, text: str = "The soup was warm and the rain was loud.") -> list[bytes]:
    return [
        json.dumps({"external_id": f"post-{n}", "text": text}).encode() + b"\n" for n in range(first, first + count)
    ]


@pytest.fixture
def headers(key) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "Content-Type": "application/x-ndjson"}


def send(server: Web, headers: dict[str, str], content, **more: str) -> list[dict]:
    answer = httpx.post(f"{server.url}/api/v1/content/bulk", content=content, headers={**headers, **more}, timeout=120)
    assert (answer.status_code, answer.headers["content-type"]) == (202, "application/x-ndjson"), answer.text
    return [json.loads(line) for line in answer.content.splitlines()]


def open_stream(server: Web, headers: dict[str, str], **more: str) -> socket.socket:
    """A connection on which the body of a stream may be sent by hand."""
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=30)
    told = "".join(f"{name}: {value}\r\n" for name, value in {**headers, **more, "Host": "127.0.0.1"}.items())
    connection.sendall(f"POST /api/v1/content/bulk HTTP/1.1\r\n{told}\r\n".encode())
    return connection


def memory_of(server: Web) -> int:
    """The most that any worker of gunicorn has ever held, in bytes."""
    workers = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    peaks = [
        line for pid in workers for line in Path(f"/proc/{pid}/status").read_text().splitlines() if "VmHWM" in line
    ]
    return max(int(peak.split()[1]) * 1024 for peak in peaks)


@pytest.mark.parametrize("form", ["whole", "gzip, chunked"])
def test_twenty_thousand_lines_are_answered_in_order(web, headers, form):
    body = b"".join(lines(LINES))
    body = gzip.compress(body) if "gzip" in form else body
    packed = {"Content-Encoding": "gzip"} if "gzip" in form else {}
    results = send(web(), headers, iter([body[:70_001], body[70_001:]]) if "chunked" in form else body, **packed)
    assert [(r["line"], r["external_id"], r["status"]) for r in results[:-1]] == [
        (n + 1, f"post-{n}", "pending") for n in range(LINES)
    ]
    assert results[-1] == {"summary": {"lines": LINES, "stored": LINES, "unchanged": 0, "refused": 0, "complete": True}}
    assert Content.objects.count() == LINES


def test_a_worker_holds_a_batch_and_not_the_stream(web, headers):
    server = web(REVIEWENGINE_WEB__WORKERS="1")
    send(server, headers, b"".join(lines(1000)))
    before = memory_of(server)
    body = b"".join(lines(12_000, text="The soup was warm. " * 500))
    assert len(body) > 110_000_000
    send(server, headers, iter(body[n : n + 65_536] for n in range(0, len(body), 65_536)))
    assert memory_of(server) - before < 60_000_000


def test_a_client_that_dies_keeps_what_was_stored_and_may_send_all_of_it_again(web, headers):
    server = web()
    connection = open_stream(server, headers, **{"Content-Length": "100000000"})
    connection.sendall(b"".join(lines(2500)) + b'{"external_id": "half')

    def two_batches_are_stored() -> bool:
        return Content.objects.count() == 2000

    wait_until(two_batches_are_stored)
    connection.close()

    def whole_lines_are_stored() -> bool:
        return Content.objects.count() == 2500

    wait_until(whole_lines_are_stored)
    again = send(server, headers, b"".join(lines(3000)))
    assert again[-1]["summary"] == {"lines": 3000, "stored": 500, "unchanged": 2500, "refused": 0, "complete": True}
    assert Content.objects.count() == 3000


def test_a_server_killed_in_the_middle_loses_no_stored_line(web, headers):
    server = web()
    connection = open_stream(server, headers, **{"Transfer-Encoding": "chunked"})
    body = b"".join(lines(2500))
    connection.sendall(f"{len(body):x}\r\n".encode() + body + b"\r\n")

    def two_batches_are_stored() -> bool:
        return Content.objects.count() == 2000

    wait_until(two_batches_are_stored)
    kill(server.process)
    assert send(web(), headers, body)[-1]["summary"]["unchanged"] == 2000
    assert Content.objects.count() == 2500


def test_a_client_that_falls_silent_is_answered(web, headers):
    server = web()
    with open_stream(server, headers, **{"Content-Length": "100000", "Connection": "close"}) as connection:
        connection.sendall(b"".join(lines(10)) + b'{"external_id": "half')
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert answer.startswith(b"HTTP/1.1 202 ")
    summary = json.loads(answer.splitlines()[-1])["summary"]
    assert (summary["stored"], summary["complete"], summary["error"]["code"]) == (10, False, "incomplete_body")
    assert Content.objects.count() == 10
    assert httpx.get(f"{server.url}/livez").status_code == 200


def test_a_client_that_sends_everything_before_it_reads_is_answered(web, headers):
    body = b"".join(lines(10_000, text=""))
    with open_stream(web(), headers, **{"Content-Length": str(len(body)), "Connection": "close"}) as connection:
        connection.sendall(body)
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert len(answer) > len(body) * 2
    assert json.loads(answer.splitlines()[-1])["summary"]["refused"] == 10_000
