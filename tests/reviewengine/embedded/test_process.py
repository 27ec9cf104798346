"""A child is logged, stopped in order, and never outlives its parent."""

import os
import signal
import subprocess
import sys
import time

import pytest

from reviewengine.embedded import process
from reviewengine.embedded.process import Child, ChildSpec, trim_log

STUBBORN = "trap '' TERM; echo up; while :; do sleep 0.1; done"


@pytest.fixture
def spec(tmp_path):
    def build(script, **changes):
        return ChildSpec(name="child", command=["sh", "-c", script], log=tmp_path / "child.log", **changes)

    return build


def _wait_for(condition):
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "waited 10 s"
        time.sleep(0.02)


def test_what_it_says_is_in_its_log(spec):
    child = Child(spec("echo out; echo err >&2; exit 3"))
    child.process.wait()

    assert child.log_tail() == "    out\n    err"
    assert child.how_it_ended() == "exit code 3"


def test_the_words_of_an_earlier_start_are_not_its_own(spec):
    Child(spec("echo first")).process.wait()
    child = Child(spec("echo second"))
    child.process.wait()

    assert child.log_since_start() == "second\n"


def test_a_child_that_ignores_the_stop_is_killed(spec):
    child = Child(spec(STUBBORN, stop_seconds=0.2))
    _wait_for(child.log_since_start)
    child.stop()

    assert child.how_it_ended() == "signal 9"


def test_what_a_dead_child_started_is_killed_with_its_group(spec):
    child = Child(spec("sleep 60 & echo $!"))
    child.process.wait()
    grandchild = int(child.log_since_start())
    child.kill_group()

    _wait_for(lambda: not os.path.exists(f"/proc/{grandchild}") or _is_zombie(grandchild))


def _is_zombie(pid):
    with open(f"/proc/{pid}/stat") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_child_dies_with_a_killed_parent(tmp_path):
    code = (
        "import sys, pathlib, time; from reviewengine.embedded.process import Child, ChildSpec\n"
        "c = Child(ChildSpec(name='c', command=['sleep', '60'], log=pathlib.Path(sys.argv[1])))\n"
        "print(c.pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, tmp_path / "log"], stdout=subprocess.PIPE, text=True) as parent:
        child = int(parent.stdout.readline())
        parent.send_signal(signal.SIGKILL)

    _wait_for(lambda: not os.path.exists(f"/proc/{child}") or _is_zombie(child))


def test_a_long_log_is_moved_aside_while_its_writer_goes_on(monkeypatch, tmp_path):
    monkeypatch.setattr(process, "LARGEST_LOG", 10)
    log = tmp_path / "web.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"a long beginning\n")
        trim_log(log)
        writer.write(b"an end\n")

    assert log.read_text() == "an end\n"
    assert (tmp_path / "web.log.1").read_text() == "a long beginning\n"
