"""The web port is asked for before anything starts."""

import socket

import pytest

from reviewengine.embedded.errors import StackError
from reviewengine.embedded.ports import require_free_port


def test_a_taken_port_is_named_with_another_to_try():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(StackError) as raised:
            require_free_port("127.0.0.1", port)

    assert raised.value.fault == f"Port {port} on 127.0.0.1 is in use by another program."
    assert raised.value.mend == f"Choose another: `make run PORT={port + 1}`."


def test_a_free_port_is_left_free():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    require_free_port("127.0.0.1", port)
    require_free_port("127.0.0.1", port)


def test_an_address_of_another_machine_is_named():
    with pytest.raises(StackError, match=r"cannot listen on 192\.0\.2\.1:8000: Cannot assign requested address"):
        require_free_port("192.0.2.1", 8000)
