"""API keys, managed by the client whose they are: a key never gives more than it has."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from moderation.api.authentication import forget_keys
from moderation.enums import Scope
from moderation.models import ApiKey, AuditEntry
from tests.moderation.api.conftest import Api

pytestmark = pytest.mark.django_db
KEYS = "/api/v1/keys"
SOME = [Scope.KEYS_READ.value, Scope.KEYS_WRITE.value, Scope.CONTENT_READ.value]


@pytest.fixture
def limited(platform) -> Api:
    """A key that may manage keys, with a limit, a network and an end of its own."""
    ends = timezone.now() + timedelta(days=30)
    return Api(
        ApiKey.issue(
            client=platform, scopes=SOME, rate_limit_requests=500, expires_at=ends, allowed_networks=["127.0.0.0/8"]
        )
    )


def own(api) -> str:
    """The address of the key that ``api`` calls with."""
    return f"{KEYS}/{ApiKey.prefix_of(api.headers['Authorization'].removeprefix('Bearer '))}"


def make(api, **said) -> dict:
    return api.post(KEYS, {"scopes": ["content:read"], **said}).json()


def test_a_key_is_made_shown_once_and_works(api, platform):
    answer = api.post(KEYS, {"name": "comments", "scopes": ["content:read", "content:read"]})
    body = answer.json()
    row = ApiKey.objects.get(prefix=body["id"])
    assert (answer.status_code, answer["Location"], answer["Cache-Control"]) == (
        201,
        f"{KEYS}/{row.prefix}",
        "no-store",
    )
    assert (row.client, row.name, row.scopes, row.digest) == (
        platform, "comments", ["content:read"], ApiKey.digest_of(body["key"])
    )  # fmt: skip
    assert Api(body["key"]).get("/api/v1/content").status_code == 200
    for shown in (api.get(KEYS).content.decode(), api.get(answer["Location"]).content.decode()):
        assert body["key"] not in shown
        assert row.digest not in shown


def test_making_it_is_audited_in_the_name_of_the_key_that_asked(api):
    body = make(api, name="comments")
    entry = AuditEntry.objects.get(action="api_key.added")
    assert entry.actor == f"key:{own(api).rpartition('/')[2]}"
    assert (entry.data["prefix"], entry.data["name"]) == (body["id"], "comments")
    assert body["key"].split("_", 2)[2] not in str(entry.data)


def test_what_is_not_named_is_taken_from_the_key_that_asks(limited):
    caller = limited.get(own(limited)).json()
    body = make(limited)
    for name in ("rate_limit_requests", "allowed_networks", "expires_at"):
        assert body[name] == caller[name] != (None if name != "allowed_networks" else [])


@pytest.mark.parametrize(
    ("said", "member"),
    [
        ({"scopes": ["content:read", "score"]}, "scopes"),
        ({"rate_limit_requests": 501}, "rate_limit_requests"),
        ({"rate_limit_requests": None}, "rate_limit_requests"),
        ({"allowed_networks": []}, "allowed_networks"),
        ({"allowed_networks": ["127.0.0.0/16", "10.0.0.0/8"]}, "allowed_networks"),
        ({"allowed_networks": ["126.0.0.0/7"]}, "allowed_networks"),
        ({"allowed_networks": ["::/0"]}, "allowed_networks"),
        ({"expires_at": None}, "expires_at"),
        ({"expires_at": "2199-01-01T00:00:00Z"}, "expires_at"),
    ],
)
def test_a_key_gives_no_more_than_it_has(limited, said, member):
    answers = [limited.post(KEYS, {"scopes": ["content:read"], **said}), limited.patch(own(limited), said)]
    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (403, "beyond_own_key")
        assert answer.json()["errors"][0]["pointer"] == f"/{member}"
    assert ApiKey.objects.count() == 1
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize(
    ("said", "pointer", "code"),
    [
        ({"scopes": []}, "/scopes", "empty"),
        ({"scopes": ["everything"]}, "/scopes/0", "unknown_value"),
        ({"name": "a\x00b"}, "/name", "invalid_characters"),
        ({"name": "a" * 101}, "/name", "too_long"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at", "in_the_past"),
        ({"expires_at": 1900000000}, "/expires_at", "invalid_format"),
        ({"allowed_networks": ["10.0.0.1/8"]}, "/allowed_networks/0", "invalid_format"),
        ({"rate_limit_requests": 0}, "/rate_limit_requests", "too_small"),
        ({"digest": "0" * 64}, "/digest", "unknown_field"),
    ],
)
def test_bad_input_is_named_and_makes_nothing(api, said, pointer, code):
    for answer in (api.post(KEYS, {"scopes": ["content:read"], **said}), api.patch(own(api), said)):
        assert answer.status_code == 422
        assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, code)]
    assert ApiKey.objects.count() == 1


def test_what_is_named_is_changed_at_once_and_audited(api):
    body = make(api, name="comments")
    used = Api(body["key"])
    assert used.get("/api/v1/content").status_code == 200
    with_callbacks(lambda: api.patch(f"{KEYS}/{body['id']}", {"scopes": ["score"], "name": "scores"}))
    assert used.get("/api/v1/content").status_code == 403
    entry = AuditEntry.objects.get(action="api_key.changed")
    assert entry.data == {"changes": {"name": ["comments", "scores"], "scopes": [["content:read"], ["score"]]}}


def with_callbacks(act):
    """What is done on commit is done, though the test's transaction never commits."""
    before = len(connection.run_on_commit)
    answer = act()
    for _, callback, _ in connection.run_on_commit[before:]:
        callback()
    return answer


def test_a_change_of_another_state_than_the_one_that_was_read_is_refused(api):
    page = f"{KEYS}/{make(api)['id']}"
    tag = api.get(page)["ETag"]
    ApiKey.objects.update(last_used_at=timezone.now())  # to use a key is no change of it
    assert api.patch(page, {"name": "a"}, **{"If-Match": tag}).status_code == 200
    assert api.patch(page, {"name": "b"}, **{"If-Match": tag}).status_code == 412
    assert api.delete(page, **{"If-Match": tag}).status_code == 412


def test_a_revoked_key_is_refused_by_this_process_at_once_and_stays_in_the_list(api):
    body = make(api)
    used = Api(body["key"])
    assert used.get("/api/v1/content").status_code == 200
    answer = with_callbacks(lambda: api.delete(f"{KEYS}/{body['id']}"))
    assert (answer.status_code, answer.json()["key"]["status"], answer.json()["warnings"]) == (200, "revoked", [])
    assert used.get("/api/v1/content").status_code == 401
    assert [row["status"] for row in api.get(KEYS).json()["results"]] == ["revoked", "usable"]
    assert api.patch(f"{KEYS}/{body['id']}", {"name": "again"}).status_code == 409
    assert api.post(f"{KEYS}/{body['id']}/rotate", "").status_code == 409


def test_a_key_may_revoke_itself_and_is_told_what_it_did(api):
    answer = with_callbacks(lambda: api.delete(own(api)))
    assert answer.json()["warnings"] == [
        "This was the key that you call with.",
        "No key is left that may make keys. Ask an operator for one.",
    ]
    assert api.get(KEYS).status_code == 401


def test_a_rotated_key_works_beside_the_new_one_until_it_ends(api):
    body = make(api, name="comments", rate_limit_requests=50)
    answer = api.post(f"{KEYS}/{body['id']}/rotate", {"overlap_seconds": 3600})
    new, old = answer.json()["new"], answer.json()["old"]
    assert answer.status_code == 201
    same = ("name", "scopes", "rate_limit_requests", "allowed_networks", "expires_at")
    assert [new[name] for name in same] == [body[name] for name in same]
    for key in (body["key"], new["key"]):
        assert Api(key).get("/api/v1/content").status_code == 200
    left = ApiKey.objects.get(prefix=old["id"]).expires_at - timezone.now()
    assert timedelta(minutes=59) < left <= timedelta(hours=1)
    ApiKey.objects.filter(prefix=old["id"]).update(expires_at=timezone.now())
    forget_keys()
    assert Api(body["key"]).get("/api/v1/content").status_code == 401


def test_a_rotation_without_an_overlap_ends_the_old_key_at_once(api):
    body = make(api)
    with_callbacks(lambda: api.post(f"{KEYS}/{body['id']}/rotate", {"overlap_seconds": 0}))
    assert Api(body["key"]).get("/api/v1/content").status_code == 401


def test_a_key_that_may_do_more_cannot_be_had_by_rotating_it(limited, key):
    stronger = f"{KEYS}/{ApiKey.prefix_of(key)}"
    answer = limited.post(f"{stronger}/rotate", "")
    assert (answer.status_code, answer.json()["code"]) == (403, "beyond_own_key")
    assert ApiKey.objects.get(prefix=ApiKey.prefix_of(key)).expires_at is None
    assert limited.delete(stronger).status_code == 200  # to end it is always allowed


def test_another_client_s_key_is_as_absent_as_one_that_never_was(api, stranger):
    foreign = f"{KEYS}/{ApiKey.prefix_of(ApiKey.issue(client=stranger, scopes=['score']))}"
    for page in (foreign, f"{KEYS}/re_00000000", f"{KEYS}/%00"):
        answers = [api.get(page), api.patch(page, {"name": "x"}), api.delete(page), api.post(f"{page}/rotate", "")]
        assert [answer.status_code for answer in answers] == [404] * 4
    assert len(api.get(KEYS).json()["results"]) == 1
    assert not ApiKey.objects.exclude(revoked_at=None).exists()


def test_reading_is_not_writing(platform):
    reader = Api(ApiKey.issue(client=platform, scopes=[Scope.KEYS_READ]))
    assert reader.get(own(reader)).json()["is_this_key"] is True
    answers = [reader.post(KEYS, {}), reader.patch(own(reader), {}), reader.delete(f"{KEYS}/re_00000000")]
    assert [answer.status_code for answer in answers] == [403] * 3


@pytest.mark.django_db(transaction=True)
def test_of_many_rotations_at_once_one_makes_a_key(api):
    body = make(api)

    def rotate(_):
        try:
            return api.post(f"{KEYS}/{body['id']}/rotate", "").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = sorted(pool.map(rotate, range(4)))
    assert statuses == [201, 409, 409, 409]
    assert ApiKey.objects.count() == 3
