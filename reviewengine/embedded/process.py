"""One child process of the stack: started in its own session, logged to a file, never outliving its parent."""

import contextlib
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
LARGEST_LOG = 10 * 1024 * 1024
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True)
class ChildSpec:
    """What to run and how to end it.

    `stop_signal` asks for an orderly end within `stop_seconds`, `hurry_signal` for one at once, and `orphan_signal`
    is what Linux sends when the supervisor itself was killed.
    """

    name: str
    command: Sequence[str]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    hurry_signal: signal.Signals = signal.SIGKILL
    orphan_signal: signal.Signals = signal.SIGTERM
    stop_seconds: float = 15.0
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    folder: Path | None = None


class Child:
    """A started ChildSpec. Start it from the main thread: Linux ties the death signal to the starting thread."""

    def __init__(self, spec: ChildSpec) -> None:
        self.spec = spec
        self.started_at = time.monotonic()
        trim_log(spec.log)
        with spec.log.open("ab") as log:
            self._log_start = log.tell()
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
                cwd=spec.folder,
                preexec_fn=_die_with_parent(spec.orphan_signal),  # noqa: PLW1509 - one system call, no threads here
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    @property
    def age(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started_at

    def ask_to_stop(self) -> None:
        """Send the orderly stop signal to the process alone; it tells its own children."""
        if self.alive:
            self.process.send_signal(self.spec.stop_signal)

    def hurry(self) -> None:
        """End the process without waiting for its work, and by force if even that takes longer than 5 s."""
        if self.alive:
            self.process.send_signal(self.spec.hurry_signal)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        self.kill_group()

    def kill_group(self) -> None:
        """Kill whatever is left of the process and of those it started: a dead master may leave its workers."""
        # PermissionError is what macOS says of a group of zombies.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """Stop in order within the spec's limit, then by force."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.spec.stop_seconds)
        self.hurry()

    def how_it_ended(self) -> str:
        """Answer 'exit code 3' or 'signal 9', for a process that has ended."""
        code = self.process.returncode
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def log_since_start(self) -> str:
        """Answer what this start has written to the log, at most its last 64 KiB."""
        with self.spec.log.open("rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(min(self._log_start, size), size - 65536))
            return log.read().decode(errors="replace")

    def log_tail(self, lines: int = 12) -> str:
        """Answer the last lines this start has written, indented to stand under a sentence."""
        said = self.log_since_start().strip().splitlines() or ["(none)"]
        return "\n".join(f"    {line}" for line in said[-lines:])


def trim_log(log: Path) -> None:
    """Keep a log and its predecessor under LARGEST_LOG bytes each, while its writer goes on (it appends)."""
    if not log.exists() or log.stat().st_size <= LARGEST_LOG:
        return
    log.with_suffix(".log.1").write_bytes(log.read_bytes())
    os.truncate(log, 0)


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
