"""People in the console: an admin keeps the others, and cannot rise above themselves."""

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.urls import reverse

from moderation.models import AuditEntry
from tests import factories

pytestmark = pytest.mark.django_db


def change(client, person: User, **fields):
    form = {"username": person.username, "is_active": "on", "is_staff": "on", **fields}
    return client.post(reverse("admin:auth_user_change", args=[person.pk]), form)


def groups(*names: str) -> list[int]:
    return list(Group.objects.filter(name__in=names).values_list("pk", flat=True))


def test_an_admin_makes_a_moderator_a_lead(admin_user, alice, signed_in):
    assert change(signed_in(admin_user), alice, groups=groups("lead")).status_code == 302
    assert list(alice.groups.values_list("name", flat=True)) == ["lead"]
    changes = AuditEntry.objects.get(action="user.changed").data["changes"]
    assert changes["groups"] == [["moderator"], ["lead"]]


def test_an_admin_cannot_make_a_superuser(admin_user, alice, signed_in):
    change(signed_in(admin_user), alice, is_superuser="on", user_permissions=["1"])
    alice.refresh_from_db()
    assert not alice.is_superuser
    assert not alice.user_permissions.exists()


def test_an_admin_cannot_give_a_group_that_may_do_more(admin_user, alice, signed_in):
    powers = Group.objects.create(name="powers")
    powers.permissions.set(Permission.objects.filter(codename="delete_user"))
    answer = change(signed_in(admin_user), alice, groups=[powers.pk])
    assert "is not one of the available choices" in answer.content.decode()
    assert not alice.groups.filter(name="powers").exists()


def test_an_admin_cannot_touch_a_superuser(admin_user, boss, signed_in):
    client = signed_in(admin_user)
    assert change(client, boss, first_name="Bobby").status_code == 403
    password = {"usable_password": "true", "password1": "x", "password2": "x"}
    assert client.post(reverse("admin:auth_user_password_change", args=[boss.pk]), password).status_code == 403


def test_a_password_set_for_another_is_recorded_without_it(admin_user, alice, signed_in):
    new = "a horse that staples batteries"
    form = {"usable_password": "true", "password1": new, "password2": new, "set-password": "1"}
    page = reverse("admin:auth_user_password_change", args=[alice.pk])
    assert signed_in(admin_user).post(page, form).status_code == 302
    entry = AuditEntry.objects.get(action="user.password_changed")
    assert (entry.actor, entry.data) == ("user:ada", {"name": "alice"})


def test_a_person_is_added_and_the_password_is_not_recorded(admin_user, signed_in):
    new = "a horse that staples batteries"
    form = {"username": "dora", "usable_password": "true", "password1": new, "password2": new}
    signed_in(admin_user).post(reverse("admin:auth_user_add"), form)
    entry = AuditEntry.objects.get(action="user.added")
    assert entry.data["changes"]["password1"] == "changed"
    assert new not in str(entry.data)


def test_a_person_is_not_deleted(boss, alice, signed_in):
    assert signed_in(boss).get(reverse("admin:auth_user_delete", args=[alice.pk])).status_code == 403


def test_an_auditor_reads_people_and_changes_none(auditor, alice, signed_in):
    client = signed_in(auditor)
    assert client.get(reverse("admin:auth_user_change", args=[alice.pk])).status_code == 200
    assert change(client, alice, first_name="Alison").status_code == 403


def test_a_lead_does_not_see_people(lead, signed_in):
    factories.UserFactory()
    assert signed_in(lead).get(reverse("admin:auth_user_changelist")).status_code == 403
