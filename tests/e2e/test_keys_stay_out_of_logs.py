"""Perspective's clients put their key into the address: nothing that a real web server writes may hold it."""

import shlex
import socket
import sys
from pathlib import Path

import httpx
import pytest

from moderation.models import ApiClient, ApiKey
from tests.e2e.conftest import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "python:reviewengine.gunicorn_conf", "reviewengine.wsgi"]
BODY = {"comment": {"text": "The soup was warm."}, "requestedAttributes": {"TOXICITY": {}}}
# What gunicorn refuses itself, and then quotes.
BROKEN = (
    "POST /v1alpha1/comments:analyze?key={key} HTTP/9.9\r\n\r\n",
    "PO:ST /v1alpha1/comments:analyze?key={key} HTTP/1.1\r\n\r\n",
    "POST /v1alpha1/comments:analyze?key={key}\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: localhost\r\nX-Goog-Api-Key {key}\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization\x00: Bearer {key}\r\n\r\n",
)


@pytest.fixture
def server(processes, tmp_path):
    """A running gunicorn: its port, and the file with everything it writes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    written = tmp_path / "written.txt"
    command = ["sh", "-c", f"exec {shlex.join(GUNICORN)} > {shlex.quote(str(written))} 2>&1"]
    processes(command, PORT=str(port), REVIEWENGINE_WEB__WORKERS="1", REVIEWENGINE_LOGGING__LEVEL="DEBUG")

    def it_listens() -> bool:
        return "Listening at" in written.read_text() if written.exists() else False

    wait_until(it_listens)
    return port, written


def say(port: int, words: str) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(words.encode())
        connection.recv(4096)


def test_no_key_is_written_whatever_happens_to_its_request(server):
    port, written = server
    key = ApiKey.issue(client=ApiClient.objects.create(name="platform"), scopes=["score"])
    for asked in (key, f"{key[:-4]}XXXX"):
        httpx.post(f"http://127.0.0.1:{port}/v1alpha1/comments:analyze", params={"key": asked}, json=BODY, timeout=60)
    httpx.get(f"http://127.0.0.1:{port}/nowhere", params={"key": key})
    for words in BROKEN:
        say(port, words.format(key=key))
    said = Path(written).read_text()
    assert "POST /v1alpha1/comments:analyze 200" in said
    assert said.count("(withheld)") >= 2
    assert key[12:-4] not in said
