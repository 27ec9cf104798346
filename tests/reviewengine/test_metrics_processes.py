"""Counters of several processes add up on one page, and gauges of dead ones leave it."""

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from reviewengine import conf
from reviewengine.metrics.exposition import forget_dead_processes

COUNT = """
    import django, sys
    django.setup()
    from reviewengine.metrics import workers
    from reviewengine.metrics.requests import count_request
    for _ in range(int(sys.argv[1])):
        count_request("GET", 200, "content", 0.01)
    workers.process_started("worker")
    print("counted", flush=True)
    sys.stdin.read()
"""
SCRAPE = """
    import django
    django.setup()
    from django.test import RequestFactory
    from reviewengine.metrics.exposition import metrics
    print(metrics(RequestFactory().get("/metrics")).content.decode())
"""


@pytest.fixture
def python(tmp_path):
    """Starts a Python process of the product whose metrics go to a shared folder that does not exist yet."""
    environment = os.environ | {
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "metrics"),
        "DJANGO_SETTINGS_MODULE": "reviewengine.settings",
    }
    started = []

    def start(code: str, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
        pipe = subprocess.PIPE
        process = subprocess.Popen(
            command, env=environment, cwd=conf.BASE_DIR, stdin=pipe, stdout=pipe, stderr=pipe, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def scrape(python) -> str:
    page, errors = python(SCRAPE).communicate()
    assert "http_requests_total" in page, errors
    return page


@pytest.mark.slow
def test_counters_add_up_and_a_killed_process_leaves_only_what_it_counted(python):
    one, two = python(COUNT, "3"), python(COUNT, "4")
    assert one.stdout.readline() == two.stdout.readline() == "counted\n"
    page = scrape(python)
    assert 'http_requests_total{method="GET",status="200",view="content"} 7.0' in page
    assert 'reviewengine_processes{role="worker"} 2.0' in page
    one.send_signal(signal.SIGKILL)
    one.wait()
    page = scrape(python)
    assert 'http_requests_total{method="GET",status="200",view="content"} 7.0' in page
    assert 'reviewengine_processes{role="worker"} 1.0' in page


def test_only_gauges_of_dead_processes_are_removed(tmp_path: Path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    names = [f"gauge_livesum_{dead.pid}.db", f"counter_{dead.pid}.db", f"gauge_livesum_{os.getpid()}.db"]
    for name in names:
        (tmp_path / name).touch()
    forget_dead_processes(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])
