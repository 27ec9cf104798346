"""The connection goes to the address that was checked, and TLS still checks the host's name."""

import ssl
from pathlib import Path

import pytest

from moderation.enums import EventStatus
from moderation.models import WebhookDelivery, WebhookEvent
from moderation.outbound import guard
from moderation.outbound.guard import Route, Target
from moderation.webhooks.delivery import drain
from moderation.webhooks.transport import Receiver as Sender
from tests import factories
from tests.moderation.webhooks.receivers import Receiver

CERTIFICATES = Path(__file__).parent / "certificates"


@pytest.fixture
def resolver(monkeypatch):
    """A resolver that gives the next of its answers at each question, and the last one for ever."""
    answers: list[list[str]] = []
    monkeypatch.setattr(guard, "system_resolve", lambda host, port: answers.pop(0) if len(answers) > 1 else answers[0])
    return answers


@pytest.fixture
def secure(configure, monkeypatch):
    """A receiver with a certificate for hooks.example, from an authority that the system trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATES / "receiver.pem")
    running = Receiver(tls=context).up()
    yield running
    running.down()


def named(platform, port, name="hooks.example", scheme="https"):
    return factories.EndpointFactory(client=platform, url=f"{scheme}://{name}:{port}/hook")


def post(route):
    sender = Sender(route, timeout_seconds=2)
    try:
        return sender.post(b"{}", {"webhook-id": "msg_1"})
    finally:
        sender.close()


def test_name_is_resolved_once_and_the_checked_address_is_used(platform, receiver, tell, resolver):
    endpoint = named(platform, receiver.port, scheme="http")
    resolver += [["127.0.0.1"], ["10.0.0.1"]]
    tell()
    drain(endpoint.pk)
    assert receiver.requests[0].headers["host"] == f"hooks.example:{receiver.port}"
    assert resolver == [["10.0.0.1"]]  # asked once


def test_name_that_turns_inside_is_refused_and_said_so(platform, receiver, tell, resolver):
    endpoint = named(platform, receiver.port, scheme="http")
    resolver += [["169.254.169.254"]]
    tell()
    drain(endpoint.pk)
    assert not receiver.connections
    assert WebhookDelivery.objects.get().error.startswith("hooks.example is at 169.254.169.254, which is not a public")
    endpoint.refresh_from_db()
    assert endpoint.retry_at is not None


def test_name_that_is_not_found_waits(platform, configure, tell, monkeypatch):
    def nowhere(host, port):
        raise OSError(-2, "Name or service not known")

    monkeypatch.setattr(guard, "system_resolve", nowhere)
    endpoint = named(platform, 443)
    tell()
    drain(endpoint.pk)
    assert WebhookDelivery.objects.get().error == "host not found: Name or service not known"
    assert WebhookEvent.objects.get().status == EventStatus.PENDING


def test_tls_is_spoken_in_the_host_name(platform, secure, tell, resolver):
    resolver += [["127.0.0.1"]]
    endpoint = named(platform, secure.port)
    tell()
    drain(endpoint.pk)
    assert secure.requests[0].verified(endpoint.secret)["type"] == "content.approved"


def test_certificate_of_another_name_is_refused(platform, secure, tell, resolver):
    resolver += [["127.0.0.1"]]
    endpoint = named(platform, secure.port, name="other.example")
    tell()
    drain(endpoint.pk)
    assert not secure.requests
    assert "certificate refused" in WebhookDelivery.objects.get().error
    assert "other.example" in WebhookDelivery.objects.get().error


def test_certificate_of_an_unknown_authority_is_refused(platform, secure, tell, resolver, monkeypatch):
    monkeypatch.delenv("SSL_CERT_FILE")
    resolver += [["127.0.0.1"]]
    endpoint = named(platform, secure.port)
    tell()
    drain(endpoint.pk)
    assert not secure.requests
    assert "certificate refused" in WebhookDelivery.objects.get().error


def test_plain_server_behind_https_is_an_error_in_words(platform, receiver, tell, resolver):
    resolver += [["127.0.0.1"]]
    endpoint = named(platform, receiver.port)
    tell()
    drain(endpoint.pk)
    assert WebhookDelivery.objects.get().error.startswith("TLS failed:")


def test_second_address_is_tried_when_the_first_does_not_listen(receiver):
    target = Target("http", "hooks.example", receiver.port, "/hook")
    assert post(Route(target, ("127.0.0.2", "127.0.0.1"))).status_code == 200


def test_dead_addresses_are_an_error_in_words(receiver):
    receiver.down()
    target = Target("http", "hooks.example", receiver.port, "/hook")
    assert post(Route(target, ("127.0.0.1",))).error == "not reached: Connection refused"
