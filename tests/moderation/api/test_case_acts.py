"""Review cases over the API: claimed, held and decided by people of somebody's own console."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from moderation.models import ApiKey, AuditEntry, Content, Decision, RejectionReason, ReviewCase
from moderation.retention import erase_contents
from moderation.review.claims import claim_case
from moderation.review.holds import release_due_holds
from reviewengine import conf
from tests import factories

pytestmark = pytest.mark.django_db
CASES = "/api/v1/review/cases"


def claim(api, moderator="alice", **more) -> dict:
    return api.post(f"{CASES}/claim", {"moderator": moderator, **more}).json()


def decision_on(claimed: dict, moderator="alice", **more) -> dict:
    held = {"moderator": moderator, "lease_token": claimed["claim"]["lease_token"]}
    return {**held, "content_version": claimed["content_version"], "outcome": "approve", **more}


def decide(api, claimed: dict, **more):
    return api.post(f"{CASES}/{claimed['id']}/decide", decision_on(claimed, **more))


def test_a_case_that_a_report_opened_is_decided(api, alice, platform):
    content = factories.DecidedContentFactory(client=platform)
    api.post("/api/v1/reports", {"content_id": str(content.pk), "reporter": "u7", "reason": "insult"})
    claimed = claim(api)
    assert decide(api, claimed, outcome="reject", reasoning="An insult").json()["status"] == "resolved"
    assert api.get(f"{CASES}/{claimed['id']}").json()["reports"][0]["status"] == "upheld"


def test_the_next_case_is_claimed_with_a_token_that_nobody_else_is_told(api, alice, case):
    claimed = claim(api)
    assert (claimed["id"], claimed["claim"]["moderator"]) == (str(case.pk), "alice")
    case.refresh_from_db()
    assert claimed["claim"]["lease_token"] == str(case.lease_token)
    shown = api.get(f"{CASES}/{case.pk}").json()["claim"]
    assert shown == {name: claimed["claim"][name] for name in ("moderator", "claimed_at", "expires_at")}


def test_the_case_that_is_held_already_comes_again(api, alice, case):
    first, again = claim(api), claim(api)
    assert first["id"] == again["id"]
    assert first["claim"]["lease_token"] != again["claim"]["lease_token"]


def test_nothing_waits(api, alice, foreign_case):
    answer = api.post(f"{CASES}/claim", {"moderator": "alice"})
    assert (answer.status_code, answer.content) == (204, b"")


def test_only_cases_of_the_clients_own_are_handed_out(api, api_of, alice, case, foreign_case, stranger):
    other = api_of(ApiKey.issue(client=stranger, scopes=["cases:write"]))
    assert claim(other)["id"] == str(foreign_case.pk)
    # She holds the stranger's case now; the platform is handed its own all the same.
    assert claim(api)["id"] == str(case.pk)


def test_skipped_cases_of_the_client_come_back_when_asked_for(api, alice, platform, foreign_case):
    factories.CaseFactory.create_batch(2, content__client=platform)
    seen = []
    for _ in range(2):
        claimed = claim(api)
        seen.append(claimed["id"])
        held = {"moderator": "alice", "lease_token": claimed["claim"]["lease_token"]}
        assert api.post(f"{CASES}/{claimed['id']}/skip", held).status_code == 204
    assert api.post(f"{CASES}/claim", {"moderator": "alice"}).status_code == 204
    assert claim(api, skipped=True)["id"] == seen[0]


def test_one_queue_alone(api, alice, case, platform):
    spam = factories.QueueFactory(slug="spam", name="Spam")
    wanted = factories.CaseFactory(content__client=platform, queue=spam, priority=1)
    assert claim(api, queue="spam")["id"] == str(wanted.pk)


def test_a_claim_is_renewed_and_given_back(api, alice, case):
    claimed = claim(api)
    held = {"moderator": "alice", "lease_token": claimed["claim"]["lease_token"]}
    renewed = api.post(f"{CASES}/{case.pk}/renew", held).json()
    assert renewed["lease_token"] == held["lease_token"]
    assert renewed["expires_at"] > claimed["claim"]["expires_at"]
    assert api.post(f"{CASES}/{case.pk}/release", held).status_code == 204
    assert api.post(f"{CASES}/{case.pk}/release", held).status_code == 204
    lost = api.post(f"{CASES}/{case.pk}/renew", held)
    assert (lost.status_code, lost.json()["code"]) == (409, "claim_lost")


def test_a_case_that_somebody_holds_is_not_claimed(api, alice, bob, case):
    claim(api)
    answer = api.post(f"{CASES}/{case.pk}/claim", {"moderator": "bob"})
    assert (answer.status_code, answer.json()["code"]) == (409, "claimed")
    assert answer.json()["detail"] == "alice holds this case now."
    assert api.post(f"{CASES}/{case.pk}/claim", {"moderator": "alice"}).json()["claim"]["moderator"] == "alice"


def test_a_decision_is_the_moderators_and_the_audit_names_the_key_too(api, alice, case, platform):
    answer = decide(api, claim(api), outcome="reject", reasoning="Too much soup", private_note="third time")
    body = answer.json()
    assert (answer.status_code, body["status"], body["decision"]["outcome"]) == (200, "resolved", "reject")
    assert (body["decision"]["moderator"], body["decision"]["source"]) == ("alice", "moderator")
    entry = AuditEntry.objects.get(action="decision.recorded")
    assert (entry.actor, entry.data["via"]) == ("user:alice", f"key:{ApiKey.objects.get(client=platform).prefix}")
    content = Content.objects.get(pk=case.content_id)
    assert (content.status, content.decision) == ("decided", "reject")
    assert "third time" not in answer.content.decode()


def test_the_same_decision_again_answers_what_is_stored(api, alice, case):
    claimed = claim(api)
    first, again = (decide(api, claimed, reasoning="Fine").json() for _ in range(2))
    assert first["decision"] == again["decision"]
    assert Decision.objects.filter(moderator=alice).count() == 1


@pytest.mark.parametrize("change", [{"outcome": "reject", "reasoning": "No"}, {"reasoning": "Better words"}])
def test_another_decision_under_the_same_claim_is_refused(api, alice, case, change):
    claimed = claim(api)
    decide(api, claimed)
    answer = decide(api, claimed, **change)
    assert (answer.status_code, answer.json()["code"]) == (409, "decided")
    assert answer.json()["detail"].startswith("You have already approved this case at ")
    assert Decision.objects.filter(moderator=alice).count() == 1


def test_a_decision_under_a_lost_claim_is_not_stored(api, alice, bob, case):
    stale = claim(api)
    ReviewCase.objects.update(lease_expires_at=timezone.now() - timedelta(minutes=1))
    claim(api, moderator="bob")
    answer = decide(api, stale)
    assert (answer.status_code, answer.json()["code"]) == (409, "claim_lost")
    assert answer.json()["detail"] == "Your claim on this case has ended, and bob holds it now."
    assert not Decision.objects.filter(source="moderator").exists()


def test_a_decision_on_a_text_that_was_edited_is_not_stored(api, alice, case):
    claimed = claim(api)
    api.post("/api/v1/content", {"external_id": case.content.external_id, "text": "Another soup."})
    answer = decide(api, claimed)
    assert (answer.status_code, answer.json()["code"]) == (409, "edited")
    assert "you saw version 1, it is now at version 2" in answer.json()["detail"]
    assert not Decision.objects.filter(source="moderator").exists()


def test_a_decision_on_a_text_that_was_erased_is_not_stored(api, alice, case):
    claimed = claim(api)
    erase_contents(contents=[Content.objects.get(pk=case.content_id)], actor="system", reason="asked for")
    answer = decide(api, claimed)
    assert (answer.status_code, answer.json()["code"]) == (409, "erased")


def test_a_rejection_says_why(api, alice, case):
    answer = decide(api, claim(api), outcome="reject", reasoning="  ")
    fault = {"pointer": "/reasoning", "code": "missing", "detail": "say why you reject"}
    assert (answer.status_code, answer.json()["errors"]) == (422, [fault])


def test_whoever_may_not_decide_is_as_good_as_absent(api, case, charlie, alice, auditor):
    alice.is_active = False
    alice.save()
    for name in ("charlie", "nobody", "alice", "auditor"):
        answer = api.post(f"{CASES}/claim", {"moderator": name})
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/moderator")
        assert "console who may decide cases" in answer.json()["errors"][0]["detail"]


def test_a_moderator_works_in_his_own_queues_alone(api, alice, platform):
    closed = factories.QueueFactory(slug="leads", name="Leads", group_names=["lead"])
    case = factories.CaseFactory(content__client=platform, queue=closed)
    assert api.post(f"{CASES}/claim", {"moderator": "alice"}).status_code == 204
    answer = api.post(f"{CASES}/{case.pk}/claim", {"moderator": "alice"})
    assert (answer.status_code, answer.json()["code"]) == (403, "moderator_not_allowed")
    assert "You may not work in this queue" in answer.json()["detail"]


def test_another_clients_case_looks_absent(api, alice, foreign_case):
    held = {"moderator": "alice", "lease_token": str(uuid4())}
    whole = {**held, "content_version": 1, "outcome": "approve"}
    bodies = {"claim": {"moderator": "alice"}, "renew": held, "release": held, "skip": held, "decide": whole}
    for act, body in bodies.items():
        found = [api.post(f"{CASES}/{one}/{act}", body) for one in (foreign_case.pk, uuid4(), "nonsense")]
        assert {answer.status_code for answer in found} == {404}
        assert len({str({**a.json(), "instance": "", "request_id": ""}) for a in found}) == 1
    assert api.get(f"{CASES}/{foreign_case.pk}").status_code == 404
    foreign_case.refresh_from_db()
    assert (foreign_case.claimed_by, foreign_case.status) == (None, "open")


@pytest.mark.parametrize(
    "body",
    [
        b"\xff",
        b'{"moderator": "\\ud800"}',
        b"[" * 5000,
        {"moderator": "al\x00ice"},
        {"moderator": ["alice"]},
        {"moderator": "alice", "rank": 1},
        {"moderator": "alice", "queue": "no-such-queue"},
        {"moderator": "alice", "queue": "\x00"},
        {"moderator": "alice", "lease_token": "x", "content_version": 2**70, "outcome": "review"},
        {"moderator": "alice", "lease_token": 5, "content_version": "1", "outcome": 1, "private_note": "\x00"},
        [],
    ],
)
def test_bad_bodies_are_refused_and_change_nothing(api, alice, case, body):
    for act in ("claim", f"{case.pk}/decide"):
        assert api.post(f"{CASES}/{act}", body).status_code in (400, 422)
    case.refresh_from_db()
    assert (case.claimed_by, case.status) == (None, "open")


def test_a_fourth_case_at_once_is_refused_and_names_only_the_callers_own(api, alice, platform, foreign_case):
    own = factories.CaseFactory.create_batch(3, content__client=platform)
    for case in (*own[:2], foreign_case):
        claim_case(case_id=case.pk, moderator=alice)
    answer = api.post(f"{CASES}/{own[2].pk}/claim", {"moderator": "alice"})
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "too_many_held")
    assert all(str(case.pk) in problem["detail"] for case in own[:2])
    assert str(foreign_case.pk) not in problem["detail"]
    assert not ReviewCase.objects.filter(pk=own[2].pk, claimed_by=alice).exists()


def test_cases_that_measure_the_moderator_are_not_named(api, alice, platform):
    until = timezone.now() + timedelta(hours=1)
    held = {"assigned_to": alice, "assigned_until": until, "on_hold_until": until}
    mine = factories.CaseFactory(content__client=platform, **held)
    double = factories.DoubleCaseFactory(first_decision__content__client=platform, **held)
    factories.CaseFactory(content__client=platform, **held)
    other = factories.CaseFactory(content__client=platform)
    problem = api.post(f"{CASES}/{other.pk}/claim", {"moderator": "alice"}).json()
    assert problem["code"] == "too_many_held"
    assert (str(mine.pk) in problem["detail"], str(double.pk) in problem["detail"]) == (True, False)


def test_a_decision_that_does_not_count_yet_is_told_to_nobody(api, alice, case, monkeypatch):
    options = conf.load()
    review = options.review.model_copy(update={"undo_seconds": 10})
    monkeypatch.setattr(conf, "load", lambda: options.model_copy(update={"review": review}))
    claimed = claim(api)
    body = decide(api, claimed, outcome="reject", reasoning="Rude.").json()
    assert (body["status"], body["decision"]) == ("decided", None)
    assert api.get(f"{CASES}/{case.pk}").json()["decision"] is None
    release_due_holds(now=timezone.now() + timedelta(minutes=1))
    assert api.get(f"{CASES}/{case.pk}").json()["decision"]["reasoning"] == "Rude."


def test_a_label_is_that_of_a_rejection_reason(api, alice, case):
    claimed = claim(api)
    for wrong, code in [
        ({"outcome": "reject", "label": "no-such-reason"}, "unknown_value"),
        ({"outcome": "approve", "label": "spam"}, "invalid"),
    ]:
        answer = decide(api, claimed, **wrong)
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/label")
        assert answer.json()["errors"][0]["code"] == code
    first = decide(api, claimed, outcome="reject", label="spam").json()["decision"]
    assert (first["label"], first["reasoning"]) == ("spam", RejectionReason.objects.get(label="spam").text)
    assert decide(api, claimed, outcome="reject", label="spam").json()["decision"] == first
    assert decide(api, claimed, outcome="reject", label="hate").status_code == 409
