"""One child process of the stack: started in its own session, logged to a file, never outliving its parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class ChildSpec:
    """What to run and how to end it. `stop_signal` asks for an orderly end, `orphan_signal` is sent if we die."""

    name: str
    command: Sequence[str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    orphan_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15.0
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None


class Child:
    """A started ChildSpec. Start it from the main thread: Linux ties the death signal to the starting thread."""

    def __init__(self, spec: ChildSpec) -> None:
        self.spec = spec
        self.started_at = time.monotonic()
        with spec.log.open("ab") as log:
            self.log_start = log.tell()
            self.process = subprocess.Popen(
                list(spec.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env={**os.environ, **spec.environment},
                # Its own session: a Ctrl-C in the terminal reaches the supervisor alone, which stops us in order.
                start_new_session=True,
                user=spec.user,
                extra_groups=[] if spec.user else None,
                cwd="/" if spec.user else None,
                preexec_fn=_die_with_parent(spec.orphan_signal),  # noqa: PLW1509 - one system call, and no threads here
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def ask_to_stop(self) -> None:
        """Send the orderly stop signal to the process alone; it tells its own children."""
        if self.alive:
            self.process.send_signal(self.spec.stop_signal)

    def wait(self, seconds: float) -> bool:
        """Answer whether the process ended within `seconds`."""
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End the process and whatever it started, at once."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            # PermissionError: macOS says so for a group of zombies.
            pass
        self.process.wait()

    def stop(self) -> bool:
        """Stop in order, then by force. Answers whether the orderly way was enough."""
        self.ask_to_stop()
        orderly = self.wait(self.spec.stop_seconds)
        self.kill()
        return orderly

    def log_tail(self, lines: int = 12) -> str:
        """Answer the last lines this start has written to the log."""
        with self.spec.log.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(min(self.log_start, size), size - 8192))
            text = log.read().decode(errors="replace")
        return "\n".join(text.strip().splitlines()[-lines:])


def _die_with_parent(orphan_signal: signal.Signals) -> Callable[[], None] | None:
    """Answer the hook, run between fork and exec, that makes Linux signal the child when this process is gone."""
    if _libc is None:
        return None
    libc, parent = _libc, os.getpid()

    def arm() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(orphan_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return arm
