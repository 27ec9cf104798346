"""The API's decisions: the record, its chain and reasons, and overriding with a reason."""

from datetime import timedelta

import pytest
from django.utils import timezone

from moderation.enums import CaseStatus, Outcome
from moderation.models import ApiKey, AuditEntry, Content, Decision, ReviewCase
from moderation.review.claims import claim_next
from moderation.review.holds import release_due_holds
from moderation.review.resolve import resolve_case
from tests import factories

pytestmark = pytest.mark.django_db
DECISIONS = "/api/v1/decisions"


@pytest.fixture
def content(platform) -> Content:
    """A content that the policy approved."""
    content = factories.DecidedContentFactory(client=platform, external_id="post-1")
    result = factories.ResultFactory(content=content, outcome=Outcome.APPROVE, rule="default")
    factories.PolicyDecisionFactory(content=content, result=result, rule="default")
    return content


def wish(content: Content, **changes) -> dict:
    return {"content_id": str(content.pk), "outcome": "reject", "reasoning": "It quotes a private letter.", **changes}


def test_an_override_is_a_new_decision(api, content):
    answer = api.post(DECISIONS, wish(content))
    policy, ours = Decision.objects.order_by("created_at", "id")
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/decisions/{ours.pk}")
    assert answer.json() == {
        "id": str(ours.pk),
        "content_id": str(content.pk),
        "external_id": "post-1",
        "content_version": 1,
        "outcome": "reject",
        "source": "api",
        "rule": "default",
        "label": "",
        "reasoning": "It quotes a private letter.",
        "overrides": str(policy.pk),
        "created_at": answer.json()["created_at"],
    }
    shown = api.get(f"/api/v1/content/{content.pk}").json()
    assert (shown["decision"], shown["source"], shown["reasoning"]) == ("reject", "api", "It quotes a private letter.")
    assert AuditEntry.objects.get().actor.startswith("key:re_")


def test_a_decision_explains_itself_and_what_it_replaced(api, content):
    policy = Decision.objects.get()
    first = api.post(DECISIONS, wish(content)).json()
    second = api.post(DECISIONS, wish(content, outcome="approve")).json()
    shown = api.get(f"{DECISIONS}/{second['id']}").json()
    assert {name: shown[name] for name in second} == second
    assert [one["id"] for one in shown["overridden"]] == [first["id"], str(policy.pk)]
    assert shown["overridden_by"] is None
    result = shown["result"]
    assert (result["rule"], result["scores"], result["detectors"]) == (
        "default",
        {"toxicity": 0.71, "spam": 0.02},
        {"text": "test"},
    )
    assert result["reasons"][0]["category"] == "toxicity"
    assert api.get(f"{DECISIONS}/{policy.pk}").json()["overridden_by"] == first["id"]


def test_real_decisions_of_the_policy_are_told(api):
    sent = {"external_id": "a", "text": "The soup was warm.", "mode": "sync"}
    content_id = api.post("/api/v1/content", sent).json()["id"]
    (shown,) = api.get(DECISIONS, content_id=content_id).json()["results"]
    assert (shown["source"], shown["outcome"], shown["overrides"]) == ("policy", "approve", None)
    detail = api.get(f"{DECISIONS}/{shown['id']}").json()
    assert detail["result"]["policy"] == {"name": "default", "version": 1}
    assert detail["result"]["identified_language"] == "en"


def test_private_notes_and_persons_are_not_told(api, content):
    decision = factories.ModeratorDecisionFactory(
        content=content, private_note="Knows my sister", moderator__username="zoe"
    )
    told = api.get(DECISIONS).content + api.get(f"{DECISIONS}/{decision.pk}").content
    assert b"sister" not in told
    assert b"zoe" not in told


def test_the_list_is_filtered(api, content, platform):
    other = factories.DecidedContentFactory(client=platform, external_id="post-2", decision="reject")
    factories.ModeratorDecisionFactory(content=other)
    for parameters, found in [
        ({}, ["post-2", "post-1"]),
        ({"content_id": str(content.pk)}, ["post-1"]),
        ({"external_id": "post-2"}, ["post-2"]),
        ({"outcome": "reject"}, ["post-2"]),
        ({"source": "policy"}, ["post-1"]),
        ({"created_after": "2020-01-01T00:00:00Z"}, ["post-2", "post-1"]),
        ({"created_before": "2020-01-01T00:00:00Z"}, []),
    ]:
        assert [row["external_id"] for row in api.get(DECISIONS, **parameters).json()["results"]] == found


def test_the_list_is_walked_by_cursors_in_one_query_a_page(api, content, django_assert_num_queries):
    rows = [str(factories.ModeratorDecisionFactory(content=content).pk) for _ in range(3)]
    first = api.get(DECISIONS, limit=2).json()
    with django_assert_num_queries(1):
        second = api.client.get(first["next"], headers=api.headers).json()
    assert [row["id"] for page in (first, second) for row in page["results"]][:3] == rows[::-1]


def test_a_held_case_is_closed(api, platform, alice):
    content = factories.CaseFactory(content__client=platform).content
    case = claim_next(moderator=alice)
    assert api.post(DECISIONS, wish(content)).status_code == 201
    case.refresh_from_db()
    assert (case.status, case.decision.source) == (CaseStatus.RESOLVED, "api")


def test_waiting_content_is_refused_with_the_time_to_wait(api, platform):
    answer = api.post(DECISIONS, wish(factories.ContentFactory(client=platform)))
    assert (answer.status_code, answer.json()["code"], answer["Retry-After"]) == (409, "conflict", "1")
    assert not Decision.objects.exists()


def test_erased_content_is_refused(api, content):
    api.delete(f"/api/v1/content/{content.pk}")
    answer = api.post(DECISIONS, wish(content))
    assert (answer.status_code, answer.json()["code"], "Retry-After" in answer) == (409, "conflict", False)


def test_an_override_of_a_decision_that_is_not_the_newest_is_refused(api, content):
    meant = str(Decision.objects.get().pk)
    assert api.post(DECISIONS, wish(content, if_decision_id=meant)).status_code == 201
    late = api.post(DECISIONS, wish(content, outcome="approve", if_decision_id=meant))
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert Decision.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"reasoning": ""}, "/reasoning"),
        ({"reasoning": " \n"}, "/reasoning"),
        ({"reasoning": "a" * 1001}, "/reasoning"),
        ({"reasoning": "a\x00"}, "/reasoning"),
        ({"reasoning": None}, "/reasoning"),
        ({"outcome": "review"}, "/outcome"),
        ({"outcome": True}, "/outcome"),
        ({"if_decision_id": "x"}, "/if_decision_id"),
        ({"external_id": "post-1"}, ""),
        ({"private_note": "a"}, "/private_note"),
    ],
)
def test_a_faulty_override_is_refused(api, content, changes, pointer):
    answer = api.post(DECISIONS, wish(content, **changes))
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("raw", [b"\xff", b'{"reasoning": "\\ud800"}', b"[" * 9999, b"[]", b""])
def test_what_is_no_json_object_is_refused(api, raw):
    assert api.post(DECISIONS, raw).json()["code"] == "invalid_json"


@pytest.mark.parametrize("parameters", [{"source": "me"}, {"outcome": "maybe"}, {"created_after": "7"}, {"rule": "a"}])
def test_a_faulty_parameter_is_refused(api, parameters):
    answer = api.get(DECISIONS, **parameters)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_parameter")


def test_another_clients_content_and_decisions_are_as_good_as_absent(api, stranger):
    theirs = factories.DecidedContentFactory(client=stranger)
    decision = factories.ModeratorDecisionFactory(content=theirs)
    refused = api.post(DECISIONS, wish(theirs))
    absent = api.post(DECISIONS, wish(theirs, content_id="019a0000-0000-7000-8000-000000000000"))
    assert (refused.status_code, absent.status_code) == (404, 404)
    assert refused.json()["errors"] == absent.json()["errors"]
    assert api.get(f"{DECISIONS}/{decision.pk}").status_code == 404
    assert api.get(f"{DECISIONS}/none").status_code == 404
    assert api.get(DECISIONS).json()["results"] == []
    assert Decision.objects.count() == 1


def test_reading_is_not_writing(api_of, platform, content):
    reader = api_of(ApiKey.issue(client=platform, scopes=["decisions:read"]))
    writer = api_of(ApiKey.issue(client=platform, scopes=["decisions:write"]))
    assert reader.post(DECISIONS, wish(content)).json()["code"] == "missing_scope"
    made = writer.post(DECISIONS, wish(content))
    assert made.status_code == 201
    assert writer.get(DECISIONS).status_code == writer.get(made["Location"]).status_code == 403


def test_a_held_decision_is_nobodys_yet(api, content, alice, review_options):
    review_options(undo_seconds=10)
    ReviewCase.objects.create(
        content=content,
        client=content.client,
        content_version=1,
        queue=factories.QueueFactory(),
        source="report",
        due_at=timezone.now(),
    )
    case = claim_next(moderator=alice)
    held = resolve_case(
        case_id=case.pk,
        moderator=alice,
        lease_token=case.lease_token,
        content_version=1,
        outcome=Outcome.REJECT,
        label="spam",
    ).decision
    assert str(held.pk) not in [one["id"] for one in api.get(DECISIONS).json()["results"]]
    assert api.get(f"{DECISIONS}/{held.pk}").status_code == 404
    release_due_holds(now=timezone.now() + timedelta(minutes=1))
    assert (api.get(f"{DECISIONS}/{held.pk}").json()["label"], api.get(DECISIONS).json()["results"][0]["id"]) == (
        "spam",
        str(held.pk),
    )
