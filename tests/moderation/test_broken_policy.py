"""A policy in force that this release cannot compile: its contents go to people, and the others are judged as ever."""

import logging

import pytest
from django.core.management import CommandError, call_command

from moderation import checks
from moderation.in_force import active_policies, apply_policy, forget_standing
from moderation.models import Content, Policy, PolicyVersion, ReviewCase
from moderation.pipeline import drain
from moderation.scoring import score_texts
from tests.factories import ContentFactory

pytestmark = pytest.mark.django_db
MILD = "See you at the lake on Sunday!"
LENIENT = """\
version: 1
policy: lenient
rules: [{name: spam, when: {category: spam, at_least: 1}, then: review}]
default: approve
"""
BROKEN = "version: 1\npolicy: forum\nrules:\n  - {name: odd, when: {weather: fine}, then: reject}\ndefault: approve\n"


@pytest.fixture
def broken():
    """As an older release stored it, whose rules were less strict."""
    active_policies()
    policy = Policy.objects.create(slug="forum")
    store_raw(policy, number=1)
    forget_standing()
    yield policy
    forget_standing()


def store_raw(policy: Policy, number: int) -> None:
    policy.active_version = PolicyVersion.objects.create(policy=policy, number=number, source=BROKEN, digest="0" * 64)
    policy.save()


def test_its_contents_go_to_a_person_and_the_others_are_judged(broken):
    lenient, _ = apply_policy(source=LENIENT, actor="user:lead")
    waits = ContentFactory(text=MILD, policy=broken)
    goes = ContentFactory(text=MILD, policy=lenient.policy)
    drain()
    result = waits.results.get()
    assert (result.outcome, result.rule, result.reasons[0]["code"]) == ("review", "policy_broken", "policy_broken")
    assert result.policy_version == broken.active_version
    case = ReviewCase.objects.get()
    assert (case.content, case.queue.slug, case.priority) == (waits, "general", 70)
    assert goes.results.get().rule == "default"
    assert Content.objects.get(pk=goes.pk).decision == "approve"


def test_a_broken_default_stops_nobody(broken):
    store_raw(Policy.objects.get(slug="default"), number=2)
    content = ContentFactory(text=MILD)
    drain()
    assert content.results.get().rule == "policy_broken"


def test_a_stateless_call_is_answered_a_review(broken):
    (scored,) = score_texts([MILD], client_id=None, policy_id=broken.pk)
    assert (scored.verdict.outcome, scored.verdict.rule, scored.policy) == ("review", "policy_broken", "forum@1")


def test_the_log_names_the_policy_and_its_faults_once(broken, caplog):
    with caplog.at_level(logging.ERROR, logger="moderation.in_force"):
        active_policies()
        active_policies()
    (line,) = caplog.records
    assert (line.message, line.policy) == ("policy.broken", "forum")
    assert "weather" in line.faults[0]


def test_the_check_of_the_database_names_its_faults(broken):
    assert checks.check_policies_in_force() == []
    (warning,) = checks.check_policies_in_force(databases=["default"])
    assert warning.id == "moderation.W006"
    assert "forum@1: line 4" in warning.msg
    assert "policy_apply" in warning.hint


def test_a_check_of_sound_policies_says_and_stores_nothing():
    assert checks.check_policies_in_force(databases=["default"]) == []
    assert not Policy.objects.exists()


def test_an_evaluation_by_it_says_what_is_wrong(broken, tmp_path):
    file = tmp_path / "mild.jsonl"
    file.write_text('{"text": "See you on Sunday!", "label": 0}\n')
    with pytest.raises(CommandError, match="forum: line 4"):
        call_command("evaluate", "--policy", "forum", "--label", "spam", str(file))
