"""What a key cannot do to itself, to a stronger one, and by making others: live on, lock out, multiply."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation import keys
from moderation.api.authentication import forget_keys
from moderation.enums import Scope
from moderation.models import ApiKey
from reviewengine.hints import hints
from tests.moderation.api.conftest import Api

pytestmark = pytest.mark.django_db
KEYS = "/api/v1/keys"
SOME = [Scope.KEYS_READ.value, Scope.KEYS_WRITE.value, Scope.CONTENT_READ.value]
READ = {"scopes": ["content:read"]}
LATER = "2199-01-01T00:00:00Z"


@pytest.fixture(autouse=True)
def _whole_allowances():
    with hints() as redis:
        for key in redis.scan_iter("reviewengine:rate:*"):
            redis.delete(key)


def issued(platform, **fields) -> Api:
    return Api(ApiKey.issue(client=platform, scopes=fields.pop("scopes", SOME), **fields))


def row_of(api) -> ApiKey:
    return ApiKey.objects.get(prefix=ApiKey.prefix_of(api.headers["Authorization"].removeprefix("Bearer ")))


def page_of(api) -> str:
    return f"{KEYS}/{row_of(api).prefix}"


def passed(*callers) -> int:
    """How many calls pass while each caller goes on until it is refused."""
    return sum(caller.get("/api/v1/content").status_code == 200 for caller in callers for _ in range(10))


@pytest.mark.parametrize("end", [None, LATER])
def test_a_rotated_key_cannot_be_made_to_live_on(api, end):
    old = api.post(f"{KEYS}/{api.post(KEYS, READ).json()['id']}/rotate", {"overlap_seconds": 3600}).json()["old"]
    answer = api.patch(f"{KEYS}/{old['id']}", {"expires_at": end})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert api.get(f"{KEYS}/{old['id']}").json()["expires_at"] == old["expires_at"]
    sooner = (timezone.now() + timedelta(minutes=1)).isoformat()
    assert api.patch(f"{KEYS}/{old['id']}", {"expires_at": sooner, "name": "old"}).status_code == 200


def test_a_key_that_ends_gains_no_time_by_rotating_itself(platform):
    ends = timezone.now() + timedelta(days=30)
    api = issued(platform, expires_at=ends)
    refused = api.post(f"{page_of(api)}/rotate", {"expires_at": LATER})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (403, "/expires_at")
    new = api.post(f"{page_of(api)}/rotate", "").json()["new"]
    assert ApiKey.objects.get(prefix=new["id"]).expires_at == ends


def test_a_key_without_an_end_may_give_a_new_one_when_it_rotates_another(api):
    made = api.post(KEYS, {**READ, "expires_at": (timezone.now() + timedelta(days=1)).isoformat()}).json()
    new = api.post(f"{KEYS}/{made['id']}/rotate", {"expires_at": LATER}).json()["new"]
    assert new["expires_at"] == LATER


def test_who_shuts_himself_out_is_told(api):
    assert api.patch(page_of(api), {"allowed_networks": ["127.0.0.0/8", "203.0.113.0/24"]}).json()["warnings"] == []
    (warning,) = api.patch(page_of(api), {"allowed_networks": ["203.0.113.0/24"]}).json()["warnings"]
    assert warning.startswith("You call with this key, and your address lies in none of its networks")


def test_who_takes_the_last_right_to_make_keys_is_told(api):
    answer = api.patch(page_of(api), {"scopes": ["content:read"]})
    assert answer.json()["warnings"] == ["No key is left that may make keys. Ask an operator for one."]


def test_any_key_may_revoke_itself_and_no_other(platform, api):
    leaked, other = issued(platform, **READ), issued(platform, **READ)
    assert leaked.delete(page_of(other)).status_code == 403
    assert leaked.patch(page_of(leaked), {"name": "x"}).status_code == 403
    answer = leaked.delete(page_of(leaked))
    assert (answer.status_code, answer.json()["warnings"]) == (200, ["This was the key that you call with."])
    forget_keys()
    assert leaked.get("/api/v1/content").status_code == 401
    assert row_of(other).revoked_at is None


def test_keys_that_a_limited_key_makes_share_its_limit(platform):
    api = issued(platform, rate_limit_requests=7)
    children = [Api(api.post(KEYS, READ).json()["key"]) for _ in range(3)]
    grandchild = Api(Api(api.post(KEYS, {"scopes": SOME}).json()["key"]).post(KEYS, READ).json()["key"])
    assert passed(*children, grandchild) == 7 - 5


def test_a_child_is_bounded_by_its_own_limit_too_and_told_of_both(platform):
    api = issued(platform, rate_limit_requests=7)
    child = Api(api.post(KEYS, {**READ, "rate_limit_requests": 2}).json()["key"])
    told = child.get("/api/v1/content")["RateLimit-Policy"]
    assert told.startswith('"default";q=2;w=60, "shared";q=7;w=60, "address"')
    assert (passed(child), passed(api)) == (1, 4)


def test_an_old_key_and_the_one_in_its_place_share_one_limit(platform, api):
    old = issued(platform, rate_limit_requests=5, **READ)
    new = Api(api.post(f"{page_of(old)}/rotate", "").json()["new"]["key"])
    assert passed(old, new) == 5


def test_a_line_of_limited_keys_ends(platform, monkeypatch):
    monkeypatch.setattr(keys, "LONGEST_LINE", 1)
    api = issued(platform, rate_limit_requests=50)
    child = Api(api.post(KEYS, {"scopes": SOME}).json()["key"])
    assert child.post(KEYS, READ).status_code == 409


def test_a_client_has_only_so_many_keys_that_work(api, monkeypatch):
    monkeypatch.setattr(keys, "MAX_KEYS", 2)
    made = api.post(KEYS, READ).json()
    refused = [api.post(KEYS, READ), api.post(f"{KEYS}/{made['id']}/rotate", "")]
    assert [(one.status_code, one.json()["detail"]) for one in refused] == [
        (409, "You have 2 keys that work. Revoke one first.")
    ] * 2
    assert api.post(f"{KEYS}/{made['id']}/rotate", {"overlap_seconds": 0}).status_code == 201
    assert ApiKey.objects.usable().count() == 2


def test_a_refusal_for_a_scope_is_spent_and_told(platform):
    api = issued(platform, scopes=["score"], rate_limit_requests=2)
    answers = [api.get("/api/v1/content") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [403, 403, 429]
    assert answers[0]["RateLimit"].startswith('"default";r=1;t=30, ')


@pytest.mark.parametrize("change", [{"name": "x"}, {"scopes": ["content:read"]}, {"rate_limit_requests": 1}])
def test_a_stronger_key_is_not_a_weaker_one_s_to_change_but_to_revoke(platform, key, change):
    weaker, stronger = issued(platform), f"{KEYS}/{ApiKey.prefix_of(key)}"
    answer = weaker.patch(stronger, change)
    assert (answer.status_code, answer.json()["code"], "errors" in answer.json()) == (403, "beyond_own_key", False)
    assert weaker.delete(stronger).status_code == 200


def test_keys_are_listed_by_status(api):
    usable, ended, revoked = (api.post(KEYS, READ).json()["id"] for _ in range(3))
    ApiKey.objects.filter(prefix=ended).update(expires_at=timezone.now())
    api.delete(f"{KEYS}/{revoked}")
    found = {
        status: [row["id"] for row in api.get(KEYS, status=status).json()["results"]]
        for status in ("usable", "expired", "revoked")
    }
    assert found == {"usable": [usable, row_of(api).prefix], "expired": [ended], "revoked": [revoked]}
    assert api.get(KEYS, status="lost").status_code == 400


def test_a_new_key_comes_with_its_etag(api):
    answer = api.post(KEYS, READ)
    assert api.patch(answer["Location"], {"name": "a"}, **{"If-Match": answer["ETag"]}).status_code == 200
