"""`manage.py policy_check`: faults by line and exit status 1, or what the policy does."""

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from moderation.models import HashBank, TermList
from tests import factories

pytestmark = pytest.mark.django_db
GOOD = """\
version: 1
policy: mine
rules:
  - {name: spam, when: {category: spam, at_least: 0.9}, then: reject}
  - {name: hate, when: {category: hate, at_least: 0.6}, then: review, queue: hate}
default: approve
"""


@pytest.fixture
def document(tmp_path):
    """Writes a document and answers its path."""

    def write(text, name="policy.yml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return str(path)

    return write


def test_a_good_document_is_summed_up(document, capsys):
    path = document(GOOD)
    call_command("policy_check", path)
    summary = "Policy 'mine': 2 rules (1 reject, 1 review), default approve; queues general, hate."
    assert capsys.readouterr().out == f"{path}: OK. {summary}\n"


def test_faults_are_printed_by_line_and_the_command_fails(document, capsys):
    path = document(GOOD.replace("at_least", "at_leats", 1).replace("review", "revue"))
    with pytest.raises(CommandError, match=r"^1 of 1 documents cannot be used\.$"):
        call_command("policy_check", path)
    assert capsys.readouterr().err == (
        f"{path}: line 4: rule 'spam': 'at_leats' is not known here; did you mean 'at_least'?\n"
        f"{path}: line 5: rule 'hate': 'revue' is not known here; did you mean 'review'?\n"
    )


def test_every_document_is_checked_even_after_a_faulty_one(document, capsys):
    faulty, good = document("nothing", "a.yml"), document(GOOD, "b.yml")
    with pytest.raises(CommandError, match=r"^1 of 2 documents"):
        call_command("policy_check", faulty, good)
    assert f"{good}: OK." in capsys.readouterr().out


def test_a_warning_is_shown_and_the_document_accepted(document, capsys):
    path = document(GOOD.replace("rules:\n", "rules:\n  - {name: all, then: review}\n"))
    call_command("policy_check", path)
    captured = capsys.readouterr()
    assert f"{path}: warning: line 5: rule 'spam' can never decide" in captured.err
    assert f"{path}: OK." in captured.out


def test_names_that_the_site_does_not_have_are_warned_of(document, capsys):
    factories.QueueFactory()
    TermList.objects.create(name="brands", category="spam", terms=["soup"], enabled=False)
    HashBank.objects.create(name="logos")
    rules = "  - {name: a, when: {any: [{term_list: [brands]}, {not: {hash_bank: [logos, known]}}]}, then: review}\n"
    path = document(GOOD.replace("rules:\n", f"rules:\n{rules}"))
    call_command("policy_check", path)
    assert capsys.readouterr().err == (
        f"{path}: warning: the review queue 'hate' is new: look at its due time and its groups\n"
        f"{path}: warning: there is no enabled term list 'brands': conditions on it never hold\n"
        f"{path}: warning: there is no enabled hash bank 'known': conditions on it never hold\n"
    )


def test_a_document_is_checked_without_a_database(document, capsys, monkeypatch):
    def away(policy):
        raise OperationalError("nobody listens")

    monkeypatch.setattr("moderation.management.commands.policy_check.unknown_names", away)
    path = document(GOOD)
    call_command("policy_check", path)
    captured = capsys.readouterr()
    assert "without the database nobody can say" in captured.err
    assert f"{path}: OK." in captured.out


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match=r"Cannot read .*absent\.yml: No such file or directory\."):
        call_command("policy_check", str(tmp_path / "absent.yml"))


def test_a_file_that_is_not_utf8_is_named(document):
    with pytest.raises(CommandError, match=r"is not UTF-8 text \(byte 0\)"):
        call_command("policy_check", document(b"\xff\xfe"))
