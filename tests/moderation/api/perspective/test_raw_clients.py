"""Requests as they leave Coral, bots and browsers' scripts, byte by byte, to a running server."""

import json
import shutil
import subprocess

import httpx
import pytest

from moderation.models import AdapterFeedback

pytestmark = pytest.mark.django_db(transaction=True)
RUDE = "You are a stupid idiot."
# What a bot does whose library builds itself from the document: fetch it, find the method, call it with the key.
BOT = """
const [address, key, text] = process.argv.slice(1);
const api = await (await fetch(`${address}/$discovery/rest?version=v1alpha1`)).json();
const method = api.resources.comments.methods.analyze;
const url = new URL(api.servicePath + method.path, api.rootUrl);
url.searchParams.set("key", key);
const body = JSON.stringify({ comment: { text }, requestedAttributes: { TOXICITY: {} }, spanAnnotations: true });
const answer = await fetch(url, { method: method.httpMethod, body });
const { attributeScores } = await answer.json();
const cut = attributeScores.TOXICITY.spanScores.map(({ begin, end }) => text.substring(begin, end));
console.log(JSON.stringify({ status: answer.status, score: attributeScores.TOXICITY.summaryScore.value, cut }));
"""


def test_coral_asks_before_a_comment_is_published(live_server, score_key):
    """Its setting "endpoint" is put before ``/comments:analyze``; then one attribute's summary score is read."""
    answer = httpx.post(
        f"{live_server.url}/v1alpha1/comments:analyze",
        params={"key": score_key},
        json={
            "comment": {"text": RUDE},
            "doNotStore": True,
            "requestedAttributes": {"TOXICITY": {}},
            "languages": ["en"],
        },
    )
    assert answer.status_code == 200
    assert answer.json()["attributeScores"]["TOXICITY"]["summaryScore"]["value"] > 0.8


@pytest.mark.parametrize(("status", "value"), [("APPROVED", 0), ("DELETED", 1)])
def test_coral_tells_what_its_moderators_decided(live_server, key, status, value):
    entry = {"url": "https://news.example/1", "reply_to_id_Coral_comment_id": None, "Coral_comment_id": "7"}
    answer = httpx.post(
        f"{live_server.url}/v1alpha1/comments:suggestscore",
        params={"key": key},
        json={
            "comment": {"text": RUDE},
            "context": {"entries": [{"text": json.dumps(entry)}]},
            "attributeScores": {"TOXICITY": {"summaryScore": {"value": value}}},
            "languages": ["en"],
            "communityId": "Coral:https://news.example",
            "clientToken": "comment:7",
        },
    )
    assert (answer.status_code, answer.json()["clientToken"]) == (200, "comment:7")
    assert AdapterFeedback.objects.get().score == value


def test_a_bot_asks_for_six_attributes_with_its_own_headers(live_server, score_key):
    names = ["TOXICITY", "SEVERE_TOXICITY", "IDENTITY_ATTACK", "INSULT", "PROFANITY", "THREAT"]
    answer = httpx.post(
        f"{live_server.url}/v1alpha1/comments:analyze?key={score_key}",
        headers={"Content-Type": "application/json; charset=utf-8", "Accept": "*/*", "User-Agent": "DiscordBot"},
        content=json.dumps({"comment": {"text": RUDE}, "requestedAttributes": {name: {} for name in names}}),
    )
    assert set(answer.json()["attributeScores"]) == set(names)


@pytest.mark.skipif(not shutil.which("node"), reason="NODE IS MISSING: what JavaScript reads is not tested")
def test_a_script_cuts_its_sentences_out_by_our_offsets(live_server, score_key):
    text = f"🙂 Café 👨‍👩‍👧 opens.\r\n{RUDE}"
    command = ["node", "--input-type=module", "-e", BOT, live_server.url, score_key, text]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    found = json.loads(said.stdout)
    assert (found["status"], found["cut"]) == (200, ["🙂 Café 👨‍👩‍👧 opens.", RUDE])
    assert found["score"] > 0.8
