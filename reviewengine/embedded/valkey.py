"""The embedded Valkey of one home: wake-ups, cache and rate limits over a private unix socket, nothing on disk."""

import socket
import time
from dataclasses import dataclass

from reviewengine.embedded import urls
from reviewengine.embedded.binaries import ValkeyBinary
from reviewengine.embedded.errors import StackError
from reviewengine.embedded.home import Home
from reviewengine.embedded.process import Child, ChildSpec


@dataclass(frozen=True)
class Valkey:
    """One socket with the program that serves it."""

    home: Home
    binary: ValkeyBinary

    def spec(self) -> ChildSpec:
        """Answer how the server is run. The truth is in PostgreSQL, so nothing is saved."""
        options = {
            "port": "0",
            "unixsocket": str(self.home.sockets / urls.VALKEY_SOCKET),
            "unixsocketperm": "700",
            # A stray dump.rdb in the working folder would be loaded, so it gets a folder of its own.
            "dir": str(self.home.valkey_data),
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        command = [str(self.binary.path), *arguments]
        return ChildSpec(name=self.binary.name, command=command, log=self.home.logs / "valkey.log")

    def wait_until_ready(self, child: Child, seconds: float = 20.0) -> None:
        """Return once the server answers PING. Raises StackError, with the log's tail, when it never does."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self._answers():
                return
            if not child.alive:
                fault = f"{child.spec.name} stopped while starting:\n{child.log_tail()}\n"
                raise StackError(fault, f"See {child.spec.log}.")
            time.sleep(0.01)
        raise StackError(f"{child.spec.name} was not ready after {seconds:.0f} s.", f"See {child.spec.log}.")

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.home.sockets / urls.VALKEY_SOCKET))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False
