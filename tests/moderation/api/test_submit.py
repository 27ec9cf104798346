"""POST /api/v1/content: what is accepted, and what the answer says."""

import pytest

from moderation.models import Author, Content, ContentVersion, Policy
from moderation.pipeline import drain

pytestmark = pytest.mark.django_db
SOUP = {"external_id": "post-1", "text": "The soup was warm."}


def test_a_submission_is_stored_before_it_is_answered(api, platform):
    answer = api.post("/api/v1/content", SOUP)
    assert answer.status_code == 202
    row = Content.objects.get()
    assert answer.json() == {"id": str(row.pk), "external_id": "post-1", "version": 1, "status": "pending"}
    assert (row.client, row.text, row.version) == (platform, "The soup was warm.", 1)


def test_everything_that_is_sent_is_kept(api):
    context = {"conversation_id": "thread", "parent_external_id": "post-0", "url": "https://example.org/1"}
    author = {"external_id": "u1", "display_name": "Anna", "reach": 1200}
    body = {**SOUP, "author": author, "context": context, "metadata": {"likes": 3}, "language": "en-GB"}
    shown = api.get(f"/api/v1/content/{api.post('/api/v1/content', body).json()['id']}").json()
    assert shown["author"] == author
    assert shown["context"] == context
    assert (shown["metadata"], shown["language"], shown["text"]) == ({"likes": 3}, "en-GB", "The soup was warm.")


def test_what_is_not_sent_of_an_author_stays(api):
    for number, author in enumerate(({"id": "u1", "name": "Anna", "reach": 5}, {"id": "u1"}, {"id": "u1", "reach": 9})):
        api.post("/api/v1/content", {**SOUP, "external_id": f"p{number}", "author": author})
    author = Author.objects.get()
    assert (author.display_name, author.reach) == ("Anna", 9)


@pytest.mark.parametrize("reach", [-1, 2**31, "12", 1.5, True])
def test_reach_is_a_number_of_people(api, reach):
    answer = api.post("/api/v1/content", {**SOUP, "author": {"id": "u1", "reach": reach}})
    assert (answer.status_code, Author.objects.exists()) == (422, False)


def test_an_author_may_be_just_an_id(api):
    api.post("/api/v1/content", {**SOUP, "author": "u1"})
    assert Author.objects.get().external_id == "u1"


def test_the_same_text_again_answers_what_is_there(api):
    first = api.post("/api/v1/content", SOUP).json()
    again = api.post("/api/v1/content", SOUP)
    assert (again.status_code, again.json()) == (202, first)
    assert Content.objects.count() == 1


def test_a_decided_item_is_answered_in_full_when_it_is_sent_again(api):
    api.post("/api/v1/content", SOUP)
    drain()
    again = api.post("/api/v1/content", SOUP)
    assert again.status_code == 200
    assert (again.json()["status"], again.json()["decision"]) == ("decided", "approve")


def test_a_new_text_makes_a_new_version_that_is_moderated_again(api):
    first = api.post("/api/v1/content", SOUP).json()
    drain()
    edited = api.post("/api/v1/content", {**SOUP, "text": "The soup was cold."})
    assert (edited.status_code, edited.json()["id"], edited.json()["status"]) == (202, first["id"], "pending")
    row = Content.objects.get()
    assert (row.version, row.text, row.decision, row.attempts) == (2, "The soup was cold.", None, 0)
    assert ContentVersion.objects.get().text == "The soup was warm."


@pytest.mark.parametrize(
    ("extra", "headers", "applied"),
    [
        ({"mode": "sync"}, {}, "wait=30"),
        ({}, {"Prefer": "wait=5"}, "wait=5"),
        ({}, {"Prefer": 'respond-async, WAIT = "7"'}, "wait=7"),
        ({}, {"Prefer": "wait=99999"}, "wait=30"),
    ],
)
def test_a_client_that_waits_gets_the_decision(api, extra, headers, applied):
    answer = api.post("/api/v1/content", {**SOUP, **extra}, **headers)
    assert answer.status_code == 200
    assert answer["Preference-Applied"] == applied
    body = answer.json()
    assert (body["status"], body["decision"], body["source"]) == ("decided", "approve", "policy")
    assert body["policy"] == {"name": "default", "version": 1}
    assert set(body["detectors"]) == {"pii", "text", "term_lists", "urls", "spam_rules"}
    assert body["not_covered"] == ["nsfw_image"]
    assert 0 <= body["scores"]["toxicity"] < 0.5


def test_an_answer_shows_what_made_it_and_where(api):
    body = {**SOUP, "text": "Thank you for nothing, you stupid idiot.", "mode": "sync"}
    answer = api.post("/api/v1/content", body).json()
    assert (answer["status"], answer["decision"]) == ("in_review", "review")
    reason = answer["reasons"][0]
    assert answer["rule"] == reason["rule"]
    assert reason["score"] >= reason["threshold"]
    spans = [answer["reasons"] and body["text"][e["start"] : e["end"]] for e in answer["evidence"]]
    assert any("idiot" in span for span in spans)


def test_a_policy_can_be_named(api):
    api.post("/api/v1/content", {**SOUP, "mode": "sync"})
    assert Policy.objects.get().slug == "default"
    assert api.post("/api/v1/content", {**SOUP, "external_id": "post-2", "policy": "default"}).status_code == 202
    assert Content.objects.get(external_id="post-2").policy.slug == "default"
