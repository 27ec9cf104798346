"""An administrator helps who cannot come in, and every help and every role that is given is recorded."""

import pytest
from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import CommandError, call_command
from django.urls import reverse

from moderation.admin.base import AuditedAdmin
from moderation.models import AuditEntry
from reviewengine.access import second_factor
from tests.reviewengine.access.conftest import give_password, with_app

pytestmark = pytest.mark.django_db


def act(client, person, name: str):
    return client.post(reverse("admin:auth_user_access", args=[person.pk, name]))


def entries() -> list[tuple[str, str]]:
    return list(AuditEntry.objects.order_by("id").values_list("action", "actor"))


def test_a_reset_forgets_the_second_factor_and_ends_the_sessions(alice, admin_user, signed_in, client):
    client.force_login(alice)
    with_app(alice)
    assert act(signed_in(admin_user), alice, "reset").status_code == 302
    assert second_factor.app_of(alice) is None
    assert client.get("/admin/review/").status_code == 302
    assert entries()[-1] == ("user.second_factor_removed", "user:ada")


def test_failed_sign_ins_are_forgotten(alice, admin_user, signed_in, client):
    give_password(client, "alice", "wrong")
    act(signed_in(admin_user), alice, "unlock")
    assert not AccessAttempt.objects.exists()
    assert entries()[-1] == ("user.unlocked", "user:ada")


def test_all_sessions_of_a_person_are_ended(alice, admin_user, signed_in, client):
    client.force_login(alice)
    act(signed_in(admin_user), alice, "sign-out")
    assert client.get("/admin/review/").status_code == 302
    assert AuditEntry.objects.get(action="user.sessions_ended").data == {"name": "alice", "sessions": 1}


def test_nobody_helps_himself_to_somebody_above_him(alice, boss, admin_user, lead, signed_in):
    assert act(signed_in(admin_user), boss, "reset").status_code == 403
    assert act(signed_in(lead), alice, "reset").status_code == 403
    assert signed_in(boss).get(reverse("admin:auth_user_access", args=[alice.pk, "reset"])).status_code == 405
    assert act(signed_in(boss), alice, "soup").status_code == 404


def test_the_page_of_a_person_says_how_they_come_in(alice, boss, signed_in):
    with_app(alice)
    page = signed_in(boss).get(reverse("admin:auth_user_change", args=[alice.pk])).content.decode()
    assert "Recovery codes left" in page
    assert "Reset the second factor" in page


def test_a_role_that_is_given_is_recorded_by_its_name(alice, boss, signed_in):
    form = {
        "username": "alice",
        "is_active": "on",
        "is_staff": "on",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "12:00",
    }
    roles = [group.pk for group in Group.objects.filter(name__in=["moderator", "senior"])]
    answer = signed_in(boss).post(reverse("admin:auth_user_change", args=[alice.pk]), {**form, "groups": roles})
    assert answer.status_code == 302
    changes = AuditEntry.objects.get(action="user.changed").data["changes"]
    assert [sorted(names) for names in changes["groups"]] == [["moderator"], ["moderator", "senior"]]


def test_a_right_that_a_group_gets_is_recorded_by_its_name(boss, signed_in):
    group = Group.objects.create(name="cooks")
    right = Permission.objects.get(codename="view_content", content_type__app_label="moderation")
    url = reverse("admin:auth_group_change", args=[group.pk])
    signed_in(boss).post(url, {"name": "cooks", "permissions": [right.pk]})
    changes = AuditEntry.objects.get(action="group.changed").data["changes"]
    assert changes["permissions"] == [[], ["moderation.view_content"]]


def test_whatever_the_console_lets_somebody_change_is_audited(boss, rf):
    """A page that could change a row without an entry would be a hole in the record."""
    request = rf.get("/")
    request.user = boss
    unaudited = [
        model.__name__
        for model, model_admin in admin.site._registry.items()
        if not isinstance(model_admin, AuditedAdmin)
        and any(
            allowed(request)
            for allowed in (
                model_admin.has_add_permission,
                model_admin.has_change_permission,
                model_admin.has_delete_permission,
            )
        )
    ]
    assert unaudited == []
    assert len(admin.site._registry) > 20


class TestCommands:
    def test_reset_and_unlock(self, alice, client, capsys):
        with_app(alice)
        give_password(client, "alice", "wrong")
        call_command("access_reset", "alice")
        call_command("access_unlock", "alice")
        assert second_factor.app_of(alice) is None
        assert not AccessAttempt.objects.exists()
        assert [actor for _, actor in entries()[-2:]] == ["system", "system"]

    @pytest.mark.parametrize("name", ["access_reset", "access_unlock"])
    def test_nobody_of_that_name(self, name):
        with pytest.raises(CommandError, match="Nobody is called"):
            call_command(name, "nobody")
