"""A session lives as long as a person acts, and ends with what its owner may."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from moderation.models import AuditEntry
from moderation.review.claims import claim_case
from reviewengine.access import sessions
from tests import factories

pytestmark = pytest.mark.django_db
MINUTE = 60


def is_in(client: Client) -> bool:
    return client.get("/admin/review/").status_code == 200


def test_an_abandoned_session_ends_and_says_why(alice, client, clock):
    client.force_login(alice)
    clock(59 * MINUTE)
    assert is_in(client)
    clock(61 * MINUTE)
    answer = client.get("/admin/review/", follow=True)
    assert "signed out after 60 minutes" in answer.content.decode()
    assert AuditEntry.objects.get(action="user.signed_out").data == {"name": "alice", "why": "idle"}


def test_acts_keep_it_alive_but_not_for_longer_than_a_shift(alice, client, clock):
    client.force_login(alice)
    for _ in range(14):
        clock(50 * MINUTE)
        assert is_in(client)
    clock(50 * MINUTE)
    assert not is_in(client)
    assert AuditEntry.objects.get(action="user.signed_out").data["why"] == "age"


def test_the_heartbeat_of_a_page_is_no_act(alice, client, clock):
    case = claim_case(case_id=factories.CaseFactory().pk, moderator=alice)
    client.force_login(alice)
    renew = reverse("admin:review_renew", args=[case.pk])
    for _ in range(6):
        clock(10 * MINUTE)
        assert client.post(renew, {"lease_token": str(case.lease_token)}).status_code in (200, 409)
    clock(MINUTE)
    assert client.post(renew, {"lease_token": str(case.lease_token)}).status_code == 401
    assert not is_in(client)


def test_what_was_typed_in_an_ended_session_is_handed_back(alice, client, clock):
    case = claim_case(case_id=factories.CaseFactory().pk, moderator=alice)
    client.force_login(alice)
    clock(61 * MINUTE)
    form = {
        "lease_token": str(case.lease_token),
        "content_version": "1",
        "outcome": "reject",
        "private_note": "My soup.",
    }
    answer = client.post(reverse("admin:review_decide", args=[case.pk]), form)
    assert answer.status_code == 401
    assert "My soup." in answer.content.decode()


def test_a_changed_password_ends_the_other_sessions(alice, client):
    other = Client()
    other.force_login(alice)
    client.force_login(alice)
    new = "a horse that staples batteries"
    form = {"old_password": "correct horse battery staple", "new_password1": new, "new_password2": new}
    client.post(reverse("admin:password_change"), form)
    assert (is_in(client), is_in(other)) == (True, False)


def test_switching_an_account_off_ends_its_sessions(alice, client):
    client.force_login(alice)
    alice.is_active = False
    alice.save()
    assert not is_in(client)


def test_all_sessions_of_one_person_can_be_ended(alice, bob, client):
    clients = [Client(), Client(), client]
    for browser, person in zip(clients, (alice, alice, bob), strict=True):
        browser.force_login(person)
    assert sessions.end_all(alice, but=clients[0].session.session_key) == 1
    assert [is_in(browser) for browser in clients] == [True, False, True]


def test_many_pages_in_a_row_write_the_session_once(alice, client, clock, django_assert_max_num_queries):
    client.force_login(alice)
    clock(2 * MINUTE)
    is_in(client)
    before = Session.objects.get().session_data
    for _ in range(3):
        is_in(client)
    assert Session.objects.get().session_data == before
