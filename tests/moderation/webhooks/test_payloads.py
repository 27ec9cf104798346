"""The JSON of every event, compared whole with the samples that the documentation shows."""

import re
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import orjson
import pytest

from moderation.enums import TOLD_EVENTS, DecisionSource, EventType, Outcome
from moderation.models import (
    ApiClient,
    Content,
    ContentMedia,
    Decision,
    MediaFile,
    ModerationResult,
    Policy,
    PolicyVersion,
    WebhookEndpoint,
)
from moderation.webhooks.events import News
from moderation.webhooks.payloads import build_payload, build_test_payload, encode

SAMPLES = Path(__file__).parent / "payloads"
DOCUMENTATION = Path(__file__).parents[3] / "docs" / "webhooks.md"
TOLD_AT = datetime(2026, 11, 21, 12, 0, 0, 250_000, tzinfo=UTC)
TEXT = "The soup was warm and the rain was loud."
REASON = {
    "code": "rule_matched",
    "message": "Probably abusive",
    "category": "toxicity",
    "score": 0.71,
    "threshold": 0.6,
    "rule": "review-toxicity",
}

content = Content(
    id=UUID("0199a5a2-6f1e-7b31-9c52-6a1f6d0c8a11"),
    client=ApiClient(pk=1),
    external_id="post-4711",
    request_id="req-7f3a",
    version=2,
    text=TEXT,
)
version = PolicyVersion(pk=9, policy=Policy(slug="default"), number=3)


def result(outcome, rule="default", reasons=(), **scores):
    return ModerationResult(
        id=UUID("0199a5a2-7001-7c10-8d2e-1b7f2b7d1e02"),
        content=content,
        content_version=2,
        outcome=outcome,
        rule=rule,
        reasons=list(reasons),
        scores={"toxicity": 0.02, "spam": 0.01} | scores,
        evidence=[{"category": "toxicity", "start": 4, "end": 8, "detector": "text", "detail": "soup"}],
        not_covered=["nsfw_image"],
        detectors={"text": "2026.11"},
        policy_version_id=9,
    )


def decision(number, outcome, source=DecisionSource.POLICY, **fields):
    return Decision(
        id=UUID(f"0199a5a2-70{number:02}-7d44-a0b3-5b8c1d9e0f03"),
        content=content,
        content_version=2,
        outcome=outcome,
        source=source,
        created_at=datetime(2026, 11, 21, 12, number, tzinfo=UTC),
        private_note="Never leaves the console.",
        **fields,
    )


in_review = decision(1, Outcome.REVIEW, rule="review-toxicity", reasoning="Probably abusive")
rejected = decision(2, Outcome.REJECT, DecisionSource.MODERATOR, overrides=in_review, reasoning="Insults a person")
approved = decision(1, Outcome.APPROVE, rule="default")
overridden = decision(5, Outcome.APPROVE, DecisionSource.MODERATOR, overrides=rejected, reasoning="A quotation")
doubtful = result(Outcome.REVIEW, "review-toxicity", [REASON], toxicity=0.71)

seen = result(Outcome.APPROVE, nsfw_image=0.03)
seen.not_covered, seen.detectors = [], {"text": "2026.11", "open_nsfw": "1"}
image = ContentMedia(
    content=content,
    content_version=2,
    scores={"nsfw_image": 0.03},
    source_url="https://a.example/soup.png",
    file=MediaFile(
        id=UUID("0199a5a2-6f00-7c44-8a10-3d5e7f9a1b22"),
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ),
)

NEWS = {
    "content.approved": News(EventType.CONTENT_APPROVED, content, approved, seen),
    "content.rejected": News(EventType.CONTENT_REJECTED, content, rejected, doubtful),
    "review.opened": News(EventType.REVIEW_OPENED, content, in_review, doubtful),
    "decision.overridden": News(EventType.DECISION_OVERRIDDEN, content, overridden, None),
}


def payload(news, images=()):
    return orjson.loads(encode(build_payload(news, policy_versions={9: version}, told_at=TOLD_AT, images=images)))


def sample(name):
    return orjson.loads((SAMPLES / f"{name}.json").read_bytes())


@pytest.mark.parametrize("name", TOLD_EVENTS)
def test_payload_is_the_sample(name):
    images = [image] if name == "content.approved" else []
    assert payload(NEWS[name], images) == sample(name)


def test_payload_of_a_test_is_the_sample():
    endpoint = WebhookEndpoint(public_id="we_0199a5a26f1e7b319c526a1f6d0c8a11")
    assert orjson.loads(encode(build_test_payload(endpoint, told_at=TOLD_AT))) == sample("endpoint.test")


def test_an_image_that_nobody_could_look_at_says_why():
    missed = ContentMedia(content=content, content_version=2, source_url="https://a.example/soup.png", fault="too_slow")
    data = payload(NEWS["review.opened"], [missed])["data"]
    assert data["images"] == [{"media_id": None, "sha256": None, "scores": {}, "fault": "too_slow"}]


@pytest.mark.parametrize("name", EventType.values)
def test_documentation_shows_the_sample(name):
    blocks = re.findall(r"```json\n(.*?)```", DOCUMENTATION.read_text(), re.DOTALL)
    assert sample(name) in [orjson.loads(block) for block in blocks]


@pytest.mark.parametrize("name", TOLD_EVENTS)
def test_neither_text_nor_private_note_is_told(name):
    body = encode(build_payload(NEWS[name], policy_versions={}, told_at=TOLD_AT)).decode()
    assert "soup" not in body
    assert "Never leaves" not in body


def test_news_without_a_decision_speaks_for_the_content():
    pending = Content(client=ApiClient(pk=1), external_id="post-1", version=3, status="in_review", decision="review")
    data = payload(News(EventType.REVIEW_OPENED, pending, None, None))["data"]
    assert (data["version"], data["status"], data["decision"], data["decision_id"]) == (3, "in_review", "review", None)


def test_largest_payload_stays_under_twenty_kilobytes():
    long = [REASON | {"message": "\x01" * 500, "rule": "r" * 100}] * 100
    big = result(Outcome.REJECT, "r" * 100, long, **{f"category/{n}": 0.123456789 for n in range(40)})
    worst = decision(3, Outcome.REJECT, overrides=in_review, reasoning="\x01" * 1000, rule="r" * 100)
    huge = Content(client=ApiClient(pk=1), external_id="\U0001f600" * 255)
    news = News(EventType.CONTENT_REJECTED, huge, worst, big)
    body = encode(build_payload(news, policy_versions={}, told_at=TOLD_AT, images=[image] * 64))
    assert len(body) < 20_000
    assert len(orjson.loads(body)["data"]["images"]) == 17
    assert len(orjson.loads(body)["data"]["reasons"]) == 1
