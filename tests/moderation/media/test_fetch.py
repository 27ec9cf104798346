"""Fetching an image leads neither into our own network nor into endless waiting."""

import socket
import time

import pytest

from moderation.media.fetch import FetchFault, fetch_image
from moderation.outbound import guard
from tests.images import photo
from tests.moderation.media.senders import (
    Sender,
    claim_length,
    drip,
    endless,
    endless_negative_chunk,
    in_chunks,
    lie_about_length,
    redirect,
)


@pytest.fixture
def sender():
    running = Sender()
    yield running
    running.down()


@pytest.fixture
def reachable(configure_images):
    """As on a site whose images lie in a network of its own."""
    configure_images(fetch__allow_networks=["127.0.0.0/8"], max_bytes=200_000)


def fetch(url: str, seconds: float = 10.0) -> bytes:
    return fetch_image(url, until=time.monotonic() + seconds)


def code_of(url: str, seconds: float = 10.0) -> str:
    with pytest.raises(FetchFault) as fault:
        fetch(url, seconds)
    return fault.value.code


def test_an_image_is_fetched_whatever_its_type_is_said_to_be(sender, reachable):
    sender.plan["/image"] = photo()
    assert fetch(sender.url()) == photo()


def test_a_redirect_is_followed(sender, reachable):
    sender.plan = {"/first": redirect("/image?size=2"), "/image?size=2": photo()}
    assert fetch(sender.url("/first")) == photo()


def test_loopback_is_refused_and_never_asked(sender):
    sender.plan["/image"] = photo()
    assert code_of(sender.url()) == "address_refused"
    assert sender.asked == []


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:9/",
        "http://169.254.169.254/latest/",
        "http://[::1]/",
        "http://10.0.0.1/",
        "file:///etc/passwd",
    ],
)
def test_a_redirect_inwards_is_refused(sender, configure_images, monkeypatch, target):
    """The first address is public by its name; the name leads to this machine only in this test."""
    monkeypatch.setattr(guard, "is_allowed", lambda address, networks: str(address) == "127.0.0.2")
    monkeypatch.setattr(guard, "system_resolve", lambda host, port: ["127.0.0.2"])
    monkeypatch.setattr(socket, "create_connection", _to_loopback(socket.create_connection))
    sender.plan["/image"] = redirect(target)
    assert code_of(sender.url(host="images.example")) == "address_refused"
    assert sender.asked == ["/image"]


def _to_loopback(connect):
    return lambda address, **options: connect(("127.0.0.1", address[1]), **options)


def test_a_circle_of_redirects_ends(sender, reachable):
    sender.plan["/image"] = redirect("/image")
    assert code_of(sender.url()) == "too_many_redirects"
    assert len(sender.asked) == 4


def test_a_redirect_to_nowhere_is_a_circle_too(sender, reachable):
    sender.plan["/image"] = redirect("")
    assert code_of(sender.url()) == "too_many_redirects"


@pytest.mark.parametrize("behaviour", [endless, lie_about_length])
def test_too_much_is_not_read(sender, reachable, behaviour):
    sender.plan["/image"] = behaviour
    assert code_of(sender.url()) == "too_many_bytes"


def test_a_drip_is_ended_when_its_time_is_up(sender, reachable):
    sender.plan["/image"] = drip
    assert code_of(sender.url(), seconds=0.4) == "too_slow"


def test_silence_is_ended_when_its_time_is_up(sender, reachable):
    sender.plan["/image"] = lambda handler: time.sleep(2)
    assert code_of(sender.url(), seconds=0.3) == "too_slow"


def test_what_is_not_there_says_so(sender, reachable):
    assert code_of(sender.url("/missing")) == "status_4xx"


def test_nobody_at_home(reachable):
    assert code_of("http://127.0.0.1:1024/") == "not_reached"


def test_what_speaks_no_http(sender, reachable):
    sender.plan["/image"] = lambda handler: handler.wfile.write(b"220 mail.example ready\r\n")
    assert code_of(sender.url()) == "not_http"


@pytest.mark.parametrize("claim", ["abc", "\xb2", "9" * 5000, "-5", "+5", "1_0", "1, 1"])
def test_a_length_that_is_none(sender, reachable, claim):
    sender.plan["/image"] = claim_length(claim)
    assert code_of(sender.url()) == "not_http"


@pytest.mark.parametrize("target", ["http://[", "http://a]b:99999/", "//[", "http://a:99999/", "http://\xe4/"])
def test_a_redirect_to_what_is_no_address(sender, reachable, target):
    sender.plan["/image"] = redirect(target)
    assert code_of(sender.url()) == "address_refused"


def test_a_chunk_of_negative_length_is_not_read_to_its_end(sender, reachable):
    sender.plan["/image"] = endless_negative_chunk
    assert code_of(sender.url()) == "too_many_bytes"


def test_an_image_in_chunks_is_fetched(sender, reachable):
    sender.plan["/image"] = in_chunks(photo())
    assert fetch(sender.url()) == photo()


def test_an_answer_that_ends_early_is_no_image(sender, reachable):
    sender.plan["/image"] = claim_length("500")
    assert code_of(sender.url()) == "not_http"
