"""The API's authors: what is told of them, what may be changed, and how a suspension ends."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.authors import suspend_author
from moderation.models import ApiKey, AuditEntry, Author, Content
from tests import factories

pytestmark = pytest.mark.django_db
AUTHORS = "/api/v1/authors"


@pytest.fixture
def robin(platform) -> Author:
    return factories.AuthorFactory(client=platform, external_id="u1", display_name="Robin")


def patch(api, author, body, **headers):
    return api.client.patch(
        f"{AUTHORS}/{author.public_id}",
        json.dumps(body),
        content_type="application/json",
        headers={**api.headers, **headers},
    )


def act(api, author, verb, body=None, **headers):
    return api.post(f"{AUTHORS}/{author.public_id}/{verb}", body or {}, **headers)


def test_an_author_is_there_from_the_first_content_on(api):
    api.post("/api/v1/content", {"external_id": "a", "text": "The soup was warm.", "author": "u9"})
    (shown,) = api.get(AUTHORS, external_id="u9").json()["results"]
    assert shown == {
        "id": str(Author.objects.get().public_id),
        "external_id": "u9",
        "display_name": "",
        "reach": None,
        "trust": "normal",
        "suspended": False,
        "suspension": None,
        "created_at": shown["created_at"],
    }
    detail = api.get(f"{AUTHORS}/{shown['id']}").json()
    assert detail == {
        **shown,
        "figures": {"approved": 0, "rejected": 0, "in_review": 0, "pending": 1, "reports": 0, "reports_upheld": 0},
    }


def test_figures_count_what_became_of_the_contents(api, robin, platform):
    for decision in ("approve", "approve", "reject"):
        factories.DecidedContentFactory(client=platform, author=robin, decision=decision)
    reported = factories.InReviewContentFactory(client=platform, author=robin)
    factories.ReportFactory(content=reported)
    factories.ReportFactory(content=reported, status="upheld", resolved_at=timezone.now())
    figures = api.get(f"{AUTHORS}/{robin.public_id}").json()["figures"]
    assert figures == {
        "approved": 2,
        "rejected": 1,
        "in_review": 1,
        "pending": 0,
        "reports": 2,
        "reports_upheld": 1,
    }


def test_the_list_is_filtered_and_paged(api, platform):
    names = [f"u{number}" for number in range(5)]
    rows = [factories.AuthorFactory(client=platform, external_id=name) for name in names]
    Author.objects.filter(pk=rows[1].pk).update(trust="trusted")
    suspend_author(author=rows[2], actor="system", reason="Shouting")
    for parameters, found in [
        ({"external_id": "u3"}, ["u3"]),
        ({"trust": "trusted"}, ["u1"]),
        ({"suspended": "true"}, ["u2"]),
        ({"suspended": "false", "trust": "normal"}, ["u4", "u3", "u0"]),
    ]:
        assert [row["external_id"] for row in api.get(AUTHORS, **parameters).json()["results"]] == found
    first = api.get(AUTHORS, limit=3).json()
    second = api.client.get(first["next"], headers=api.headers).json()
    assert [row["external_id"] for page in (first, second) for row in page["results"]] == names[::-1]


@pytest.mark.parametrize(
    "parameters", [{"trust": "some"}, {"suspended": "1"}, {"externalid": "a"}, {"external_id": "a\x00"}]
)
def test_a_faulty_parameter_is_refused(api, parameters):
    answer = api.get(AUTHORS, **parameters)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")


def test_trust_is_changed_and_audited(api, robin):
    answer = patch(api, robin, {"trust": "trusted", "display_name": "Robin B."})
    assert (answer.status_code, answer.json()["trust"], answer.json()["display_name"]) == (200, "trusted", "Robin B.")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.subject_id, entry.actor[:7]) == ("author.changed", str(robin.pk), "key:re_")
    assert entry.data == {"changes": {"trust": ["normal", "trusted"], "display_name": "changed"}}


def test_a_change_that_changes_nothing_leaves_no_entry(api, robin):
    assert patch(api, robin, {"trust": "normal"}).status_code == 200
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("body", [{}, {"trust": None}, {"trust": "some"}, {"name": "a"}, {"display_name": "a\x00"}])
def test_a_faulty_change_is_refused(api, robin, body):
    answer = patch(api, robin, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert not AuditEntry.objects.exists()


def test_a_change_of_another_state_is_refused(api, robin):
    tag = api.get(f"{AUTHORS}/{robin.public_id}")["ETag"]
    changed = patch(api, robin, {"trust": "trusted"}, **{"If-Match": tag})
    assert (changed.status_code, changed["ETag"] != tag) == (200, True)
    late = patch(api, robin, {"trust": "restricted"}, **{"If-Match": tag})
    assert (late.status_code, late.json()["code"]) == (412, "precondition_failed")
    assert act(api, robin, "suspend", {"reason": "Shouting"}, **{"If-Match": tag}).status_code == 412
    assert Author.objects.get().trust == "trusted"


def test_new_content_does_not_make_a_tag_stale(api, robin, platform):
    tag = api.get(f"{AUTHORS}/{robin.public_id}")["ETag"]
    factories.DecidedContentFactory(client=platform, author=robin)
    assert patch(api, robin, {"trust": "trusted"}, **{"If-Match": tag}).status_code == 200


def test_a_suspension_ends_by_time_alone(api, robin):
    answer = act(api, robin, "suspend", {"duration_seconds": 3600, "reason": "Third warning"})
    assert answer.json()["suspended"] is True
    assert answer.json()["suspension"]["reason"] == "Third warning"
    robin.refresh_from_db()
    assert robin.suspended_until - robin.suspended_at == timedelta(hours=1)
    Author.objects.update(suspended_until=timezone.now() - timedelta(seconds=1))
    shown = api.get(f"{AUTHORS}/{robin.public_id}").json()
    assert (shown["suspended"], shown["suspension"]) == (False, None)
    assert api.get(AUTHORS, suspended="true").json()["results"] == []
    assert len(api.get(AUTHORS, suspended="false").json()["results"]) == 1


def test_a_suspension_names_its_end_or_has_none(api, robin):
    until = act(api, robin, "suspend", {"until": "2099-01-01T00:00:00+01:00", "reason": "Spam"}).json()
    assert until["suspension"]["until"] == "2098-12-31T23:00:00Z"
    assert act(api, robin, "suspend", {"reason": "Spam"}).json()["suspension"]["until"] is None
    assert [e.action for e in AuditEntry.objects.order_by("id")] == ["author.suspended"] * 2


def test_a_reinstated_author_is_suspended_no_more(api, robin):
    act(api, robin, "suspend", {"reason": "Spam"})
    assert act(api, robin, "reinstate").json()["suspended"] is False
    assert act(api, robin, "reinstate").status_code == 200
    assert [e.action for e in AuditEntry.objects.order_by("id")] == ["author.suspended", "author.reinstated"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reason": " "},
        {"reason": "a" * 1001},
        {"reason": "a\x00"},
        {"reason": "a", "until": 4_000_000_000},
        {"reason": "a", "until": "9999-12-31T23:59:59-23:00"},
        {"reason": "a", "duration_seconds": 0},
        {"reason": "a", "duration_seconds": 10**30},
        {"reason": "a", "duration_seconds": True},
        {"reason": "a", "duration_seconds": 5, "until": "2099-01-01T00:00:00Z"},
        {"reason": "a", "days": 1},
    ],
)
def test_a_faulty_suspension_is_refused(api, robin, body):
    answer = act(api, robin, "suspend", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert not AuditEntry.objects.exists()


def test_a_time_without_a_zone_is_refused(api, robin):
    answer = act(api, robin, "suspend", {"reason": "a", "until": "2099-01-01T00:00:00"})
    fault = answer.json()["errors"][0]
    assert (answer.status_code, fault["pointer"], fault["code"]) == (422, "/until", "invalid_format")
    assert fault["detail"] == "has no time zone; write it such as 2026-11-21T08:00:00Z"


def test_a_suspension_that_would_be_over_is_refused(api, robin):
    answer = act(api, robin, "suspend", {"reason": "a", "until": "2020-01-01T00:00:00Z"})
    fault = {"pointer": "/until", "code": "in_the_past", "detail": "must lie in the future"}
    assert (answer.status_code, answer.json()["errors"]) == (422, [fault])
    assert Author.objects.get().suspended_at is None


@pytest.mark.parametrize("path", ["", "/history", "/suspend", "/reinstate"])
def test_another_clients_author_is_as_good_as_absent(api, stranger, path):
    theirs = factories.AuthorFactory(client=stranger)
    send = api.post if path in ("/suspend", "/reinstate") else api.get
    arguments = ({"reason": "Spam"},) if path in ("/suspend", "/reinstate") else ()
    found = [
        send(f"{AUTHORS}/{name}{path}", *arguments)
        for name in (theirs.public_id, "019a0000-0000-7000-8000-000000000000", theirs.pk, "none")
    ]
    bodies = [{**answer.json(), "instance": "", "request_id": ""} for answer in found]
    assert [answer.status_code for answer in found] == [404] * 4
    assert all(body == bodies[1] for body in bodies)


@pytest.mark.parametrize("verb", ["suspend", "reinstate"])
def test_reading_is_not_writing(api_of, platform, robin, verb):
    reader = api_of(ApiKey.issue(client=platform, scopes=["authors:read"]))
    writer = api_of(ApiKey.issue(client=platform, scopes=["authors:write"]))
    assert act(reader, robin, verb, {"reason": "Spam"}).json()["code"] == "missing_scope"
    assert patch(reader, robin, {"trust": "trusted"}).status_code == 403
    assert writer.get(AUTHORS).status_code == 403
    assert writer.get(f"{AUTHORS}/{robin.public_id}/history").status_code == 403


def test_content_of_a_suspended_author_goes_to_a_person(api, robin):
    sent = {"text": "The soup was warm.", "author": "u1", "mode": "sync"}
    assert api.post("/api/v1/content", {**sent, "external_id": "a"}).json()["decision"] == "approve"
    act(api, robin, "suspend", {"reason": "Spam"})
    held = api.post("/api/v1/content", {**sent, "external_id": "b"}).json()
    assert (held["decision"], held["rule"]) == ("review", "suspended-author")
    act(api, robin, "reinstate")
    assert api.post("/api/v1/content", {**sent, "external_id": "c"}).json()["decision"] == "approve"
    assert Content.objects.count() == 3
