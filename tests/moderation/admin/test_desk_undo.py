"""Taking back at the desk: the line with the seconds, the case with what was typed, and what is said too late."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.enums import CaseStatus, ContentStatus, Outcome
from moderation.models import Content, Decision, ReviewCase
from moderation.review.claims import claim_next
from moderation.review.holds import release_due_holds
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ten_seconds(review_options):
    review_options(undo_seconds=10)


@pytest.fixture
def desk(signed_in, alice):
    return signed_in(alice)


@pytest.fixture
def case(alice) -> ReviewCase:
    factories.CaseFactory()
    return claim_next(moderator=alice)


def decide(desk, case, **changes):
    facts = {"lease_token": case.lease_token, "content_version": 1, "outcome": "reject", "reason": "spam"}
    facts |= {"words": "Please stop.", "private_note": "Second time.", "queue": ""} | changes
    return desk.post(reverse("admin:review_decide", args=[case.pk]), facts, follow=True)


def undo(desk, case, decision):
    address = reverse("admin:review_undo", args=[case.pk])
    return desk.post(address, {"decision": str(decision.pk), "queue": ""}, follow=True)


def test_next_page_offers_to_undo(desk, case):
    page = decide(desk, case).content.decode()
    assert f'action="{reverse("admin:review_undo", args=[case.pk])}" data-seconds="' in page
    assert "Rejected" in page
    assert Decision.objects.get(source="moderator").label == "spam"


def test_undo_shows_the_case_with_what_was_typed(desk, case, alice):
    decide(desk, case)
    page = undo(desk, case, Decision.objects.get(source="moderator")).content.decode()
    case.refresh_from_db()
    assert (case.status, case.claimed_by) == (CaseStatus.OPEN, alice)
    assert 'value="spam" data-key="8" aria-keyshortcuts="8" checked' in page
    assert "Please stop.</textarea>" in page
    assert "Second time.</textarea>" in page
    assert "data-seconds" not in page


def test_second_click_on_undo_shows_the_case(desk, case):
    decide(desk, case)
    decision = Decision.objects.get(source="moderator")
    undo(desk, case, decision)
    assert undo(desk, case, decision).status_code == 200
    assert ReviewCase.objects.get().status == CaseStatus.OPEN


def test_late_undo_changes_nothing_and_offers_to_decide_anew(desk, case):
    decide(desk, case)
    release_due_holds(now=timezone.now() + timedelta(minutes=1))
    answer = undo(desk, case, Decision.objects.get(source="moderator"))
    page = answer.content.decode()
    assert (answer.status_code, "counts already" in page) == (409, True)
    assert reverse("admin:review_override", args=[case.content_id]) in page
    assert Content.objects.get().decision == Outcome.REJECT


def test_nobody_undoes_for_another(desk, case, signed_in, bob):
    decide(desk, case)
    assert undo(signed_in(bob), case, Decision.objects.get(source="moderator")).status_code == 403
    assert ReviewCase.objects.get().status == CaseStatus.DECIDED


def test_deciding_anew_is_recorded_and_told_of(desk, alice):
    content = factories.ResolvedCaseFactory().content
    address = reverse("admin:review_override", args=[content.pk])
    first = Decision.objects.get(source="moderator")
    assert "In force: approved" in desk.get(address).content.decode()
    facts = {"content_version": 1, "expected": str(first.pk), "reason": "hate", "words": "", "private_note": ""}
    page = desk.post(address, {**facts, "outcome": "reject"}, follow=True).content.decode()
    second = Decision.objects.get(moderator=alice)
    assert (second.label, second.overrides, "can be undone" in page) == ("hate", first, True)
    assert "data-seconds" in page
    release_due_holds(now=timezone.now() + timedelta(minutes=1))
    content.refresh_from_db()
    assert (content.status, content.decision) == (ContentStatus.DECIDED, Outcome.REJECT)


def test_undone_override_leaves_what_was_decided(desk, alice):
    content = factories.ResolvedCaseFactory().content
    first = Decision.objects.get(source="moderator")
    address = reverse("admin:review_override", args=[content.pk])
    facts = {"content_version": 1, "expected": str(first.pk), "words": "No.", "outcome": "reject"}
    desk.post(address, facts)
    second = Decision.objects.get(moderator=alice)
    undo(desk, second.case, second)
    content.refresh_from_db()
    assert (content.decision, ReviewCase.objects.get(source="person").status) == ("approve", CaseStatus.CANCELLED)


def test_override_of_what_was_decided_meanwhile_is_refused_with_the_words(desk, alice):
    content = factories.ResolvedCaseFactory().content
    address = reverse("admin:review_override", args=[content.pk])
    newest = factories.ModeratorDecisionFactory(content=content)
    facts = {"content_version": 1, "expected": "", "words": "No, keep me.", "outcome": "reject"}
    facts["expected"] = str(Decision.objects.exclude(pk=newest.pk).filter(source="moderator").get().pk)
    answer = desk.post(address, facts)
    assert (answer.status_code, "No, keep me." in answer.content.decode()) == (409, True)
    assert not Decision.objects.filter(moderator=alice).exists()


@pytest.mark.parametrize("outcome", ["approve", "reject"])
def test_override_asks_for_a_reason(desk, outcome):
    content = factories.ResolvedCaseFactory().content
    address = reverse("admin:review_override", args=[content.pk])
    assert desk.post(address, {"content_version": 1, "outcome": outcome, "words": ""}).status_code == 400


def test_content_with_a_case_is_decided_there(desk, case):
    address = reverse("admin:review_override", args=[case.content_id])
    facts = {"content_version": 1, "words": "No.", "outcome": "reject"}
    answer = desk.post(address, facts)
    assert (answer.status_code, "decide it there" in answer.content.decode()) == (409, True)
