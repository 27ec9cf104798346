"""The rejection of somebody whom many people read counts only when a second person agrees."""

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from moderation.enums import CaseStatus, ContentStatus, HoldKind, HoldStatus, Outcome
from moderation.models import AuditEntry, Content, Decision, DecisionHold, Note, ReviewCase
from moderation.review.claims import claim_next
from moderation.review.holds import HoldEnded, confirm, release_due_holds, withdraw
from moderation.review.refusals import ActRefused
from moderation.review.second_person import decide_otherwise, send_back, waiting_for_second
from tests import factories
from tests.moderation.review.test_holds import LATER, decide

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(alice) -> Decision:
    """Alice's rejection of somebody who reaches 200,000 people."""
    author = factories.AuthorFactory(reach=200_000)
    factories.CaseFactory(content=factories.InReviewContentFactory(author=author, client=author.client))
    return decide(claim_next(moderator=alice), alice, label="spam", reasoning="Spam").decision


def test_rejection_waits_however_long_it_takes(held, senior):
    hold = DecisionHold.objects.get()
    assert (hold.kind, hold.status, hold.release_at) == (HoldKind.SECOND_PERSON, HoldStatus.HELD, None)
    assert release_due_holds(now=timezone.now() + 1000 * LATER) == 0
    assert Content.objects.get().status == ContentStatus.IN_REVIEW
    assert list(waiting_for_second(person=senior)) == [hold]


def test_approval_and_smaller_reach_wait_for_nobody(alice, review_options):
    for reach, outcome in ((200_000, Outcome.APPROVE), (99_999, Outcome.REJECT), (None, Outcome.REJECT)):
        author = factories.AuthorFactory(reach=reach)
        factories.CaseFactory(content=factories.InReviewContentFactory(author=author, client=author.client))
        assert decide(claim_next(moderator=alice), alice, outcome).hold is None
    review_options(second_person_reach=0)
    author = factories.AuthorFactory(reach=1_000_000)
    factories.CaseFactory(content=factories.InReviewContentFactory(author=author, client=author.client))
    assert decide(claim_next(moderator=alice), alice).hold is None


def test_confirmed_rejection_counts_and_names_both(held, senior):
    confirm(decision=held, person=senior)
    case = held.hold.case
    case.refresh_from_db()
    assert (Content.objects.get().decision, case.status) == (Outcome.REJECT, CaseStatus.RESOLVED)
    assert DecisionHold.objects.get().ended_by == senior
    assert AuditEntry.objects.get(action="decision.released").actor == "user:senior"


def test_first_person_never_confirms_their_own(senior, alice):
    author = factories.AuthorFactory(reach=200_000)
    factories.CaseFactory(content=factories.InReviewContentFactory(author=author, client=author.client))
    own = decide(claim_next(moderator=senior), senior).decision
    for act in (confirm, lambda **who: send_back(**who, note="No")):
        with pytest.raises(PermissionDenied, match="your own"):
            act(decision=own, person=senior)


def test_moderator_without_the_right_cannot_confirm(held, bob):
    with pytest.raises(PermissionDenied):
        confirm(decision=held, person=bob)
    assert held not in Decision.objects.in_effect()


def test_senior_of_other_queues_cannot_confirm(held, senior, auditor):
    held.hold.case.queue.groups.set(auditor.groups.all())
    with pytest.raises(PermissionDenied):
        confirm(decision=held, person=senior)
    assert not waiting_for_second(person=senior).exists()


def test_second_person_decides_otherwise_and_that_counts(held, senior):
    resolution = decide_otherwise(decision=held, person=senior, outcome=Outcome.APPROVE, reasoning="A joke.")
    case = resolution.case
    case.refresh_from_db()
    assert (case.status, case.decision) == (CaseStatus.RESOLVED, resolution.decision)
    assert Content.objects.get().decision == Outcome.APPROVE
    assert held not in Decision.objects.in_effect()


def test_other_words_for_a_rejection_wait_for_no_third_person(held, senior):
    resolution = decide_otherwise(decision=held, person=senior, outcome=Outcome.REJECT, label="hate", reasoning="Hate")
    assert (resolution.hold, Content.objects.get().decision) == (None, Outcome.REJECT)


def test_the_same_again_is_to_be_confirmed(held, senior):
    with pytest.raises(ActRefused, match="confirm"):
        decide_otherwise(decision=held, person=senior, outcome=Outcome.REJECT, label="spam", reasoning="Spam")
    assert DecisionHold.objects.get().status == HoldStatus.HELD


def test_sent_back_case_is_open_for_everybody_with_a_note(held, senior, bob):
    send_back(decision=held, person=senior, note="Read the thread first.")
    case = claim_next(moderator=bob)
    assert (case, case.status, case.decision) == (held.hold.case, CaseStatus.OPEN, None)
    assert Note.objects.get().text == "Read the thread first."


def test_first_person_may_take_it_back_until_then(held, alice, senior):
    assert withdraw(decision=held, person=alice).claimed_by == alice
    with pytest.raises(HoldEnded):
        confirm(decision=held, person=senior)


def test_claim_does_not_stand_in_for_the_level(alice):
    case = factories.CaseFactory(level=2, claimed_by=alice, **_claim())
    with pytest.raises(PermissionDenied):
        decide(case, alice, Outcome.APPROVE)
    assert ReviewCase.objects.get().status == CaseStatus.OPEN


def _claim() -> dict:
    now = timezone.now()
    return {"claimed_at": now, "lease_token": uuid4(), "lease_expires_at": now + LATER}
