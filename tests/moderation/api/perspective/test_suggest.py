"""POST /v1alpha1/comments:suggestscore: what a client says becomes what the site adapter learns from."""

import pytest

from moderation.models import AdapterFeedback, ApiKey, AuditEntry
from moderation.site_adapter.examples import gather
from tests.moderation.api.perspective.conftest import SUGGEST, error_of, error_type

pytestmark = pytest.mark.django_db
SOUP = "Buy my soup, it is the best soup in town."


def rows() -> dict[str, float]:
    return dict(AdapterFeedback.objects.values_list("category", "score"))


def test_a_suggestion_is_kept_as_feedback_of_the_client(suggest, platform):
    answer = suggest(SOUP, {"SPAM": 0.9, "TOXICITY": 0}, languages=["en-GB"], clientToken="c-1", communityId="soups")
    assert (answer.status_code, answer.json()) == (200, {"clientToken": "c-1", "requestedLanguages": ["en-GB"]})
    assert rows() == {"spam": 0.9, "toxicity": 0.0}
    row = AdapterFeedback.objects.first()
    assert (row.client, row.text, row.language) == (platform, SOUP, "en-GB")
    assert not AuditEntry.objects.filter(action__contains="feedback").exists()


def test_the_adapter_learns_from_it(suggest):
    suggest(SOUP, {"SPAM": 0.9, "IDENTITY_ATTACK": 0.1})
    (example,) = gather(("spam", "hate"))
    assert (example.text, example.labels) == (SOUP, {"spam": True, "hate": False})


def test_what_is_said_last_counts(suggest):
    suggest(SOUP, {"SPAM": 0.9})
    suggest(SOUP, {"SPAM": 0.0})
    (example,) = gather(("spam",))
    assert example.labels == {"spam": False}


def test_a_comment_scored_in_spans_holds_what_its_worst_span_holds(keyless, key):
    spans = [{"begin": 0, "end": 4, "score": {"value": 0.2}}, {"begin": 4, "end": 9, "score": {"value": 0.7}}]
    body = {"comment": {"text": SOUP}, "attributeScores": {"SPAM": {"spanScores": spans}}}
    assert keyless.post(f"{SUGGEST}?key={key}", body).status_code == 200
    assert rows() == {"spam": 0.7}


def test_of_two_attributes_that_are_one_category_the_higher_counts(suggest):
    suggest(SOUP, {"PROFANITY": 0.2, "OBSCENE": 0.6})
    assert rows() == {"profanity": 0.6}


def test_tags_are_not_kept(keyless, key):
    body = {"comment": {"text": "<b>Soup</b> &amp; bread", "type": "HTML"}}
    keyless.post(f"{SUGGEST}?key={key}", {**body, "attributeScores": {"SPAM": {"summaryScore": {"value": 1}}}})
    assert AdapterFeedback.objects.get().text == "Soup & bread"


def test_what_may_not_be_stored_is_checked_and_forgotten(suggest):
    assert suggest(SOUP, {"SPAM": 0.9}, doNotStore=True).status_code == 200
    assert suggest(SOUP, {"SPAM": 9}, doNotStore=True).status_code == 400
    assert rows() == {}


def test_a_key_that_only_scores_teaches_nothing(keyless, score_key):
    body = {"comment": {"text": SOUP}, "attributeScores": {"SPAM": {"summaryScore": {"value": 1}}}}
    answer = keyless.post(f"{SUGGEST}?key={score_key}", body)
    assert (answer.status_code, error_of(answer)["status"]) == (403, "PERMISSION_DENIED")
    assert "content:write" in error_of(answer)["message"]
    assert rows() == {}


def test_a_key_that_only_writes_scores_nothing(keyless, platform):
    key = ApiKey.issue(client=platform, scopes=["content:write"])
    answer = keyless.post(f"/v1alpha1/comments:analyze?key={key}", {})
    assert (answer.status_code, error_of(answer)["status"]) == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, "COMMENT_EMPTY"),
        ({"comment": {"text": "x" * 20_481}}, "COMMENT_TOO_LONG"),
        ({"comment": {"text": SOUP}}, "INVALID_REQUEST"),
        ({"comment": {"text": SOUP}, "attributeScores": {"FLIRTATION": {"summaryScore": {}}}}, "INVALID_REQUEST"),
        ({"comment": {"text": SOUP}, "attributeScores": {"SPAM": {}}}, "INVALID_REQUEST"),
        ({"comment": {"text": SOUP}, "attributeScores": {"SPAM": {"summaryScore": {"value": -1}}}}, "INVALID_REQUEST"),
        ({"comment": {"text": "a\x00"}, "attributeScores": {"SPAM": {"summaryScore": {}}}}, "INVALID_REQUEST"),
        (
            {"comment": {"text": SOUP}, "attributeScores": {"SPAM": {"summaryScore": {"type": "RAW", "value": 1}}}},
            "INVALID_REQUEST",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_and_not_stored(keyless, key, body, kind):
    assert error_type(keyless.post(f"{SUGGEST}?key={key}", body)) == kind
    assert rows() == {}


def test_one_fault_leaves_nothing_behind(suggest):
    assert suggest(SOUP, {"SPAM": 0.9, "JOY": 1}).status_code == 400
    assert rows() == {}
