"""How much memory the whole stack takes when it has nothing to do."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import psutil

from bench.contestants import ROOT
from bench.services import free_port

SETTLE_SECONDS = 15


def measure_idle(home: Path) -> dict[str, float]:
    """Starts `runstack` on a fresh home; answers the resident and the proportional size of all its processes, in MB."""
    port = free_port()
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "REDIS_URL")}
    environment |= {"PORT": str(port), "REVIEWENGINE_HOME": str(home)}
    stack = subprocess.Popen(
        [sys.executable, "manage.py", "runstack"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        _wait_ready(port)
        time.sleep(SETTLE_SECONDS)
        family = [psutil.Process(stack.pid), *psutil.Process(stack.pid).children(recursive=True)]
        sizes = [process.memory_full_info() for process in family]
        return {"rss": sum(s.rss for s in sizes) / 1e6, "pss": sum(s.pss for s in sizes) / 1e6}
    finally:
        stack.send_signal(signal.SIGINT)
        stack.wait(60)


def _wait_ready(port: int) -> None:
    stop_at = time.monotonic() + 120
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2)
        except OSError:
            if time.monotonic() > stop_at:
                sys.exit("The stack did not become ready.")
            time.sleep(0.5)
        else:
            return
