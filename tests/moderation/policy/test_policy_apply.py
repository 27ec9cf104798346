"""`manage.py policy_apply`: a new immutable version in force, and nothing at all for the same text or a fault."""

import hashlib

import pytest
from django.core.management import CommandError, call_command

from moderation.models import AuditEntry, Policy, PolicyVersion, ReviewQueue
from tests import factories

SOURCE = """\
version: 1
policy: mine
rules:
  - {name: spam, when: {category: spam, at_least: 0.9}, then: reject}
default: approve
"""


@pytest.fixture
def document(tmp_path, db):
    factories.QueueFactory(slug="general")
    path = tmp_path / "mine.yml"
    path.write_text(SOURCE)
    return path


def apply(path, *options):
    call_command("policy_apply", str(path), "--by", "alice", *options)


def test_a_document_becomes_a_version_in_force(document, capsys):
    apply(document)
    version = Policy.objects.get(slug="mine").active_version
    digest = hashlib.sha256(SOURCE.encode()).hexdigest()
    assert (version.number, version.source, version.digest, version.created_by) == (1, SOURCE, digest, "alice")
    assert capsys.readouterr().out == (
        "mine version 1 is in force. Policy 'mine': 1 rule (1 reject), default approve; queues general.\n"
    )


def test_an_audit_entry_says_who_applied_what(document):
    apply(document)
    entry = AuditEntry.objects.get(action="policy.activated", subject_id="mine")
    assert (entry.actor, entry.data["number"]) == ("user:alice", 1)


def test_the_same_text_makes_no_new_version(document, capsys):
    apply(document)
    apply(document)
    assert PolicyVersion.objects.filter(policy__slug="mine").count() == 1
    assert capsys.readouterr().out.endswith("Unchanged: mine version 1 has this text and is in force already.\n")


def test_a_changed_text_is_a_new_version_and_the_old_one_stays(document):
    apply(document)
    document.write_text(SOURCE.replace("0.9", "0.95"))
    apply(document)
    policy = Policy.objects.get(slug="mine")
    assert (policy.active_version.number, policy.versions.get(number=1).source) == (2, SOURCE)


def test_an_earlier_text_can_be_put_in_force_again(document):
    for limit in ("0.9", "0.95", "0.9"):
        document.write_text(SOURCE.replace("0.9", limit))
        apply(document)
    assert Policy.objects.get(slug="mine").active_version.number == 3


def test_a_faulty_document_changes_nothing(document):
    document.write_text(SOURCE.replace("spam, at", "spma, at"))
    with pytest.raises(
        CommandError, match=r"line 4: rule 'spam': 'spma' is not known here(.|\n)*Nothing was changed\."
    ):
        apply(document)
    assert not Policy.objects.filter(slug="mine").exists()


def test_a_document_of_another_policy_is_refused(document):
    with pytest.raises(CommandError, match=r"is of policy 'mine', not 'default'\. Nothing was changed\."):
        apply(document, "--policy", "default")
    assert not Policy.objects.filter(slug="mine").exists()


def test_a_new_queue_is_made_and_a_list_that_does_not_exist_is_warned_of(document, capsys):
    rule = "  - {name: list, when: {term_list: brands}, then: review, queue: brand-safety}\n"
    document.write_text(SOURCE.replace("default:", f"{rule}default:"))
    apply(document)
    warnings = capsys.readouterr().err
    assert "the review queue 'brand-safety' is new: look at its due time and its groups" in warnings
    assert ReviewQueue.objects.filter(slug="brand-safety").exists()
    assert "there is no enabled term list 'brands': conditions on it never hold" in warnings
