"""What a moderator does at the desk, posted as the page posts it."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from moderation.enums import ContentStatus, DecisionSource, Outcome
from moderation.models import Content, Decision, ReviewCase
from moderation.review.claims import claim_next
from moderation.review.queue import cancel_cases
from moderation.review.resolve import resolve_case
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(alice) -> ReviewCase:
    """A case that Alice holds."""
    factories.CaseFactory()
    return claim_next(moderator=alice)


@pytest.fixture
def desk(signed_in, alice) -> Client:
    """Alice's browser."""
    return signed_in(alice)


def _form(case, **changes) -> dict:
    facts = {"lease_token": case.lease_token, "content_version": case.content_version, "outcome": "reject"}
    return facts | {"reason": "harassment", "words": "", "private_note": "", "queue": ""} | changes


def _post(desk, case, act="decide", **changes):
    return desk.post(f"/admin/review/case/{case.pk}/{act}/", _form(case, **changes))


def _by_people():
    return Decision.objects.filter(source=DecisionSource.MODERATOR)


def test_rejection_is_stored_and_the_next_case_follows(desk, case, alice):
    response = _post(desk, case, words="Please be kind.", private_note="Second time.", queue="general")
    decision = _by_people().get()
    assert (decision.outcome, decision.moderator) == (Outcome.REJECT, alice)
    assert (decision.reasoning, decision.private_note) == ("Harassment or insult: Please be kind.", "Second time.")
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/review/next/?queue=general")


def test_approval_takes_no_reason_from_the_list(desk, case):
    _post(desk, case, outcome="approve")
    assert (_by_people().get().outcome, _by_people().get().reasoning) == (Outcome.APPROVE, "")


def test_rejection_for_the_listed_reason_alone(desk, case):
    _post(desk, case, reason="spam")
    assert _by_people().get().reasoning == "Spam or deceptive links"


def test_rejection_in_own_words_alone(desk, case):
    _post(desk, case, reason="", words="Off\r\ntopic")
    assert _by_people().get().reasoning == "Off\ntopic"


def test_next_page_says_what_was_done(desk, case):
    page = desk.get(_post(desk, case).headers["Location"]).content.decode()
    assert "Rejected <a href=" in page


def test_rejection_without_why_asks_and_stores_nothing(desk, case):
    response = _post(desk, case, reason="", private_note="keep me")
    page = response.content.decode()
    case.refresh_from_db()
    assert (response.status_code, _by_people().count()) == (400, 0)
    assert "Say why you reject" in page
    assert "keep me</textarea>" in page
    assert str(case.lease_token) in page


@pytest.mark.parametrize(
    "changes",
    [
        {"outcome": "review"},
        {"outcome": ""},
        {"reason": "nonsense"},
        {"words": "x" * 2000},
        {"private_note": "x" * 2001},
        {"private_note": "\0"},
        {"lease_token": "nonsense"},
        {"content_version": "first"},
    ],
)
def test_form_with_a_fault_stores_nothing(desk, case, changes):
    assert _post(desk, case, **changes).status_code == 400
    assert not _by_people().exists()


def test_double_click_decides_once_and_goes_on(desk, case):
    first, second = _post(desk, case), _post(desk, case)
    assert (first.status_code, second.status_code, _by_people().count()) == (302, 302, 1)
    assert "It is stored once." in desk.get("/admin/review/next/").content.decode()


def test_back_button_cannot_change_a_decision(desk, case):
    _post(desk, case, outcome="approve")
    _post(desk, case, outcome="reject")
    assert _by_people().get().outcome == Outcome.APPROVE


def _assert_refused(response, message):
    page = response.content.decode()
    assert response.status_code == 409
    assert "Your decision was not stored" in page
    assert message in page
    assert "I typed this." in page


def test_taken_over_case_is_refused_and_the_note_kept(desk, case, bob):
    claim_next(moderator=bob, now=timezone.now() + timedelta(hours=1))
    response = _post(desk, case, private_note="I typed this.")
    _assert_refused(response, "Your claim on this case has ended, and bob holds it now.")
    assert not _by_people().exists()


def test_case_decided_by_another_is_refused_and_says_how(desk, case, bob):
    taken = claim_next(moderator=bob, now=timezone.now() + timedelta(hours=1))
    facts = {"case_id": taken.pk, "moderator": bob, "lease_token": taken.lease_token, "content_version": 1}
    resolve_case(**facts, outcome=Outcome.APPROVE)
    _assert_refused(_post(desk, case, words="I typed this."), "bob approved this case at ")
    assert _by_people().get().moderator == bob


def test_edited_content_is_refused_and_the_new_version_offered(desk, case):
    Content.objects.update(version=2)
    cancel_cases(content_ids=[case.content_id])
    newer = ReviewCase.objects.create(
        content_id=case.content_id,
        client=case.client,
        content_version=2,
        queue=case.queue,
        due_at=timezone.now(),
    )
    response = _post(desk, case, words="I typed this.")
    _assert_refused(response, "you saw version 1, it is now at version 2.")
    assert f'action="/admin/review/case/{newer.pk}/"' in response.content.decode()
    assert not _by_people().exists()


def test_claiming_again_carries_what_was_typed(desk, case):
    typed = {"words": "I typed this.", "private_note": "And this.", "reason": "violence", "queue": "general"}
    page = desk.post(f"/admin/review/case/{case.pk}/", typed).content.decode()
    assert "I typed this.</textarea>" in page
    assert "And this.</textarea>" in page
    assert 'value="violence" data-key="3" aria-keyshortcuts="3" checked' in page


def test_ended_session_loses_no_note(case):
    response = _post(Client(), case, private_note="I typed this.")
    page = response.content.decode()
    assert response.status_code == 401
    assert "I typed this." in page
    assert f"/admin/login/?next=/admin/review/case/{case.pk}/" in page.replace("%2F", "/")
    assert not _by_people().exists()


def test_form_without_csrf_token_decides_nothing(alice, case):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(alice)
    assert _post(browser, case).status_code == 403
    assert not _by_people().exists()


def test_skip_gives_the_case_to_others(desk, case, alice):
    response = _post(desk, case, "skip")
    case.refresh_from_db()
    assert (case.claimed_by, case.skipped_by) == (None, [alice.pk])
    assert response.headers["Location"] == "/admin/review/next/"


def test_skip_of_a_lost_case_goes_on_and_says_why(desk, case, bob):
    claim_next(moderator=bob, now=timezone.now() + timedelta(hours=1))
    _post(desk, case, "skip")
    case.refresh_from_db()
    assert case.claimed_by == bob
    assert "bob holds it now" in desk.get("/admin/review/next/").content.decode()


def test_stopping_gives_the_case_back(desk, case):
    assert _post(desk, case, "release").headers["Location"] == "/admin/review/"
    case.refresh_from_db()
    assert case.claimed_by is None


def test_closing_the_tab_gives_the_case_back_without_a_page(desk, case):
    assert _post(desk, case, "release", closing="yes").status_code == 204
    case.refresh_from_db()
    assert case.claimed_by is None


def test_heartbeat_renews_the_claim(desk, case):
    ReviewCase.objects.update(lease_expires_at=timezone.now() + timedelta(seconds=5))
    response = _post(desk, case, "renew")
    assert response.status_code == 200
    assert 25 <= response.json()["seconds"] <= 30


def test_heartbeat_says_that_the_claim_is_lost(desk, case, bob):
    claim_next(moderator=bob, now=timezone.now() + timedelta(hours=1))
    response = _post(desk, case, "renew")
    assert response.status_code == 409
    assert response.json() == {"message": "Your claim on this case has ended, and bob holds it now."}


def test_heartbeat_of_an_ended_session_is_told_so(case):
    response = _post(Client(), case, "renew")
    assert (response.status_code, response.json()) == (401, {"message": "You are signed out."})


@pytest.mark.parametrize("act", ["decide", "skip", "release"])
def test_reloading_an_act_leads_to_the_case(desk, case, act):
    response = desk.get(f"/admin/review/case/{case.pk}/{act}/")
    assert (response.status_code, response.headers["Location"]) == (302, f"/admin/review/case/{case.pk}/")


@pytest.mark.parametrize(("act", "status"), [("decide", 404), ("skip", 404), ("release", 404), ("renew", 409)])
def test_acts_on_no_case_change_nothing(desk, case, act, status):
    case.pk = uuid.uuid4()
    assert _post(desk, case, act).status_code == status
    assert not _by_people().exists()
    assert Content.objects.get().status == ContentStatus.IN_REVIEW


@pytest.mark.parametrize("act", ["decide", "skip", "release"])
def test_staff_without_rights_are_refused(signed_in, case, alice, charlie, act):
    assert _post(signed_in(charlie), case, act).status_code == 403
    case.refresh_from_db()
    assert (case.claimed_by, _by_people().count()) == (alice, 0)


@pytest.mark.parametrize(("act", "status"), [("decide", 403), ("skip", 403), ("release", 403), ("renew", 403)])
def test_auditor_changes_nothing(signed_in, case, alice, auditor, act, status):
    assert _post(signed_in(auditor), case, act).status_code == status
    case.refresh_from_db()
    assert (case.claimed_by, _by_people().count()) == (alice, 0)
