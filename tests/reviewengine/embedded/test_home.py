"""A home is private, held by one supervisor, and a reset deletes what is ours and nothing else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reviewengine.embedded import urls
from reviewengine.embedded.errors import StackError
from reviewengine.embedded.home import Home

HOLD = "import sys, pathlib; from reviewengine.embedded.home import Home; f = Home(pathlib.Path(sys.argv[1])).lock()"


def test_everything_in_a_home_is_for_its_owner_alone(home):
    folders = [home.root, home.run, home.logs, home.valkey_data, urls.password_file(home.root).parent]

    assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700] * 5
    assert urls.password_file(home.root).stat().st_mode & 0o777 == 0o600


def test_the_password_stays_from_start_to_start(home):
    before = urls.password_file(home.root).read_text()
    home.prepare()

    assert urls.password_file(home.root).read_text() == before


def test_a_second_supervisor_is_refused_and_told_who_holds_the_home(home):
    with home.lock(), pytest.raises(StackError, match=rf"already runs on {home.root} \(process {os.getpid()}\)"):
        home.lock()


def test_the_lock_of_a_dead_process_is_free(home):
    subprocess.run([sys.executable, "-c", HOLD + "; import os; os._exit(9)", home.root], check=False)

    home.lock().close()


def test_a_home_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(StackError, match=r"file/home cannot be written: Not a directory\. Set REVIEWENGINE_HOME"):
        Home(tmp_path / "file" / "home").prepare()


def test_a_folder_in_the_temp_dir_that_another_user_made_is_refused(monkeypatch, tmp_path):
    theirs = tmp_path / "sockets"
    theirs.mkdir()
    monkeypatch.setattr(urls, "socket_dir", lambda root: theirs)
    monkeypatch.setattr(os, "getuid", lambda: 12345)

    with pytest.raises(StackError, match="belongs to another user"):
        Home(tmp_path / "home").prepare()


def test_a_reset_removes_the_home(home):
    (home.root / "postgres").mkdir()

    assert home.remove() == []
    assert not home.root.exists()


def test_a_reset_keeps_what_review_engine_did_not_make(home):
    (home.root / "letters").mkdir()

    assert home.remove() == ["letters"]
    assert [path.name for path in home.root.iterdir()] == ["letters"]


def test_a_reset_is_refused_while_the_stack_runs(home):
    with home.lock(), pytest.raises(StackError, match="already runs"):
        home.remove()
    assert home.logs.exists()


def test_a_reset_of_a_home_that_never_was_does_nothing():
    assert Home(Path("/nowhere/at/all")).remove() == []
