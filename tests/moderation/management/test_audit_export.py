"""The record leaves as a file, and the file is verified without the database's help."""

import json

import pytest
from django.core.management import CommandError, call_command

from moderation.audit import head_of_chain, record_audit
from moderation.models import AuditEntry

pytestmark = pytest.mark.django_db


@pytest.fixture
def exported(tmp_path):
    """A file of three entries and of the one that its own export left."""
    for actor in ("user:alice", "user:bob", "user:alice"):
        record_audit(action="soup.cooked", actor=actor, subject_type="soup", subject_id=1, data={"salt": "grün"})
    file = tmp_path / "audit.jsonl"
    call_command("audit_export", output=file)
    return file


def test_a_whole_file_is_verified(exported, capsys):
    call_command("audit_verify", file=exported)
    assert "4 entries, 1 to 4 (the whole chain" in capsys.readouterr().out


def test_a_selection_says_that_it_is_one(exported, tmp_path, capsys):
    file = tmp_path / "alice.jsonl"
    call_command("audit_export", output=file, actor="user:alice")
    call_command("audit_verify", file=file)
    assert "2 entries, 1 to 3 (a selection" in capsys.readouterr().out


@pytest.mark.parametrize("damage", ["change", "swap", "drop the link", "twice", "noise"])
def test_damage_is_found(exported, damage, capsys):
    lines = exported.read_text().splitlines()
    if damage == "change":
        lines[1] = lines[1].replace("user:bob", "user:eve")
    elif damage == "swap":
        other = json.loads(lines[1])
        lines[1] = json.dumps({**other, "sequence": 3})
    elif damage == "drop the link":
        forged = json.loads(lines[0])
        lines[0] = json.dumps(_rehashed(forged))
    else:
        lines.append(lines[0] if damage == "twice" else "soup")
    exported.write_text("\n".join(lines))
    with pytest.raises(CommandError, match="Faults found"):
        call_command("audit_verify", file=exported)
    assert capsys.readouterr().err


def _rehashed(line: dict) -> dict:
    import hashlib

    sealed = line["sealed"].replace("user:alice", "user:eve")
    return {**line, "sealed": sealed, "hash": hashlib.sha256(sealed.encode()).hexdigest()}


def test_a_noted_head_has_to_be_there_still(exported, capsys):
    sequence, digest = head_of_chain()
    call_command("audit_verify", expect=f"{sequence}:{digest}")
    assert f"Head: {sequence}:{digest}" in capsys.readouterr().out
    # Whoever rewrites the whole chain makes it whole again, but not with the hash that was noted.
    AuditEntry.objects.update(sequence=None, hash="", previous_hash="", actor="user:eve")
    call_command("audit_verify")
    with pytest.raises(CommandError):
        call_command("audit_verify", expect=f"{sequence}:{digest}")


@pytest.mark.parametrize("options", [{"content": "soup"}, {"since": "yesterday"}])
def test_what_cannot_be_meant_is_refused(options):
    with pytest.raises(CommandError):
        call_command("audit_export", **options)


def test_a_file_that_exists_is_not_overwritten(exported):
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("audit_export", output=exported)
