"""Whom a case waits for: on hold, handed over, given back, assigned by a lead."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from moderation.enums import CaseSource
from moderation.models import AuditEntry, ModeratorSettings, ReviewCase
from moderation.review.assignments import candidates, hand_over, hold_case, reassign, take_back_assignment
from moderation.review.claims import claim_case, claim_next
from moderation.review.leases import release_case, skip_case
from moderation.review.refusals import ActRefused
from moderation.review.stale import StaleDecision, StaleReason
from tests import factories

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def case(alice, noon) -> ReviewCase:
    """A case that Alice has."""
    factories.CaseFactory(priority=10)
    return claim_next(moderator=alice, now=noon)


def _hold(case, moderator, now, **changes):
    facts = {"case_id": case.pk, "moderator": moderator, "lease_token": case.lease_token, "now": now}
    return hold_case(**{**facts, "until": now + HOUR, "reason": "Jan knows the thread", **changes})


def _hand_over(case, moderator, to, now, note="You know the allotment"):
    facts = {"case_id": case.pk, "moderator": moderator, "lease_token": case.lease_token, "now": now}
    return hand_over(**facts, to=to, note=note)


def _entry(action):
    entry = AuditEntry.objects.get(action=action)
    return entry.actor, entry.subject_id, entry.data


def of(case):
    """What every entry about the case says."""
    return {"content": str(case.content_id)}


def test_held_case_goes_to_nobody_until_its_time(alice, bob, case, noon):
    _hold(case, alice, noon)
    case.refresh_from_db()
    assert (case.claimed_by, case.assigned_to, case.assignment_note) == (None, alice, "Jan knows the thread")
    assert claim_next(moderator=alice, now=noon + HOUR - timedelta(seconds=1)) is None
    assert claim_next(moderator=bob, now=noon + HOUR - timedelta(seconds=1)) is None
    assert _entry("case.held") == ("user:alice", str(case.pk), {**of(case), "until": (noon + HOUR).isoformat()})


def test_held_case_comes_back_to_its_holder_before_all_others(alice, bob, case, noon):
    _hold(case, alice, noon)
    urgent = factories.CaseFactory(priority=99)
    assert claim_next(moderator=alice, now=noon + HOUR) == case
    assert claim_next(moderator=bob, now=noon + HOUR) == urgent


def test_holder_who_does_not_come_loses_the_case_to_all(alice, bob, case, noon):
    _hold(case, alice, noon)
    taken = claim_next(moderator=bob, now=noon + 2 * HOUR)
    assert (taken, taken.assigned_to, taken.on_hold_until, taken.assignment_note) == (case, None, None, "")


def test_holder_opens_a_held_case_and_closing_it_keeps_the_hold(alice, bob, case, noon):
    _hold(case, alice, noon)
    opened = claim_case(case_id=case.pk, moderator=alice, now=noon)
    release_case(case_id=case.pk, moderator=alice, lease_token=opened.lease_token)
    with pytest.raises(StaleDecision, match="This case waits for alice") as refusal:
        claim_case(case_id=case.pk, moderator=bob, now=noon)
    assert refusal.value.reason == StaleReason.ASSIGNED


@pytest.mark.parametrize("until", [timedelta(0), timedelta(hours=72, seconds=1)])
def test_hold_for_an_impossible_time_changes_nothing(alice, case, noon, until):
    with pytest.raises(ActRefused, match="up to 72 hours"):
        _hold(case, alice, noon, until=noon + until)
    case.refresh_from_db()
    assert (case.claimed_by, case.assigned_to) == (alice, None)


def test_hold_without_a_reason_asks_for_one(alice, case, noon):
    with pytest.raises(ActRefused, match="Say why"):
        _hold(case, alice, noon, reason="  ")


def test_hold_can_be_ended_early(alice, bob, case, noon):
    _hold(case, alice, noon)
    assert take_back_assignment(case_id=case.pk, moderator=bob, now=noon) is False
    assert take_back_assignment(case_id=case.pk, moderator=alice, now=noon) is True
    assert claim_next(moderator=bob, now=noon) == case
    assert _entry("case.hold_ended") == ("user:alice", str(case.pk), of(case))


def test_handed_over_case_comes_first_to_that_person_and_to_nobody_else(alice, bob, senior, case, noon):
    _hand_over(case, alice, bob, noon)
    urgent = factories.CaseFactory(priority=99, queue=factories.QueueFactory(slug="spam", name="Spam"))
    got = claim_next(moderator=bob, queue=urgent.queue, now=noon)
    assert (got, got.assigned_by, got.assignment_note) == (case, alice, "You know the allotment")
    assert claim_next(moderator=senior, now=noon) == urgent
    assert claim_next(moderator=alice, now=noon) is None
    assert _entry("case.handed_over") == ("user:alice", str(case.pk), {**of(case), "to": "bob"})


def test_handed_over_case_is_everybodys_again_after_a_day(alice, bob, senior, case, noon):
    _hand_over(case, alice, bob, noon)
    assert claim_next(moderator=senior, now=noon + DAY - timedelta(seconds=1)) is None
    assert claim_next(moderator=senior, now=noon + DAY) == case


def test_handed_over_case_can_be_given_back(alice, bob, case, noon):
    _hand_over(case, alice, bob, noon)
    got = claim_next(moderator=bob, now=noon)
    assert take_back_assignment(case_id=got.pk, moderator=bob, now=noon) is True
    assert claim_next(moderator=alice, now=noon) == case
    assert _entry("case.given_back") == ("user:bob", str(case.pk), of(case))


def test_skipping_what_was_handed_over_gives_it_back(alice, bob, case, noon):
    _hand_over(case, alice, bob, noon)
    got = claim_next(moderator=bob, now=noon)
    skip_case(case_id=got.pk, moderator=bob, lease_token=got.lease_token)
    assert claim_next(moderator=bob, now=noon) is None
    assert claim_next(moderator=alice, now=noon) == case


def test_who_skipped_a_case_gets_it_when_it_is_handed_to_them(alice, bob, case, noon):
    ReviewCase.objects.update(skipped_by=[bob.pk])
    _hand_over(case, alice, bob, noon)
    assert claim_next(moderator=bob, now=noon) == case


@pytest.mark.parametrize("person", ["charlie", "auditor"])
def test_who_may_not_decide_gets_nothing(request, alice, case, noon, person):
    with pytest.raises(ActRefused, match="cannot take this case"):
        _hand_over(case, alice, request.getfixturevalue(person), noon)
    case.refresh_from_db()
    assert case.claimed_by == alice


def test_what_somebody_does_not_take_is_refused_without_saying_so(alice, bob, case, noon):
    ReviewCase.objects.update(categories=["self-harm"])
    ModeratorSettings.objects.create(moderator=bob, opted_out=["self-harm"])
    with pytest.raises(ActRefused, match="bob cannot take this case. Choose somebody else.") as refusal:
        _hand_over(case, alice, bob, noon)
    assert "self-harm" not in str(refusal.value)


def test_candidates_are_those_who_may_decide_it(alice, bob, lead, senior, charlie, auditor, noon):
    closed = factories.QueueFactory(slug="minors", name="Minors", group_names=["lead", "moderator"])
    case = factories.CaseFactory(queue=closed, categories=["sexual/minors"])
    ModeratorSettings.objects.create(moderator=bob, opted_out=["sexual/minors", "spam"])
    factories.ModeratorFactory(username="gone", is_active=False)
    assert list(candidates(case=case, moderator=alice)) == [lead]
    case.level = 2
    assert list(candidates(case=case, moderator=lead)) == []


def test_a_case_that_measures_quality_is_passed_on_to_the_eye_and_waits_for_anybody(alice, bob, lead, case, noon):
    waits = {"assigned_to": alice, "assigned_until": noon + HOUR}
    ReviewCase.objects.update(source=CaseSource.DOUBLE, **waits)
    _hand_over(case, alice, bob, noon)
    case.refresh_from_db()
    assert (case.status, case.claimed_by, case.assigned_to, case.skipped_by) == ("open", None, None, [alice.pk])
    assert AuditEntry.objects.get(action="case.passed_back").data["wanted"] == "bob"
    assert reassign(case_ids=[case.pk], lead=lead, to=bob, note="") == 0
    case.refresh_from_db()
    assert case.assigned_to is None


def test_a_golden_case_that_is_passed_on_ends_unanswered(alice, bob, case, noon):
    ReviewCase.objects.update(source=CaseSource.GOLDEN, assigned_to=alice, assigned_until=noon + HOUR)
    _hand_over(case, alice, bob, noon)
    case.refresh_from_db()
    assert (case.status, case.assigned_to) == ("cancelled", None)


@pytest.mark.parametrize("act", [_hold, lambda case, moderator, now: _hand_over(case, moderator, moderator, now)])
def test_an_act_under_a_lost_claim_is_refused(alice, bob, case, noon, act):
    claim_case(case_id=case.pk, moderator=bob, now=noon + timedelta(minutes=5))
    with pytest.raises(StaleDecision, match="bob holds it now"):
        act(case, alice, noon)


def test_lead_reassigns_whoever_has_them(alice, bob, senior, lead, noon):
    cases = factories.CaseFactory.create_batch(2)
    taken = claim_next(moderator=alice, now=noon)
    assert reassign(case_ids=[case.pk for case in cases], lead=lead, to=bob, note="Yours", now=noon) == 2
    with pytest.raises(StaleDecision):
        skip_case(case_id=taken.pk, moderator=alice, lease_token=taken.lease_token)
    assert claim_next(moderator=senior, now=noon) is None
    assert claim_next(moderator=bob, now=noon) == taken
    entries = AuditEntry.objects.filter(action="case.reassigned", actor="user:lead")
    assert sorted(entry.data.get("held_by", 0) for entry in entries) == [0, alice.pk]


def test_moderator_reassigns_nothing(alice, bob, case, noon):
    with pytest.raises(PermissionDenied):
        reassign(case_ids=[case.pk], lead=bob, to=bob, note="", now=noon)


def test_reassigning_to_who_cannot_take_one_of_them_changes_none(alice, bob, lead, noon):
    factories.CaseFactory()
    closed = factories.CaseFactory(queue=factories.QueueFactory(slug="minors", name="Minors", group_names=["lead"]))
    with pytest.raises(ActRefused):
        reassign(case_ids=list(ReviewCase.objects.values_list("pk", flat=True)), lead=lead, to=bob, note="", now=noon)
    assert not ReviewCase.objects.exclude(assigned_to=None).exists()
    assert closed.assigned_to is None
