"""Whoever is asked a second time sees what the first one saw, and nothing of what that one said."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.enums import CaseSource, ContentStatus, Outcome
from moderation.models import AuditEntry, Content, Note, QualityReview, ReviewCase
from moderation.review.claims import claim_case
from moderation.review.golden import add_golden_case
from moderation.review.leases import release_case
from moderation.review.notes import add_note
from moderation.review.resolve import resolve_case
from reviewengine import conf
from tests import factories

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# What changes from one request to the next, whatever is shown.
VOLATILE = re.compile(r'(name="csrfmiddlewaretoken" value|datetime|data-started|nonce)="[^"]*"')
WORDS = "Calls the cook names."


def _plain(answer) -> str:
    """The page without ids, tokens and times."""
    assert answer.status_code == 200
    return VOLATILE.sub(r'\1=""', UUID.sub("ID", answer.content.decode()))


@pytest.fixture
def case(db):
    queue = factories.QueueFactory(double_percent=100)
    return factories.CaseFactory(queue=queue, opened_at=timezone.now() - timedelta(hours=3), priority=60)


@pytest.fixture
def page_before(signed_in, case, bob):
    """What Bob saw of the case before anybody had decided it; he gave it back."""
    page = _plain(_next(signed_in(bob)))
    case.refresh_from_db()
    release_case(case_id=case.pk, moderator=bob, lease_token=case.lease_token)
    return page


@pytest.fixture
def double(page_before, case, alice):
    """Alice has decided the case since, and left a note."""
    held = claim_case(case_id=case.pk, moderator=alice)
    add_note(writer=alice, text="Clearly an insult to me.", content=case.content)
    resolve_case(
        case_id=case.pk,
        moderator=alice,
        lease_token=held.lease_token,
        content_version=1,
        outcome=Outcome.REJECT,
        reasoning=WORDS,
        private_note="Again this author.",
    )
    AuditEntry.objects.filter(action="content.viewed").update(created_at=timezone.now() - timedelta(hours=1))
    return ReviewCase.objects.measuring().get()


def _next(client):
    return client.get(reverse("admin:review_next"))


def test_page_is_the_same_as_before_the_decision(signed_in, double, page_before, bob):
    assert _plain(_next(signed_in(bob))) == page_before


def test_page_names_neither_the_first_person_nor_their_words(signed_in, double, bob):
    page = _next(signed_in(bob)).content.decode()
    assert str(double.pk) in page
    for said in ("alice", WORDS, "Again this author.", "Clearly an insult", "double"):
        assert said not in page


def test_other_pages_keep_the_decision_too(signed_in, double, case, bob):
    client = signed_in(bob)
    _next(client)
    content = client.get(reverse("admin:moderation_content_change", args=[double.content_id])).content.decode()
    decisions = client.get(reverse("admin:moderation_decision_changelist")).content.decode()
    cases = client.get(reverse("admin:moderation_reviewcase_changelist")).content.decode()
    for page in (content, decisions, cases):
        assert WORDS not in page
        assert "alice" not in page
    assert f"/{double.pk}/" in cases
    assert f"/{case.pk}/" not in cases


def test_first_case_cannot_be_read_meanwhile(signed_in, double, case, bob):
    client = signed_in(bob)
    _next(client)
    assert client.get(reverse("admin:review_read", args=[case.pk])).status_code == 403


def test_content_page_says_what_it_is_once_it_is_answered(signed_in, double, bob):
    client = signed_in(bob)
    _next(client)
    double.refresh_from_db()
    form = {"lease_token": double.lease_token, "content_version": 1, "outcome": "approve"}
    client.post(reverse("admin:review_decide", args=[double.pk]), form)
    page = client.get(reverse("admin:moderation_content_change", args=[double.content_id])).content.decode()
    assert WORDS in page


@pytest.fixture
def ten_seconds(monkeypatch):
    """The time in which a decision can be undone."""
    options = conf.load()
    review = options.review.model_copy(update={"undo_seconds": 10})
    monkeypatch.setattr(conf, "load", lambda: options.model_copy(update={"review": review}))


def test_answer_is_undone_like_a_decision(signed_in, double, bob, ten_seconds):
    client = signed_in(bob)
    _next(client)
    double.refresh_from_db()
    form = {"lease_token": double.lease_token, "content_version": 1, "outcome": "reject", "words": "Rude to the cook."}
    page = client.post(reverse("admin:review_decide", args=[double.pk]), form, follow=True).content.decode()
    review = QualityReview.objects.get()
    assert f'name="decision" value="{review.pk}"' in page
    answer = client.post(reverse("admin:review_undo", args=[double.pk]), {"decision": review.pk})
    assert "Rude to the cook." in answer.content.decode()
    assert not QualityReview.objects.exists()
    double.refresh_from_db()
    assert (double.status, double.claimed_by) == ("open", bob)


def test_undone_answer_gives_back_the_case_that_was_opened_meanwhile(signed_in, double, bob, ten_seconds):
    client = signed_in(bob)
    _next(client)
    double.refresh_from_db()
    opened = factories.CaseFactory()
    form = {"lease_token": double.lease_token, "content_version": 1, "outcome": "approve"}
    client.post(reverse("admin:review_decide", args=[double.pk]), form, follow=True)
    opened.refresh_from_db()
    assert opened.claimed_by == bob
    page = {"case": opened.pk, "lease_token": opened.lease_token, "decision": QualityReview.objects.get().pk}
    client.post(reverse("admin:review_undo", args=[double.pk]), page)
    opened.refresh_from_db()
    assert opened.claimed_by is None


def test_answer_of_another_is_not_undone(signed_in, alice, bob, lead, ten_seconds):
    review = factories.DisagreementFactory(first_decision__moderator=alice, moderator=bob)
    answer = signed_in(alice).post(reverse("admin:review_undo", args=[review.case_id]), {"decision": review.pk})
    assert answer.status_code == 404
    assert QualityReview.objects.get() == review


def test_list_of_cases_shows_none_to_moderators(signed_in, double, senior, lead):
    address, row = reverse("admin:moderation_reviewcase_changelist"), f"/{double.pk}/"
    assert row not in signed_in(senior).get(address).content.decode()
    assert row in signed_in(lead).get(address).content.decode()


def test_reported_case_shows_its_reports_and_what_was_in_force(signed_in, alice, bob):
    """Approved by the policy, reported, rejected by Alice: Bob sees it approved and reported."""
    content = factories.DecidedContentFactory()
    approved = factories.PolicyDecisionFactory(content=content)
    rejected = factories.ModeratorDecisionFactory(
        content=content, moderator=alice, outcome=Outcome.REJECT, overrides=approved
    )
    case = _reported(content, rejected)
    Content.objects.filter(pk=content.pk).update(decision=Outcome.REJECT)
    factories.ReportFactory(
        content=content, case=case, comment="He names my mother.", status="upheld", resolved_at=timezone.now()
    )
    factories.DoubleCaseFactory(first_decision=rejected, decided=case)
    page = _next(signed_in(bob)).content.decode()
    assert "He names my mother." in page
    assert "stays in force until you decide" in page
    assert "Rejected" not in page.partition("stays in force until you decide")[0].rpartition("<p>")[2]


def _reported(content, decision):
    now = timezone.now()
    return ReviewCase.objects.create(
        content=content,
        client=content.client,
        content_version=1,
        queue=factories.QueueFactory(),
        source=CaseSource.REPORT,
        status="resolved",
        decision=decision,
        due_at=now,
        resolved_at=now,
    )


def test_golden_case_tells_nothing_of_its_answer(signed_in, case, lead, alice, bob):
    case.queue.golden_percent = 100
    case.queue.save()
    content = factories.DecidedContentFactory(decision=Outcome.REJECT, text="A text of its own.")
    factories.ModeratorDecisionFactory(content=content, moderator=alice, reasoning=WORDS)
    Note.objects.create(subject="content", content=content, writer=alice, text="I made this golden.")
    golden = add_golden_case(
        content_id=content.pk, lead=lead, queue=case.queue, outcome=Outcome.REJECT, explanation="It says so."
    )
    page = _next(signed_in(bob)).content.decode()
    assert golden.content.text in page
    for said in ("alice", WORDS, "golden", "It says so."):
        assert said not in page
    assert Content.objects.get(pk=content.pk).status == ContentStatus.DECIDED
