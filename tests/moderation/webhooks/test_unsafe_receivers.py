"""No webhook reaches our own network: real sockets listen where it must not go, and nobody ever connects."""

import socket
import threading

import pytest

from moderation.enums import EventStatus
from moderation.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from moderation.webhooks.delivery import drain
from tests import factories
from tests.moderation.webhooks.receivers import Receiver, Reply

pytestmark = pytest.mark.django_db
LIST = "/api/v1/webhook-endpoints"


class Trap:
    """Listens on both loopback addresses at one port and counts who connects."""

    def __init__(self) -> None:
        self.sockets = [socket.create_server(("127.0.0.1", 0))]
        self.port = self.sockets[0].getsockname()[1]
        if socket.has_dualstack_ipv6():
            self.sockets.append(socket.create_server(("::1", self.port), family=socket.AF_INET6))
        self.caught = 0
        for listener in self.sockets:
            threading.Thread(target=self._wait, args=(listener,), daemon=True).start()

    def _wait(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            self.caught += 1
            connection.close()


@pytest.fixture
def trap():
    """Where our own services would listen."""
    found = Trap()
    yield found
    for listener in found.sockets:
        listener.close()


SPELLINGS = [
    "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "2130706433", "0x7f000001",
    "0177.0.0.1", "127.1", "0", "0.0.0.0", "[::]", "127.0.0.1.",
    "169.254.169.254", "[::ffff:169.254.169.254]", "2852039166", "10.0.0.1", "[fd00:ec2::254]", "[fe80::1]",
]  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
def test_an_inner_address_is_refused_when_it_is_named(api, configure, trap, host):
    configure(allow_networks=[])
    answer = api.post(LIST, {"url": f"http://{host}:{trap.port}/"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "unsafe_url")
    assert not WebhookEndpoint.objects.exists()


@pytest.mark.parametrize("host", SPELLINGS)
def test_an_inner_address_that_was_stored_all_the_same_is_not_connected_to(platform, configure, trap, tell, host):
    configure(allow_networks=[])
    endpoint = factories.EndpointFactory(client=platform, url=f"http://{host}:{trap.port}/")
    tell()
    drain(endpoint.pk)
    assert trap.caught == 0
    assert WebhookDelivery.objects.get().status_code is None
    assert WebhookEvent.objects.get().status == EventStatus.PENDING


def test_the_trap_catches_who_is_allowed_to_connect(platform, configure, trap, tell):
    configure(allow_networks=["127.0.0.0/8"])
    endpoint = factories.EndpointFactory(client=platform, url=f"http://127.0.0.1:{trap.port}/")
    tell()
    drain(endpoint.pk)
    assert trap.caught >= 1


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "2130706433", "localhost"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_an_inner_address_is_not_followed(platform, configure, trap, tell, host, status):
    receiver = Receiver().up()
    receiver.reply = lambda request: Reply(status, headers={"location": f"http://{host}:{trap.port}/"})
    endpoint = factories.EndpointFactory(client=platform, url=receiver.url)
    tell()
    drain(endpoint.pk)
    receiver.down()
    assert (len(receiver.requests), trap.caught) == (1, 0)
    assert WebhookDelivery.objects.get().status_code == status


@pytest.fixture
def turning_name(monkeypatch):
    """The system's resolver, at which a name of the client's points to the outside when it is asked first, and
    inside ever after. 127.0.0.2 stands for the outside: it is the one address that the tests allow."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def resolve(host, port, *args, **kwargs):
        if host != "rebind.example":
            return real(host, port, *args, **kwargs)
        asked.append(host)
        return real("127.0.0.2" if len(asked) == 1 else "127.0.0.1", port, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_that_turns_between_check_and_connect_leads_nowhere_else(platform, configure, trap, tell, turning_name):
    configure(allow_networks=["127.0.0.2/32"])
    endpoint = factories.EndpointFactory(client=platform, url=f"http://rebind.example:{trap.port}/")
    tell()
    drain(endpoint.pk)
    assert turning_name == ["rebind.example"]  # asked once: the connection went to what was checked
    assert trap.caught == 0
    assert WebhookDelivery.objects.get().error == "not reached: Connection refused"


def test_a_name_that_turned_before_the_next_attempt_is_refused(platform, configure, trap, tell, turning_name, later):
    configure(allow_networks=["127.0.0.2/32"])
    endpoint = factories.EndpointFactory(client=platform, url=f"http://rebind.example:{trap.port}/")
    tell()
    drain(endpoint.pk)
    later()
    drain(endpoint.pk)
    assert trap.caught == 0
    newest = WebhookDelivery.objects.latest("id")
    assert newest.error.startswith("rebind.example is at 127.0.0.1, which is not a public address.")
