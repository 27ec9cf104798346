"""The first step of `make run`: an environment with the pinned packages, made once, and plain words when it fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reviewengine.embedded import install
from reviewengine.embedded.plan import BASE_DIR


@pytest.fixture
def pins(tmp_path) -> Path:
    file = tmp_path / "requirements.txt"
    file.write_text("no-such-package==1.0 --hash=sha256:" + "0" * 64 + "\n")
    return file


def run(*arguments):
    """As the Makefile does: by the system's Python, with nothing of ours on its path, and no network."""
    script = BASE_DIR / "reviewengine" / "embedded" / "install.py"
    environment = {**os.environ, "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    command = [sys.executable, "-I", script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_what_is_installed_already_takes_no_time_and_no_words(tmp_path, pins):
    venv = tmp_path / "venv"
    venv.mkdir()
    install.write_stamp(venv / "installed-requirements", install.digest_of([pins]))
    found = run(venv, pins)

    assert (found.returncode, found.stdout, found.stderr) == (0, "", "")


def test_changed_pins_are_noticed(pins):
    before = install.digest_of([pins])
    pins.write_text("another-package==1.0\n")

    assert install.digest_of([pins]) != before


@pytest.mark.slow
def test_a_failed_installation_says_what_pip_said_and_is_tried_again_next_time(tmp_path, pins):
    found = run(tmp_path / "venv", pins)

    assert found.returncode == 1
    assert "No matching distribution found for no-such-package==1.0" in found.stderr
    assert found.stderr.endswith(
        "Check the network and the free space of this disk, then run the same command again.\n"
    )
    assert (tmp_path / "venv" / "bin" / "python").exists()
    assert not (tmp_path / "venv" / "installed-requirements").exists()


def test_an_old_python_is_told_which_one_is_needed(monkeypatch, capsys, tmp_path, pins):
    monkeypatch.setattr(install, "OLDEST_PYTHON", (9, 0))

    assert install.main([str(tmp_path / "venv"), str(pins)]) == 1
    assert "Python 3.11 or newer is needed, this is 3." in capsys.readouterr().err
