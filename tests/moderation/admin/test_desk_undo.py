"""Taking back at the desk: the line with the seconds, the case with what was typed, and what is said too late."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.enums import CaseStatus, ContentStatus, Outcome
from moderation.models import Content, Decision, ReviewCase
from moderation.review.assignments import hold_case
from moderation.review.claims import claim_case, claim_next
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


def undo(desk, case, decision, /, **page):
    address = reverse("admin:review_undo", args=[case.pk])
    return desk.post(address, {"decision": str(decision.pk), "queue": "", **page}, follow=True)


@pytest.fixture
def opened(desk, case) -> ReviewCase:
    """The next case, on whose page Alice is offered to undo what she decided of the first."""
    opened = factories.CaseFactory()
    decide(desk, case)
    opened.refresh_from_db()
    return opened


def undo_at(desk, opened, case, /, **page):
    """Presses U on the page of the opened case."""
    claim = {"case": str(opened.pk), "lease_token": str(opened.lease_token)}
    return undo(desk, case, Decision.objects.get(source="moderator", hold__case=case), **{**claim, **page})


def holder(case):
    case.refresh_from_db()
    return case.claimed_by


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


def test_undo_names_the_case_and_the_claim_of_its_page(desk, case, opened):
    page = desk.get(reverse("admin:review_case", args=[opened.pk])).content.decode()
    opened.refresh_from_db()
    named = page.partition('<fieldset name="opened" hidden>')[2].partition("</fieldset>")[0]
    assert f'name="case" value="{opened.pk}"' in named
    assert f'name="lease_token" value="{opened.lease_token}"' in named
    assert '<fieldset name="opened"' not in desk.get(reverse("admin:review_desk")).content.decode()


def test_undo_gives_back_the_case_that_was_opened_meanwhile(desk, case, opened, alice, bob):
    assert holder(opened) == alice
    undo_at(desk, opened, case)
    assert (holder(case), holder(opened)) == (alice, None)
    assert claim_next(moderator=bob) == opened


def test_undone_override_gives_back_the_opened_case(desk, alice):
    opened, content = factories.CaseFactory(), factories.ResolvedCaseFactory().content
    address = reverse("admin:review_override", args=[content.pk])
    expected = Decision.objects.get(source="moderator").pk
    desk.post(address, {"content_version": 1, "expected": str(expected), "words": "No.", "outcome": "reject"})
    opened = claim_case(case_id=opened.pk, moderator=alice)
    undo_at(desk, opened, ReviewCase.objects.get(source="person"))
    assert holder(opened) is None


@pytest.mark.parametrize("page", [{"case": ""}, {"lease_token": ""}, {"lease_token": str(uuid4())}])
def test_opened_case_stays_theirs_without_its_claim(desk, case, opened, alice, page):
    """Something was typed there, so that the form does not name it; or another tab has claimed it anew."""
    undo_at(desk, opened, case, **page)
    assert (holder(case), holder(opened)) == (alice, alice)


def test_opened_case_that_is_on_hold_stays_on_hold(desk, case, opened, alice, bob):
    later = timezone.now() + timedelta(hours=1)
    hold_case(case_id=opened.pk, moderator=alice, lease_token=opened.lease_token, until=later, reason="Jan knows.")
    opened = claim_case(case_id=opened.pk, moderator=alice)
    undo_at(desk, opened, case)
    opened.refresh_from_db()
    assert (opened.assigned_to, opened.on_hold_until, claim_next(moderator=bob)) == (alice, later, None)


def test_undo_that_comes_too_late_leaves_the_opened_case_theirs(desk, case, opened, alice):
    release_due_holds(now=timezone.now() + timedelta(minutes=1))
    assert undo_at(desk, opened, case).status_code == 409
    assert holder(opened) == alice


def test_second_click_on_undo_gives_nothing_back(desk, case, opened, alice):
    undo_at(desk, opened, case)
    again = claim_case(case_id=opened.pk, moderator=alice)
    assert undo_at(desk, again, case).status_code == 200
    assert holder(opened) == alice


def test_opened_case_of_which_they_know_no_more_keeps_nothing_from_being_undone(desk, case, opened, alice, lead):
    token = opened.lease_token
    closed = factories.QueueFactory(slug="minors", name="Minors", group_names=["lead"])
    ReviewCase.objects.filter(pk=opened.pk).update(queue=closed, claimed_by=lead, lease_token=uuid4())
    opened.lease_token = token
    assert undo_at(desk, opened, case).status_code == 200
    assert (holder(case), holder(opened)) == (alice, lead)
