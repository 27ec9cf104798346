"""The embedded Valkey: one private socket, a stale one is replaced, a living one respected."""

import socket

import pytest
import redis

from reviewengine.embedded.errors import StackError
from reviewengine.embedded.services import running_services
from reviewengine.embedded.valkey import Valkey


def test_it_answers_on_its_socket_only(home):
    with running_services(home.root, postgres=False):
        client = redis.from_url(home.redis_url)
        assert client.ping() is True
        assert client.config_get("port") == {"port": "0"}
        assert (home.sockets / "valkey.sock").stat().st_mode & 0o777 == 0o700


def test_nothing_is_kept_on_disk(home):
    with running_services(home.root, postgres=False):
        redis.from_url(home.redis_url).set("a", "b")

    assert list(home.valkey_data.iterdir()) == []


def test_a_stale_socket_is_replaced(home):
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(home.sockets / "valkey.sock"))

    with running_services(home.root, postgres=False):
        assert redis.from_url(home.redis_url).ping() is True


def test_a_server_that_answers_already_is_not_pushed_aside(home):
    with running_services(home.root, postgres=False):
        with pytest.raises(StackError, match=r"Another server already answers on .*valkey\.sock\. Stop it"):
            Valkey.of(home).prepare()
        assert redis.from_url(home.redis_url).ping() is True
