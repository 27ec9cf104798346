"""Asks for the web port before anything is started, so that a taken one costs nothing."""

import errno
import socket

from reviewengine.embedded.errors import StackError


def require_free_port(bind: str, port: int) -> None:
    """Raise StackError, naming the fault and the mend, when the web server could not listen there."""
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As gunicorn does: connections of a server that just stopped do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise StackError(_fault(error, bind, port), f"Choose another: `make run PORT={_other(port)}`.") from error


def _fault(error: OSError, bind: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} on {bind} is in use by another program."
    if error.errno == errno.EACCES:
        return f"Port {port} may not be opened by this user."
    return f"The web server cannot listen on {bind}:{port}: {error.strerror}."


def _other(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8001
