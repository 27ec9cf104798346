"""Hold, pass on, look without deciding and three at once, posted as the desk's pages post it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_redis import get_redis_connection

from moderation.models import Content, ContentVersion, Decision, ReviewCase
from moderation.review.assignments import hand_over
from moderation.review.claims import claim_case, claim_next
from moderation.review.queue import cancel_cases
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_here():
    get_redis_connection("default").flushdb()


@pytest.fixture
def case(alice) -> ReviewCase:
    """A case that Alice holds."""
    factories.CaseFactory()
    return claim_next(moderator=alice)


@pytest.fixture
def desk(signed_in, alice):
    return signed_in(alice)


def _post(desk, case, act, **fields):
    return desk.post(f"/admin/review/case/{case.pk}/{act}/", {"lease_token": str(case.lease_token), **fields})


def _page(response):
    return response.content.decode()


def test_hold_keeps_the_case_and_the_start_page_names_it(desk, case, alice):
    response = _post(desk, case, "hold", minutes="60", hold_reason="Jan knows the thread")
    case.refresh_from_db()
    assert (response.status_code, case.assigned_to, case.claimed_by) == (302, alice, None)
    assert timedelta(minutes=59) < case.on_hold_until - timezone.now() <= timedelta(hours=1)
    start = _page(desk.get("/admin/review/"))
    assert "Jan knows the thread" in start
    assert "1 of 3 that you may have at once" in start


def test_hold_without_a_script_asks_on_its_own_page_and_keeps_what_was_typed(desk, case):
    page = _page(_post(desk, case, "hold", words="Half a sentence", private_note="A thought", reason=""))
    assert "Why it has to wait" in page
    assert 'name="private_note" value="A thought"' in page
    case.refresh_from_db()
    assert case.claimed_by is not None


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"minutes": "60", "hold_reason": ""}, "Say why the case has to wait."),
        ({"minutes": "99999", "hold_reason": "Later"}, "Choose how long the case has to wait."),
        ({"minutes": "60", "hold_reason": "x" * 501}, "at most 500 characters"),
    ],
)
def test_faulty_hold_says_what_is_wrong_and_changes_nothing(desk, case, alice, fields, words):
    response = _post(desk, case, "hold", **fields)
    case.refresh_from_db()
    assert (response.status_code, case.claimed_by, case.on_hold_until) == (400, alice, None)
    assert words in _page(response)


def test_pass_on_offers_who_may_decide_and_those_here_first(desk, case, signed_in, bob, senior, charlie):
    signed_in(senior).get("/admin/review/")
    people = desk.get(f"/admin/review/case/{case.pk}/people/").json()["people"]
    assert [(one["username"], one["online"]) for one in people] == [("senior", True), ("bob", False)]


def test_passed_on_case_waits_for_its_person_with_the_note(desk, case, signed_in, bob):
    response = _post(desk, case, "hand-over", to="bob", hand_over_note="You know the allotment")
    assert response.status_code == 302
    assert "You know the allotment" in _page(signed_in(bob).get("/admin/review/"))
    page = _page(signed_in(bob).get("/admin/review/next/"))
    assert "alice handed you this case." in page
    assert "You know the allotment" in page


@pytest.mark.parametrize("to", ["", "charlie", "nobody", "alice"])
def test_passing_on_to_who_cannot_take_it_changes_nothing(desk, case, alice, charlie, to):
    response = _post(desk, case, "hand-over", to=to)
    case.refresh_from_db()
    assert (response.status_code, case.claimed_by, case.assigned_to) == (400, alice, None)


def test_what_was_handed_over_is_given_back_from_the_start_page(desk, case, signed_in, alice, bob):
    hand_over(case_id=case.pk, moderator=alice, lease_token=case.lease_token, to=bob, note="")
    response = signed_in(bob).post(f"/admin/review/case/{case.pk}/give-back/", {"start": "yes"})
    case.refresh_from_db()
    assert (response.headers["Location"], case.assigned_to) == ("/admin/review/", None)


def test_fourth_case_is_refused_and_the_held_ones_can_be_released(desk, case, alice):
    for other in factories.CaseFactory.create_batch(2):
        claim_case(case_id=other.pk, moderator=alice)
    fourth = factories.CaseFactory()
    response = desk.get(f"/admin/review/case/{fourth.pk}/")
    page = _page(response)
    assert response.status_code == 409
    assert "Your hands are full" in page
    assert page.count("/release/") == 3
    assert f"/admin/review/case/{fourth.pk}/read/" in page
    _post(desk, case, "release")
    assert desk.get(f"/admin/review/case/{fourth.pk}/").status_code == 200


def test_case_of_another_is_shown_to_read_and_not_to_decide(desk, case, signed_in, bob, alice):
    response = signed_in(bob).get(f"/admin/review/case/{case.pk}/", follow=True)
    page = _page(response)
    assert response.redirect_chain == [(f"/admin/review/case/{case.pk}/read/", 302)]
    assert "alice has this case now." in page
    assert 'value="approve"' not in page
    case.refresh_from_db()
    assert case.claimed_by == alice


def test_heartbeats_tell_who_else_looks(desk, case, signed_in, bob):
    looker = signed_in(bob)
    looker.get(f"/admin/review/case/{case.pk}/read/")
    assert _post(desk, case, "renew").json()["viewers"]["names"] == "Also looking: bob"
    told = looker.post(f"/admin/review/case/{case.pk}/presence/").json()
    assert (told["viewers"]["names"], told["state"]) == ("Also looking: alice", "alice has this case now.")
    looker.post(f"/admin/review/case/{case.pk}/presence/", {"closing": "yes"})
    assert _post(desk, case, "renew").json()["viewers"]["names"] == ""


def test_presence_is_told_to_staff_of_the_queue_alone(case, client, signed_in, charlie, bob):
    address = f"/admin/review/case/{case.pk}/presence/"
    closed = factories.QueueFactory(slug="minors", name="Minors", group_names=["lead"])
    assert client.post(address).status_code == 401
    assert signed_in(charlie).post(address).status_code == 401
    ReviewCase.objects.update(queue=closed)
    assert signed_in(bob).post(address).status_code == 409


def test_empty_desk_offers_what_was_skipped(desk, case, alice):
    _post(desk, case, "skip")
    page = _page(desk.get("/admin/review/next/"))
    assert "You skipped 1 case. It stays with others." in page
    response = desk.post("/admin/review/skipped/", {"queue": ""}, follow=True)
    assert case.content.external_id in _page(response)
    case.refresh_from_db()
    assert (case.claimed_by, case.skipped_by) == (alice, [])


def test_refused_decision_shows_the_edit_word_by_word(desk, case):
    content = case.content
    ContentVersion.objects.create(content=content, version=1, text=content.text, text_digest=content.text_digest)
    Content.objects.update(version=2, text=content.text.replace("warm", "<b>cold</b>"))
    cancel_cases(content_ids=[content.pk])
    fields = {"content_version": 1, "outcome": "approve", "words": "Half a sentence"}
    response = _post(desk, case, "decide", **fields)
    page = _page(response)
    assert (response.status_code, Decision.objects.filter(moderator__isnull=False).count()) == (409, 0)
    assert "<del>warm </del><ins>&lt;b&gt;cold&lt;/b&gt; </ins>" in page
    assert "Half a sentence" in page


def test_refused_decision_tells_who_decided_what(desk, case, signed_in, bob):
    late = timezone.now() + timedelta(hours=1)
    taken = claim_next(moderator=bob, now=late)
    fields = {"content_version": 1, "outcome": "approve", "words": "It was fine"}
    _post(signed_in(bob), taken, "decide", **fields)
    page = _page(_post(desk, case, "decide", content_version=1, outcome="reject", reason="spam", words="Mine"))
    assert "What changed" in page
    assert "It was fine" in page
    assert "You wanted:" in page
    assert Decision.objects.get(moderator__isnull=False).moderator == bob
