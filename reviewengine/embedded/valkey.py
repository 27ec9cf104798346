"""The embedded Valkey of one home: wake-ups, cache and rate limits over a private unix socket, nothing on disk."""

import socket
from dataclasses import dataclass
from pathlib import Path

from reviewengine.embedded import urls
from reviewengine.embedded.binaries import ValkeyBinary, find_valkey
from reviewengine.embedded.errors import StackError
from reviewengine.embedded.home import Home
from reviewengine.embedded.process import Child, ChildSpec


@dataclass(frozen=True)
class Valkey:
    """One socket with the program that serves it."""

    home: Home
    binary: ValkeyBinary

    @classmethod
    def of(cls, home: Home) -> "Valkey":
        """Answer the server of `home`. Raises StackError when no program is found."""
        return cls(home=home, binary=find_valkey())

    @property
    def title(self) -> str:
        return f"{self.binary.name} {self.binary.version}"

    @property
    def socket(self) -> Path:
        return self.home.sockets / urls.VALKEY_SOCKET

    def prepare(self) -> None:
        """Remove a dead server's socket. Raises StackError when a living server answers on it."""
        if self._answers():
            raise StackError(
                f"Another server already answers on {self.socket}.",
                "Stop it, or set REVIEWENGINE_HOME to another folder.",
            )
        self.socket.unlink(missing_ok=True)

    def spec(self) -> ChildSpec:
        """Answer how the server is run. The truth is in PostgreSQL, so nothing is saved."""
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            # A stray dump.rdb in the working folder would be loaded, so it gets a folder of its own.
            "dir": str(self.home.valkey_data),
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
        }
        arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
        return ChildSpec(name="valkey", command=[str(self.binary.path), *arguments], log=self.home.logs / "valkey.log")

    def is_ready(self, child: Child) -> bool:
        """Answer whether the server answers PING."""
        return child.alive and self._answers()

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            client.settimeout(1)
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False
