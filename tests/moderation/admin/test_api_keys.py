"""Keys in the console: issued once, shown once, revoked for good."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from moderation.models import ApiKey, AuditEntry

pytestmark = pytest.mark.django_db
ADD = "admin:moderation_apikey_add"


def issue(client, platform, **fields):
    form = {"client": platform.pk, "scopes": ["content:write"], "rate_limit_requests": "90", **fields}
    return client.post(reverse(ADD), form)


def test_an_issued_key_is_in_the_answer_and_nowhere_else(admin_user, signed_in, platform):
    client = signed_in(admin_user)
    answer = issue(client, platform)
    key = answer.context["issued_key"]
    stored = ApiKey.objects.get()
    assert stored.digest == ApiKey.digest_of(key)
    assert (stored.scopes, stored.rate_limit_requests) == (["content:write"], 90)
    assert "no-store" in answer["Cache-Control"]
    assert key in answer.content.decode()
    page = client.get(reverse("admin:moderation_apikey_change", args=[stored.pk])).content.decode()
    assert key not in page
    assert stored.digest not in page


def test_issuing_a_key_is_recorded_without_the_key(admin_user, signed_in, platform):
    key = issue(signed_in(admin_user), platform).context["issued_key"]
    entry = AuditEntry.objects.get(action="api_key.added")
    assert entry.actor == "user:ada"
    assert entry.subject_id == str(ApiKey.objects.get().pk)
    assert key.split("_")[2] not in str(entry.data)


def test_a_key_that_has_expired_already_is_refused(admin_user, signed_in, platform):
    answer = issue(signed_in(admin_user), platform, expires_at_0="2020-01-01", expires_at_1="00:00:00")
    assert "This time has passed" in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_a_key_without_scopes_is_refused(admin_user, signed_in, platform):
    answer = issue(signed_in(admin_user), platform, scopes=[])
    assert answer.status_code == 200
    assert not ApiKey.objects.exists()


def test_a_revoked_key_is_not_usable_and_stays_so(admin_user, signed_in, key):
    client, stored = signed_in(admin_user), ApiKey.objects.get()
    for _ in range(2):
        client.post(reverse("admin:moderation_apikey_revoke", args=[stored.pk]))
    assert not ApiKey.objects.usable().exists()
    assert AuditEntry.objects.filter(action="api_key.revoked", subject_id=str(stored.pk)).count() == 1


def test_a_lead_may_look_but_not_revoke(lead, signed_in, key):
    client, stored = signed_in(lead), ApiKey.objects.get()
    assert client.get(reverse("admin:moderation_apikey_change", args=[stored.pk])).status_code == 200
    assert client.post(reverse("admin:moderation_apikey_revoke", args=[stored.pk])).status_code == 403
    assert ApiKey.objects.usable().exists()


def test_revoking_takes_a_post(admin_user, signed_in, key):
    page = reverse("admin:moderation_apikey_revoke", args=[ApiKey.objects.get().pk])
    assert signed_in(admin_user).get(page).status_code == 405


def test_the_limit_of_a_key_can_be_changed_but_not_its_client(admin_user, signed_in, key, stranger):
    stored = ApiKey.objects.get()
    form = {"client": stranger.pk, "scopes": ["content:read"], "rate_limit_requests": "5"}
    signed_in(admin_user).post(reverse("admin:moderation_apikey_change", args=[stored.pk]), form)
    stored.refresh_from_db()
    assert (stored.client.name, stored.scopes, stored.rate_limit_requests) == ("platform", ["content:read"], 5)


def test_keys_and_platforms_are_not_deleted(boss, signed_in, key, platform):
    client = signed_in(boss)
    for model, row in (("apikey", ApiKey.objects.get()), ("apiclient", platform)):
        page = reverse(f"admin:moderation_{model}_delete", args=[row.pk])
        assert client.post(page, {"post": "yes"}).status_code == 403


def test_the_list_says_what_became_of_a_key(boss, signed_in, key):
    ApiKey.objects.update(expires_at=timezone.now())
    assert "expired" in signed_in(boss).get(reverse("admin:moderation_apikey_changelist")).content.decode()


def test_name_and_networks_are_kept_and_shown(admin_user, signed_in, platform):
    client = signed_in(admin_user)
    issue(client, platform, name="the importer", allowed_networks="203.0.113.0/24,2001:db8::/32")
    stored = ApiKey.objects.get()
    assert (stored.name, stored.allowed_networks) == ("the importer", ["203.0.113.0/24", "2001:db8::/32"])
    page = client.get(reverse("admin:moderation_apikey_change", args=[stored.pk])).content.decode()
    assert "203.0.113.0/24,2001:db8::/32" in page
    assert "the importer" in client.get(reverse("admin:moderation_apikey_changelist")).content.decode()


def test_what_is_no_network_is_refused_by_name(admin_user, signed_in, platform):
    answer = issue(signed_in(admin_user), platform, allowed_networks="203.0.113.7/24")
    assert "has host bits set" in str(answer.context["errors"]), answer.context["errors"]
    assert not ApiKey.objects.exists()


def test_the_list_says_which_key_ends_soon(boss, signed_in, key):
    ApiKey.objects.update(expires_at=timezone.now() + timedelta(days=13, hours=1))
    assert "ends in 13 days" in signed_in(boss).get(reverse("admin:moderation_apikey_changelist")).content.decode()


def rotate(client, key_id):
    return client.post(reverse("admin:moderation_apikey_rotate", args=[key_id]))


def test_a_rotated_key_is_shown_once_and_the_old_one_ends_in_a_day(admin_user, signed_in, key):
    client, old = signed_in(admin_user), ApiKey.objects.get()
    answer = rotate(client, old.pk)
    new = ApiKey.objects.get(digest=ApiKey.digest_of(answer.context["issued_key"]))
    old.refresh_from_db()
    assert "no-store" in answer["Cache-Control"]
    assert (new.scopes, new.expires_at) == (old.scopes, None)
    assert old.expires_at is not None
    assert AuditEntry.objects.get(action="api_key.rotated").actor == "user:ada"
    assert rotate(client, old.pk).status_code == 302
    assert ApiKey.objects.count() == 2


def test_a_rotated_key_cannot_be_made_to_live_on(admin_user, signed_in, key):
    client, stored = signed_in(admin_user), ApiKey.objects.get()
    rotate(client, stored.pk)
    ends = ApiKey.objects.get(pk=stored.pk).expires_at
    form = {"name": "old", "scopes": ["content:read"], "expires_at_0": "", "expires_at_1": ""}
    answer = client.post(reverse("admin:moderation_apikey_change", args=[stored.pk]), form)
    assert "Another key is in its place: it can end sooner, and no later." in answer.content.decode()
    assert ApiKey.objects.get(pk=stored.pk).expires_at == ends


def test_rotating_needs_the_right(lead, signed_in, key):
    assert rotate(signed_in(lead), ApiKey.objects.get().pk).status_code == 403
    assert ApiKey.objects.count() == 1
