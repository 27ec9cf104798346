"""google-api-python-client, built from the document that we serve, as Perspective's users build it."""

import pytest
from googleapiclient import discovery
from googleapiclient.errors import HttpError

from moderation.models import AdapterFeedback

pytestmark = pytest.mark.django_db(transaction=True)
RUDE = "You are a stupid idiot."


@pytest.fixture
def build(live_server):
    """``build(key)``: the vendor's client; nothing but the address of the document is another than its users write."""
    clients = []

    def make(key: str):
        client = discovery.build(
            "commentanalyzer",
            "v1alpha1",
            developerKey=key,
            discoveryServiceUrl=f"{live_server.url}/$discovery/rest?version=v1alpha1",
            static_discovery=False,
        )
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


def test_it_analyses_a_comment(build, score_key):
    request = {
        "comment": {"text": f"It rained. 🙂 {RUDE}"},
        "requestedAttributes": {"TOXICITY": {}, "THREAT": {"scoreThreshold": 0.99}},
        "languages": ["en"],
        "spanAnnotations": True,
        "doNotStore": True,
        "clientToken": "t",
    }
    response = build(score_key).comments().analyze(body=request).execute()
    scores = response["attributeScores"]
    assert (set(scores), response["languages"], response["clientToken"]) == ({"TOXICITY"}, ["en"], "t")
    assert scores["TOXICITY"]["summaryScore"]["value"] > 0.8
    assert [(one["begin"], one["end"]) for one in scores["TOXICITY"]["spanScores"]] == [(0, 10), (11, 37)]


def test_it_suggests_a_score(build, key):
    body = {
        "comment": {"text": RUDE},
        "attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}},
        "communityId": "/forum/soups",
        "clientToken": "comment-7",
    }
    assert build(key).comments().suggestscore(body=body).execute() == {"clientToken": "comment-7"}
    assert AdapterFeedback.objects.get().score == 1


def test_it_raises_its_own_error_with_our_details(build, score_key):
    body = {"comment": {"text": "Je pense que la soupe est vraiment bonne."}, "requestedAttributes": {"TOXICITY": {}}}
    with pytest.raises(HttpError) as caught:
        build(score_key).comments().analyze(body=body).execute()
    assert caught.value.resp.status == 400
    assert caught.value.reason == "Attribute TOXICITY does not support request languages: fr"
    (detail,) = caught.value.error_details
    assert detail["errorType"] == "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"
    assert detail["languageNotSupportedByAttributeError"] == {"attribute": "TOXICITY", "detectedLanguages": ["fr"]}


def test_it_is_told_of_a_wrong_key(build):
    with pytest.raises(HttpError) as caught:
        build("wrong").comments().analyze(body={}).execute()
    assert (caught.value.resp.status, caught.value.reason) == (400, "API key not valid. Please pass a valid API key.")


def test_it_is_told_that_there_are_no_batches(build, score_key):
    """It asks at the address that the document names, and so is answered in words it can show."""
    client = build(score_key)
    batch = client.new_batch_http_request()
    batch.add(client.comments().analyze(body={"comment": {"text": RUDE}}))
    with pytest.raises(HttpError) as caught:
        batch.execute()
    assert (caught.value.resp.status, caught.value.reason.endswith("one comment a call.")) == (404, True)


def test_it_is_told_of_a_missing_scope(build, score_key):
    with pytest.raises(HttpError) as caught:
        build(score_key).comments().suggestscore(body={}).execute()
    assert caught.value.resp.status == 403
