"""Finds and ends what an earlier supervisor left behind when it was killed: processes, pid files and sockets.

A process id alone proves nothing, it may be someone else's by now: each child is written down with its start time.
"""

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

from reviewengine.embedded.process import Child

PROC = Path("/proc")


def record(path: Path, children: Iterable[Child]) -> None:
    """Write the running children down, so that a later start can recognise them."""
    rows = [{"name": child.spec.name, "pid": child.pid, "started": start_mark(child.pid)} for child in children]
    building = path.with_suffix(".building")
    building.write_text(json.dumps(rows))
    building.replace(path)


def end_recorded(path: Path, seconds: float = 15.0) -> list[str]:
    """End every recorded process that still runs, by its own way first, then by force. Answers their names."""
    try:
        rows = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return []
    ended = [row["name"] for row in rows if _end(row["pid"], row["started"], seconds)]
    path.unlink(missing_ok=True)
    return ended


def start_mark(pid: int) -> str | None:
    """Answer what tells this process from a later one of the same id, or None when there is no such process."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None if PROC.joinpath("self").exists() else _start_mark_by_ps(pid)
    boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
    # A zombie has ended: only its parent has not looked yet.
    return None if fields[0] == "Z" else f"{boot} {fields[19]}"


def process_named(pid: int, *words: str) -> bool:
    """Answer whether the process runs and its command line holds all the words."""
    try:
        command = (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        if PROC.joinpath("self").exists():
            return False
        command = _ps(pid, "command=")
    return bool(command.strip()) and all(word in command for word in words)


def end_process(pid: int, how: signal.Signals, seconds: float) -> None:
    """Signal a process that is not our child and wait until it is gone; kill its group when it stays."""
    mark = start_mark(pid)
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, how)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and mark is not None and start_mark(pid) == mark:
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _end(pid: int, mark: str | None, seconds: float) -> bool:
    if mark is not None and start_mark(pid) == mark:
        # SIGINT: PostgreSQL's fast shutdown, and an orderly end for the others.
        end_process(pid, signal.SIGINT, seconds)
        return True
    # The leader is gone, but its session may live: pool processes of a killed worker.
    return start_mark(pid) is None and _end_group(pid)


def _end_group(group: int) -> bool:
    """Kill what still runs in a process group whose leader is dead, as long as it is Review Engine's."""
    members = [int(folder.name) for folder in PROC.glob("[0-9]*") if _group_of(folder) == group]
    ours = [pid for pid in members if process_named(pid, "reviewengine")]
    for pid in ours:
        end_process(pid, signal.SIGKILL, seconds=5.0)
    return bool(ours)


def _group_of(folder: Path) -> int | None:
    try:
        return int((folder / "stat").read_text().rpartition(")")[2].split()[2])
    except (FileNotFoundError, ProcessLookupError):
        return None


def _start_mark_by_ps(pid: int) -> str | None:
    return _ps(pid, "lstart=").strip() or None


def _ps(pid: int, column: str) -> str:
    """Ask `ps`, on systems without /proc."""
    return subprocess.run(["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False).stdout
