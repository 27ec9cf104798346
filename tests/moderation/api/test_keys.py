"""Which keys open the door."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.api.authentication import forget_keys
from moderation.models import ApiKey

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now() - timedelta(seconds=1)}]
)
def test_a_key_that_has_ended_is_refused(api, change):
    ApiKey.objects.update(**change)
    assert api.get("/api/v1/content").json()["code"] == "invalid_key"


def test_the_keys_of_a_client_that_was_switched_off_are_refused(api, platform):
    platform.is_active = False
    platform.save()
    assert api.get("/api/v1/content").status_code == 401


def test_a_key_is_stored_as_its_hash_alone(key):
    row = ApiKey.objects.get()
    assert key not in str(row.__dict__)
    assert row.digest == ApiKey.digest_of(key)
    assert key.startswith(row.prefix)


def test_its_last_use_is_noted(api):
    api.get("/api/v1/content")
    assert timezone.now() - ApiKey.objects.get().last_used_at < timedelta(minutes=1)


def test_a_revoked_key_is_forgotten_within_a_second(api, monkeypatch):
    assert api.get("/api/v1/content").status_code == 200
    ApiKey.objects.update(revoked_at=timezone.now())
    forget_keys()
    assert api.get("/api/v1/content").status_code == 401


def test_a_key_is_refused_from_elsewhere(api, monkeypatch):
    ApiKey.objects.update(allowed_networks=["203.0.113.0/24", "2001:db8::/32"])
    refused = api.get("/api/v1/content")
    assert (refused.status_code, refused.json()["code"]) == (403, "address_not_allowed")
    for address in ("203.0.113.77", "2001:db8:9::1"):
        assert api.client.get("/api/v1/content", headers=api.headers, REMOTE_ADDR=address).status_code == 200


def test_a_key_that_ends_soon_is_warned_of_in_every_answer(api):
    ends = timezone.now() + timedelta(days=13)
    ApiKey.objects.update(expires_at=ends)
    told = ends.isoformat().replace("+00:00", "Z")
    assert api.get("/api/v1/content")["X-API-Key-Expires"] == told
    assert api.post("/api/v1/content", {})["X-API-Key-Expires"] == told


def test_a_key_that_stays_is_not_warned_of(api):
    ApiKey.objects.update(expires_at=timezone.now() + timedelta(days=15))
    assert "X-API-Key-Expires" not in api.get("/api/v1/content").headers
