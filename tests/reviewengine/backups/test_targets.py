"""The contract that every backup target keeps. Add a new kind of target to TARGETS."""

import pytest

from reviewengine.backups.errors import BackupError
from reviewengine.backups.targets import registry
from reviewengine.backups.targets.local import LocalTarget

TARGETS = [("local", {"path": "kept"})]


@pytest.fixture(params=TARGETS, ids=lambda target: target[0])
def target(request, folder):
    kind, options = request.param
    return registry.TARGETS[kind].build("mine", options)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "source"
    path.write_bytes(b"content" * 100_000)
    return path


def test_what_is_stored_is_fetched_again(target, file, tmp_path):
    target.store(file, "a.dump")
    target.fetch("a.dump", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == file.read_bytes()


def test_the_list_names_files_and_sizes(target, file):
    target.store(file, "a.dump")
    assert target.list() == {"a.dump": 700_000}


def test_a_new_target_is_empty(target):
    assert target.list() == {}


def test_storing_again_replaces(target, file):
    target.store(file, "a.dump")
    file.write_bytes(b"new")
    target.store(file, "a.dump")
    assert target.list() == {"a.dump": 3}


def test_deleting_twice_is_no_error(target, file):
    target.store(file, "a.dump")
    target.delete("a.dump")
    target.delete("a.dump")
    assert target.list() == {}


def test_fetching_what_is_not_there_is_named(target, tmp_path):
    with pytest.raises(BackupError, match=r"Backup target 'mine' has no file gone\.dump\. See backup_list\."):
        target.fetch("gone.dump", tmp_path / "copy")


@pytest.mark.parametrize("name", ["../out", "a/b", ".."])
def test_a_name_leads_nowhere_else(target, file, name):
    with pytest.raises(BackupError):
        target.store(file, name)


def test_a_store_that_fails_leaves_nothing(target, tmp_path):
    with pytest.raises(BackupError):
        target.store(tmp_path / "absent", "a.dump")
    assert target.list() == {}


def test_a_kind_that_is_not_known_is_named(folder, configure):
    configure(targets={"far": {"kind": "s4"}})
    with pytest.raises(BackupError, match=r"Backup target 'far': kind 's4' is not known\. Known are: local\."):
        registry.find_target("far")


@pytest.mark.parametrize("options", [{}, {"path": ""}, {"path": "x", "bucket": "y"}])
def test_options_of_a_local_target_are_checked(folder, options):
    with pytest.raises(BackupError, match="a local target has one option, 'path'"):
        LocalTarget.build("mine", options)


def test_without_targets_the_mend_is_named(folder, configure):
    configure(targets={})
    with pytest.raises(BackupError, match=r"No backup target is configured\. Add one under backups\.targets"):
        registry.find_target(None)
