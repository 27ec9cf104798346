"""The discovery document says what the door takes, and where it stands."""

import pytest
from pydantic.alias_generators import to_camel

from moderation.api.perspective import shapes

pytestmark = pytest.mark.django_db
ADDRESSES = [
    "/$discovery/rest?version=v1alpha1",
    "/$discovery/rest",
    "/discovery/v1/apis/commentanalyzer/v1alpha1/rest",
]
MESSAGES = {
    "TextEntry": shapes.TextEntry,
    "ArticleAndParentComment": shapes.ArticleAndParentComment,
    "Context": shapes.Context,
    "AttributeParameters": shapes.AttributeParameters,
    "AnalyzeCommentRequest": shapes.AnalyzeRequest,
    "Score": shapes.Score,
    "SpanScore": shapes.SpanScore,
    "AttributeScores": shapes.AttributeScores,
    "SuggestCommentScoreRequest": shapes.SuggestRequest,
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_document_names_the_address_that_was_asked(client, address):
    answer = client.get(address, headers={"Host": "localhost:8123"})
    assert answer.status_code == 200
    assert (answer.json()["rootUrl"], answer.json()["servicePath"]) == ("http://localhost:8123/", "")
    assert not answer.cookies


def test_a_key_and_its_like_may_stand_in_the_address(client):
    assert client.get("/$discovery/rest?version=v1alpha1&key=anything").status_code == 200


def test_there_is_one_version(client):
    assert client.get("/$discovery/rest?version=v1").status_code == 404
    assert client.post("/$discovery/rest").status_code == 405


def test_every_message_is_described_as_it_is_read(client):
    described = client.get(ADDRESSES[0]).json()["schemas"]
    for name, message in MESSAGES.items():
        assert set(described[name]["properties"]) == {to_camel(field) for field in message.model_fields}, name


def test_every_reference_leads_somewhere(client):
    document = client.get(ADDRESSES[0]).json()

    def references(value):
        if isinstance(value, dict):
            yield from [value["$ref"]] if "$ref" in value else []
            value = list(value.values())
        if isinstance(value, list):
            for one in value:
                yield from references(one)

    assert set(references(document)) <= set(document["schemas"])
