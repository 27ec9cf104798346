"""What a killed supervisor leaves is recognised by more than a process id."""

import json
import os
import signal
import subprocess
import sys

import pytest

from reviewengine.embedded import leftovers
from reviewengine.embedded.process import Child, ChildSpec


@pytest.fixture
def child(tmp_path):
    started = Child(ChildSpec(name="worker", command=["sleep", "60"], log=tmp_path / "log"))
    yield started
    started.hurry()


def test_a_recorded_process_is_ended(tmp_path, child):
    leftovers.record(tmp_path / "children.json", [child])

    assert leftovers.end_recorded(tmp_path / "children.json", seconds=5) == ["worker"]
    assert child.process.wait(timeout=5) == -signal.SIGINT
    assert not (tmp_path / "children.json").exists()


def test_a_process_that_got_a_recorded_id_later_is_left_alone(tmp_path, child):
    row = {"name": "worker", "pid": child.pid, "started": "another boot 1"}
    (tmp_path / "children.json").write_text(json.dumps([row]))

    assert leftovers.end_recorded(tmp_path / "children.json", seconds=5) == []
    assert child.alive


def test_a_torn_record_is_no_reason_to_stop(tmp_path):
    (tmp_path / "children.json").write_text('[{"na')

    assert leftovers.end_recorded(tmp_path / "children.json") == []


def test_the_pool_of_a_dead_worker_is_ended_too(tmp_path):
    # A master that dies at once, leaving a process of its session that names Review Engine.
    script = f"{sys.executable} -c 'import time; time.sleep(60)' reviewengine & echo $!"
    master = Child(ChildSpec(name="worker", command=["sh", "-c", script], log=tmp_path / "log"))
    leftovers.record(tmp_path / "children.json", [master])
    master.process.wait()

    assert leftovers.end_recorded(tmp_path / "children.json", seconds=5) == ["worker"]
    assert leftovers.start_mark(int(master.log_since_start())) is None


def test_a_process_has_one_mark_for_life(child):
    assert leftovers.start_mark(child.pid) == leftovers.start_mark(child.pid)
    assert leftovers.start_mark(child.pid) != leftovers.start_mark(os.getpid())


def test_an_ended_process_has_no_mark():
    with subprocess.Popen(["true"]) as ended:
        pass
    assert leftovers.start_mark(ended.pid) is None


def test_a_process_is_known_by_the_words_of_its_command():
    assert leftovers.process_named(os.getpid(), "python") is True
    assert leftovers.process_named(os.getpid(), "python", "postgres-data-folder") is False
