"""Sign-in by password: guessing is stopped by name and address, and all of it is in the record."""

import pytest
from axes.models import AccessAttempt
from django.test import Client

from moderation.api import addresses
from moderation.models import AuditEntry
from reviewengine.access.lockout import unlock
from tests.reviewengine.access.conftest import PASSWORD, give_password

pytestmark = pytest.mark.django_db
HERE, THERE = {"REMOTE_ADDR": "192.0.2.1"}, {"REMOTE_ADDR": "192.0.2.2"}


def guess(times: int, name: str = "alice", **headers):
    answers = [give_password(Client(), name, "wrong", **headers) for _ in range(times)]
    return answers[-1]


def entries(act: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(action=f"user.{act}").order_by("id"))


def test_a_sign_in_and_a_sign_out_are_recorded(alice, client):
    assert give_password(client, "alice", **HERE).status_code == 302
    client.post("/admin/logout/")
    assert [(entry.actor, entry.data) for entry in AuditEntry.objects.order_by("id")] == [
        ("user:alice", {"name": "alice", "method": "password", "address": "192.0.2.1"}),
        ("user:alice", {"name": "alice", "why": "asked"}),
    ]


def test_a_wrong_password_is_recorded_without_it(alice, client):
    assert give_password(client, "alice", "wrong-secret").status_code == 200
    [entry] = entries("sign_in_failed")
    assert entry.subject_id == str(alice.pk)
    assert "wrong-secret" not in str(list(AuditEntry.objects.values())) + str(list(AccessAttempt.objects.values()))


def test_a_name_that_no_account_has_is_kept_nowhere(client, db):
    give_password(client, "my-password-in-the-wrong-field", "x")
    assert entries("sign_in_failed")[0].actor == "user:unknown"
    kept = str(list(AuditEntry.objects.values())) + str(list(AccessAttempt.objects.values()))
    assert "my-password" not in kept


def test_after_five_failures_the_right_password_waits_too(alice, client):
    assert guess(4, **HERE).status_code == 200
    answer = guess(1, **HERE)
    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "Please wait" in answer.content.decode()
    assert give_password(client, "alice", **HERE).status_code == 429


def test_knocking_on_is_recorded_once(alice):
    guess(9, **HERE)
    assert (len(entries("sign_in_failed")), len(entries("locked_out"))) == (4, 1)


def test_another_address_and_another_name_are_not_kept_out(alice, bob, client):
    guess(5, **HERE)
    assert give_password(client, "alice", **THERE).status_code == 302
    assert give_password(Client(), "bob", **HERE).status_code == 302


def test_behind_a_proxy_of_ours_the_callers_are_told_apart(alice, client, monkeypatch):
    monkeypatch.setattr(addresses, "trusted_proxies", lambda: (addresses.ipaddress.ip_network("192.0.2.0/24"),))
    addresses._client.cache_clear()
    addresses._is_ours.cache_clear()
    guess(5, **HERE, headers={"X-Forwarded-For": "203.0.113.7"})
    assert give_password(client, "alice", **HERE, headers={"X-Forwarded-For": "203.0.113.8"}).status_code == 302
    addresses._client.cache_clear()
    addresses._is_ours.cache_clear()


def test_a_sign_in_forgets_the_failures_before_it(alice, client):
    guess(4, **HERE)
    assert give_password(client, "alice", **HERE).status_code == 302
    assert guess(4, **HERE).status_code == 200


def test_an_administrator_can_let_somebody_in_sooner(alice, client):
    guess(5, **HERE)
    unlock(person=alice, actor="user:boss")
    assert give_password(client, "alice", **HERE).status_code == 302
    [entry] = entries("unlocked")
    assert (entry.actor, entry.subject_id) == ("user:boss", str(alice.pk))


def test_without_password_sign_in_no_password_is_looked_at(alice, client, access):
    access(password_sign_in=False)
    give_password(client, "alice", PASSWORD)
    assert "_auth_user_id" not in client.session
    assert 'name="password"' not in client.get("/admin/login/").content.decode()


@pytest.mark.parametrize("name", ["al\x00ice", "x" * 5000, "\ud800"])
def test_no_name_breaks_the_form(client, db, name):
    answer = client.post("/admin/login/", {"username": name.encode("utf-8", "surrogatepass"), "password": "x"})
    assert answer.status_code in (200, 400)
