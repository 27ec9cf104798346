"""A receiver that dawdles costs itself time, and nobody else."""

import socket
import threading
import time

import pytest
from django.db import connection

from moderation.enums import EventStatus
from moderation.models import WebhookDelivery, WebhookEvent
from moderation.webhooks.claims import claim_events
from moderation.webhooks.delivery import Line, drain
from moderation.webhooks.records import Round, record_round
from tests import factories
from tests.moderation.webhooks.receivers import Receiver, Reply


@pytest.fixture
def dripping():
    """A server that answers one byte of an endless header line every tenth of a second."""
    listening = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def drip(client):
        with client:
            client.recv(65_536)
            client.sendall(b"HTTP/1.1 200 OK\r\nx-slow: ")
            while not over.wait(0.1):
                try:
                    client.sendall(b"z")
                except OSError:
                    return

    def serve():
        while not over.is_set():
            try:
                client, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(client,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    yield listening.getsockname()[1]
    over.set()
    listening.close()


def test_answer_that_takes_too_long_is_no_answer(endpoint, receiver, tell, configure):
    configure(timeout_seconds=0.3)
    receiver.reply = lambda request: Reply(wait=1)
    tell()
    drain(endpoint.pk)
    assert WebhookDelivery.objects.get().error == "no answer within 0.3 s"
    assert WebhookEvent.objects.get().status == EventStatus.PENDING


def test_answer_that_drips_is_cut_off(platform, configure, dripping, tell):
    configure(timeout_seconds=1.0)
    endpoint = factories.EndpointFactory(client=platform, url=f"http://127.0.0.1:{dripping}/hook")
    tell()
    drain(endpoint.pk)
    assert WebhookDelivery.objects.get().error == "no answer within 1 s"


def test_status_counts_even_if_the_body_never_ends(endpoint, receiver, tell, configure):
    configure(timeout_seconds=0.5)
    receiver.reply = lambda request: Reply(headers={"content-length": "1000"}, body=b"half")
    tell()
    drain(endpoint.pk)
    assert WebhookEvent.objects.get().status == EventStatus.DELIVERED


def test_nothing_is_started_that_could_outlive_the_lease(endpoint, receiver, tell):
    tell()
    claim = claim_events(endpoint_id=endpoint.pk)
    line = Line()
    assert line.send(claim, until=time.monotonic() + 4.9) == {}  # an attempt may take 5 seconds
    assert list(line.send(claim, until=time.monotonic() + 60)) == [claim.events[0].pk]
    line.close()
    assert len(receiver.requests) == 1


def test_what_was_not_sent_is_free_again(endpoint, tell):
    event = tell()
    record_round(round_=Round(claim_events(endpoint_id=endpoint.pk), {}))
    event.refresh_from_db()
    assert (event.lease_token, event.attempts) == (None, 0)
    endpoint.refresh_from_db()
    assert endpoint.failures_in_a_row == 0


def test_answer_that_is_not_http_is_an_error_in_words(platform, configure, tell):
    def answer(listening):
        client, _ = listening.accept()
        client.recv(65_536)
        client.sendall(b"220 mail.example ready\r\n")
        client.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=answer, args=(listening,), daemon=True).start()
        endpoint = factories.EndpointFactory(client=platform, url=f"http://127.0.0.1:{listening.getsockname()[1]}/")
        tell()
        drain(endpoint.pk)
    assert WebhookDelivery.objects.get().error == "not an HTTP answer: BadStatusLine"


@pytest.mark.django_db(transaction=True)
def test_slow_endpoint_does_not_hold_another(endpoint, receiver, tell, platform, configure):
    configure(timeout_seconds=60.0)
    wake_up = threading.Event()
    receiver.reply = lambda request: Reply(200 if wake_up.wait(50) else 500)
    quick = Receiver().up()
    other = factories.EndpointFactory(client=platform, url=quick.url)
    for number in range(20):
        tell(f"post-{number}")

    def work():
        try:
            drain(endpoint.pk)
        finally:
            connection.close()

    slow = threading.Thread(target=work)
    slow.start()
    while not receiver.requests:
        time.sleep(0.01)
    drain(other.pk)
    assert len(quick.requests) == 20
    assert slow.is_alive()
    wake_up.set()
    slow.join()
    quick.down()
    assert len(receiver.requests) == 20
