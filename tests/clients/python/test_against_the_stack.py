"""The client at the running stack: every resource does what its name says, over HTTP and with the real database."""

import asyncio
from datetime import UTC, datetime

import pytest
from reviewengine_client import (
    AsyncClient,
    ChangedMeanwhile,
    Conflict,
    Forbidden,
    NotAuthenticated,
    NotFound,
    NotValid,
    etag_of,
    request_id_of,
)
from reviewengine_client.resources import content as chunks

from moderation.models import Content, WebhookEvent
from tests import factories
from tests.images import photo

pytestmark = pytest.mark.django_db(transaction=True)
SPAM = "FREE entry! Claim your prize now at http://bit.ly/x7"


def items(number: int) -> list[dict]:
    return [{"external_id": f"c{n}", "text": f"Soup number {n} was warm."} for n in range(number)]


def in_review(platform):
    """A case that waits, of a content of the platform."""
    return factories.CaseFactory(content=factories.InReviewContentFactory(client=platform))


def test_a_content_is_submitted_decided_read_and_erased(engine):
    decided = engine.content.submit_and_wait(external_id="c1", text="See you at the lake.", author="u1")
    assert (decided["status"], decided["decision"]) == ("decided", "approve")
    found = engine.content.get(decided["id"])
    assert (found["text"], found["author"]["external_id"]) == ("See you at the lake.", "u1")
    assert request_id_of(found)
    assert engine.content.erase(decided["id"]) is None
    assert engine.content.get(decided["id"])["text"] is None


def test_the_same_content_again_stores_nothing(engine):
    first = engine.content.submit(external_id="c1", text="Soup")
    assert engine.content.submit(external_id="c1", text="Soup")["id"] == first["id"]
    assert Content.objects.count() == 1


def test_many_go_in_chunks_and_come_back_in_order(engine, monkeypatch):
    monkeypatch.setattr(chunks, "MOST_ITEMS", 3)
    sent = [*items(7), {"external_id": "faulty", "text": ""}]
    results = list(engine.content.submit_many(iter(sent)))
    assert [one["external_id"] for one in results] == [one["external_id"] for one in sent]
    assert [one["external_id"] for one in results if "error" in one] == ["faulty"]


def test_a_list_runs_over_its_pages(engine):
    list(engine.content.submit_many(items(120)))
    found = [one["external_id"] for one in engine.content.list(created_after=datetime(2020, 1, 1, tzinfo=UTC))]
    assert (len(found), len(set(found))) == (120, 120)
    assert [one["external_id"] for one in engine.content.list(external_id="c7")] == ["c7"]


def test_what_changed_comes_in_the_order_of_its_changes(engine):
    list(engine.content.submit_many(items(60)))
    engine.content.submit(external_id="c3", text="Another soup.")
    since = datetime(2020, 1, 1, tzinfo=UTC)
    found = [one["external_id"] for one in engine.content.list(order="updated", updated_after=since)]
    assert (len(found), len(set(found)), found[-1]) == (60, 60, "c3")


def test_a_stream_answers_line_by_line(engine):
    results = engine.content.stream([*items(3), {"external_id": "c9", "text": 3}])
    lines = list(results)
    assert [line["line"] for line in lines] == [1, 2, 3, 4]
    assert lines[3]["error"]["code"] == "validation_failed"
    assert (results.summary["stored"], results.summary["refused"], results.summary["complete"]) == (3, 1, True)


def test_images_are_uploaded_and_used(engine):
    media = engine.media.upload(photo())
    assert (media["format"], media["width"]) == ("jpeg", 320)
    assert engine.media.upload(photo())["id"] == media["id"]
    stored = engine.content.submit(external_id="c1", images=[{"media_id": media["id"]}])
    assert engine.content.get(stored["id"])["images"][0]["sha256"] == media["sha256"]


def test_an_image_is_taken_in_every_form(engine, tmp_path):
    (path := tmp_path / "a.jpg").write_bytes(photo())
    with path.open("rb") as file:
        media = [engine.media.upload(one)["id"] for one in (photo(), bytearray(photo()), path, str(path), file)]
    assert len(set(media)) == 1
    assert engine.score(images=[path])["review_engine"]["scores"]["nsfw_image"] < 0.5


def test_texts_and_images_are_scored_without_being_stored(engine):
    result = engine.score(SPAM)
    assert result["review_engine"]["decision"] in ("review", "reject")
    assert [one["flagged"] for one in engine.score_many(["Good soup.", SPAM])] == [False, True]
    assert len(list(engine.score_many(f"Good soup, number {n}." for n in range(130)))) == 130
    assert engine.score("Look!", images=[photo()])["review_engine"]["scores"]["nsfw_image"] < 0.5
    assert not Content.objects.exists()


def test_a_refused_score_names_the_place(engine):
    with pytest.raises(NotValid) as error:
        engine.score("")
    assert error.value.errors[0]["parameter"] == "input"


def test_an_author_is_changed_suspended_and_reinstated(engine):
    engine.content.submit_and_wait(external_id="c1", text="Soup", author={"external_id": "u1", "display_name": "Anna"})
    (author,) = engine.authors.list(external_id="u1")
    seen = engine.authors.get(author["id"])
    assert engine.authors.change(author["id"], trust="trusted", if_match=etag_of(seen))["trust"] == "trusted"
    with pytest.raises(ChangedMeanwhile):
        engine.authors.change(author["id"], trust="normal", if_match=etag_of(seen))
    assert engine.authors.suspend(author["id"], reason="Spam", duration_seconds=3600)["suspended"] is True
    assert engine.authors.reinstate(author["id"])["suspended"] is False
    acts = [line["act"]["action"] for line in engine.authors.history(author["id"]) if line["act"]]
    assert acts[:2] == ["author.reinstated", "author.suspended"]


def test_a_report_opens_a_case(engine):
    content = engine.content.submit_and_wait(external_id="c1", text="Good soup.")
    report = engine.reports.create(external_id="c1", reporter="u7", reason="insult", comment="Names me.")
    assert (report["content_id"], report["status"]) == (content["id"], "open")
    assert [one["id"] for one in engine.reports.list(reporter="u7")] == [report["id"]]
    assert engine.reports.get(report["id"])["case_id"]


def test_a_decision_is_overridden(engine):
    engine.content.submit_and_wait(external_id="c1", text="Good soup.")
    (first,) = engine.decisions.list(external_id="c1")
    made = engine.decisions.override(external_id="c1", outcome="reject", reasoning="Off topic here")
    assert (made["outcome"], made["source"]) == ("reject", "api")
    assert engine.decisions.get(made["id"])["id"] != first["id"]


def test_a_case_is_claimed_and_decided(engine, platform, alice):
    case = in_review(platform)
    assert [one["id"] for one in engine.cases.list()] == [str(case.pk)]
    assert engine.cases.queues()["results"]
    held = engine.cases.claim_next(moderator="alice")
    claim = {"moderator": "alice", "lease_token": held["claim"]["lease_token"]}
    assert engine.cases.renew(held["id"], **claim)
    version = engine.cases.get(held["id"])["content_version"]
    done = engine.cases.decide(held["id"], **claim, content_version=version, outcome="approve")
    assert done["status"] == "resolved"
    with pytest.raises(Conflict):
        engine.cases.decide(held["id"], **claim, content_version=version, outcome="reject", reasoning="Too late")
    assert engine.cases.claim_next(moderator="alice") is None


def test_a_case_is_given_back(engine, platform, alice):
    held = engine.cases.claim(str(in_review(platform).pk), moderator="alice")
    claim = {"moderator": "alice", "lease_token": held["claim"]["lease_token"]}
    assert engine.cases.release(held["id"], **claim) is None
    again = engine.cases.claim(held["id"], moderator="alice")["claim"]["lease_token"]
    assert engine.cases.skip(held["id"], moderator="alice", lease_token=again) is None


def test_policies_are_read_checked_and_tried(engine):
    engine.content.submit_and_wait(external_id="c1", text="Good soup.")
    (policy,) = engine.policies.list()
    assert [one["number"] for one in engine.policies.versions(policy["name"])] == [1]
    source = engine.policies.version("default", 1)["source"]
    assert engine.policies.validate(source)["valid"] is True
    assert engine.policies.validate("version: 1\nrules: 3")["valid"] is False
    assert engine.policies.get("default")["contents"]["default"] == "approve"
    assert engine.policies.evaluate(text=SPAM)["decision"] in ("review", "reject")


def test_a_term_list_is_made_filled_tried_and_deleted(engine):
    made = engine.term_lists.create(name="soups", category="spam", terms=["borscht"])
    assert engine.term_lists.add_terms("soups", ["goulash"])["changed"] == 1
    assert engine.term_lists.remove_terms("soups", ["borscht"])["term_count"] == 1
    assert list(engine.term_lists.terms("soups")) == ["goulash"]
    assert engine.term_lists.test("soups", "Hot goulash")["hits"][0]["start"] == 4
    assert engine.term_lists.change("soups", enabled=False)["enabled"] is False
    with pytest.raises(ChangedMeanwhile):
        engine.term_lists.delete("soups", if_match=etag_of(made) or '"none"')
    engine.term_lists.delete("soups")
    assert list(engine.term_lists.list()) == []
    with pytest.raises(NotFound):
        engine.term_lists.get("soups")


def test_a_hash_bank_is_made_filled_and_emptied(engine):
    engine.hash_banks.create(name="known", action="review", category="nsfw_image")
    by_image = engine.hash_banks.add_image("known", photo())
    by_hash = engine.hash_banks.add_entry("known", sha256="a" * 64)
    assert {one["id"] for one in engine.hash_banks.entries("known")} == {by_image["id"], by_hash["id"]}
    assert engine.hash_banks.entry("known", by_hash["id"])["sha256"] == "a" * 64
    engine.hash_banks.remove_entry("known", by_hash["id"])
    assert engine.hash_banks.change("known", enabled=False)["enabled"] is False
    assert engine.hash_banks.get("known")["name"] == "known"
    engine.hash_banks.delete("known")
    assert list(engine.hash_banks.list()) == []


def test_an_endpoint_is_added_changed_tested_and_told_again(engine):
    made = engine.webhook_endpoints.create(url="https://example.com/hook", event_types=["content.rejected"])
    assert made["secret"].startswith("whsec_")
    rotated = engine.webhook_endpoints.rotate_secret(made["id"], overlap_seconds=60)
    assert rotated["secret"] != made["secret"]
    event_id = engine.webhook_endpoints.test(made["id"])["id"]
    assert [one["id"] for one in engine.webhook_endpoints.events(made["id"])] == [event_id]
    assert engine.webhook_endpoints.event(event_id)["type"] == "endpoint.test"
    WebhookEvent.objects.update(status="dead")
    assert engine.webhook_endpoints.redeliver(made["id"]) == {"redelivered": 1}
    assert engine.webhook_endpoints.redeliver_event(event_id) == {"redelivered": 1}
    assert engine.webhook_endpoints.change(made["id"], enabled=False)["status"] == "disabled"
    engine.webhook_endpoints.delete(made["id"])
    assert list(engine.webhook_endpoints.list()) == []


def test_a_key_is_made_rotated_and_revoked(engine, live_server):
    made = engine.keys.create(name="importer", scopes=["content:read"])
    rotated = engine.keys.rotate(made["id"])
    assert rotated["new"]["key"] != made["key"]
    assert engine.keys.change(made["id"], name="old importer")["name"] == "old importer"
    assert engine.keys.revoke(made["id"])["key"]["status"] == "revoked"
    assert engine.keys.get(made["id"])["revoked_at"]
    assert made["id"] in {one["id"] for one in engine.keys.list()}


def test_figures_are_read(engine):
    engine.content.submit_and_wait(external_id="c1", text="Good soup.")
    assert engine.usage.get(group_by="door")["group_by"] == "door"
    assert engine.stats.get()["current"]["received"] == 1
    with pytest.raises(NotValid):
        engine.stats.get(first="yesterday")


def test_the_same_idempotency_key_has_one_effect(engine):
    engine.content.submit_and_wait(external_id="c1", text="Good soup.")
    once = engine.using(idempotency_key="report-1")
    first = once.reports.create(external_id="c1", reporter="u7", reason="spam")
    assert once.reports.create(external_id="c1", reporter="u7", reason="spam")["id"] == first["id"]
    with pytest.raises((Conflict, NotValid)) as error:
        once.reports.create(external_id="c1", reporter="u8", reason="spam")
    assert error.value.code == "idempotency_key_reused"


def test_refusals_have_types_of_their_own(engine, engine_with, live_server):
    with pytest.raises(NotFound):
        engine.content.get("01a20148-3704-76f8-b015-c8793bdd0fff")
    with pytest.raises(NotValid) as error:
        engine.content.submit(external_id="c1", text="a", languge="en")
    assert (error.value.errors[0]["pointer"], bool(error.value.request_id)) == ("/languge", True)
    with pytest.raises(Forbidden), engine_with("content:read") as reader:
        reader.content.submit(external_id="c1", text="a")
    with pytest.raises(NotAuthenticated), type(engine)(live_server.url, key="re_0000_wrong") as nobody:
        nobody.stats.get()


def test_the_awaited_client_does_the_same(live_server, key, engine, awaited):
    async def work() -> tuple:
        async with AsyncClient(live_server.url, key=key) as client:
            decided = await client.content.submit_and_wait(external_id="c1", text="Good soup.")
            results = [one async for one in client.content.submit_many(items(60))]
            listed = [one async for one in client.content.list()]
            stream = client.content.stream(items(2))
            lines = [one async for one in stream]
            scores = await asyncio.gather(*(client.score("Good soup.") for _ in range(5)))
            taken = (len(lines), stream.summary["unchanged"])
            return decided["decision"], len(results), len(listed), taken, len(scores)

    assert awaited(work()) == ("approve", 60, 60, (2, 2), 5)
