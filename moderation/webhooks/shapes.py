"""The shapes of the webhooks' bodies, for the description of the API. `payloads` makes them; tests hold it to these."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from moderation.enums import ContentStatus, DecisionSource, EventType, Outcome
from moderation.policy.verdict import ReasonCode

Score = Annotated[float, Field(ge=0, le=1)]
Scores = Annotated[dict[str, Score], Field(description="0 to 1 for every category that was read")]


class Shape(BaseModel):
    """A part that has these members and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReasonOut(Shape):
    """One reason of the decision. Category, score and threshold are empty where no score was read."""

    code: ReasonCode | str
    message: str
    category: str
    score: float | None
    threshold: float | None
    rule: str


class PolicyOut(Shape):
    """The policy that judged, and its version."""

    name: str
    version: int


class OverriddenOut(Shape):
    """The earlier decision that this one replaces."""

    decision_id: str
    decision: Outcome
    source: DecisionSource


class ToldImageOut(Shape):
    """Enough to find the image in your own storage. ``fault``: why nobody could look at it."""

    media_id: str | None
    sha256: str | None
    scores: Scores
    fault: str | None


class ToldContentOut(Shape):
    """What is told of a content: never its text. The API answers the rest."""

    content_id: str
    external_id: str
    request_id: str | None = Field(description="The X-Request-ID with which this version was submitted")
    version: int
    status: ContentStatus
    decision: Outcome | None
    decision_id: str | None
    source: DecisionSource | None
    label: str = Field(description="The reason that was chosen, as a short name; empty where there was none")
    reasoning: str = Field(description="Why, in words that may be shown to the author")
    overrides: OverriddenOut | None
    decided_at: datetime | None
    result_id: str | None
    reasons: list[ReasonOut]
    scores: Scores
    not_covered: list[str]
    detectors: dict[str, str]
    policy: PolicyOut | None
    rule: str | None
    images: list[ToldImageOut]


class ContentEvent(Shape):
    """Something has become true of a content."""

    type: EventType
    timestamp: datetime
    data: ToldContentOut


class ContentApproved(ContentEvent):
    """A content was approved."""

    type: Literal[EventType.CONTENT_APPROVED]


class ContentRejected(ContentEvent):
    """A content was rejected."""

    type: Literal[EventType.CONTENT_REJECTED]


class ReviewOpened(ContentEvent):
    """A content waits for a person."""

    type: Literal[EventType.REVIEW_OPENED]


class DecisionOverridden(ContentEvent):
    """A final decision was replaced by another one."""

    type: Literal[EventType.DECISION_OVERRIDDEN]


class TestedOut(Shape):
    """The endpoint that is tested."""

    endpoint_id: str


class EndpointTest(Shape):
    """You asked for a test of this endpoint."""

    type: Literal[EventType.ENDPOINT_TEST]
    timestamp: datetime
    data: TestedOut


PAYLOADS: dict[EventType, type[Shape]] = {
    EventType.CONTENT_APPROVED: ContentApproved,
    EventType.CONTENT_REJECTED: ContentRejected,
    EventType.REVIEW_OPENED: ReviewOpened,
    EventType.DECISION_OVERRIDDEN: DecisionOverridden,
    EventType.ENDPOINT_TEST: EndpointTest,
}
"""Every event, and the shape of its body."""

EXAMPLE = {
    "timestamp": "2026-11-21T12:00:00.250Z",
    "data": {
        "content_id": "0199a5a2-6f1e-7b31-9c52-6a1f6d0c8a11",
        "external_id": "post-4711",
        "version": 1,
        "status": "decided",
        "decision": "reject",
        "decision_id": "0199a5a2-7001-7d44-a0b3-5b8c1d9e0f03",
        "source": "policy",
        "label": "",
        "reasoning": "Unsolicited advertising",
        "overrides": None,
        "decided_at": "2026-11-21T12:00:00.200Z",
        "result_id": "0199a5a2-7001-7c10-8d2e-1b7f2b7d1e02",
        "reasons": [
            {
                "code": "rule_matched",
                "message": "Unsolicited advertising",
                "category": "spam",
                "score": 0.98,
                "threshold": 0.95,
                "rule": "obvious-spam",
            }
        ],
        "scores": {"spam": 0.98, "toxicity": 0.01},
        "not_covered": [],
        "detectors": {"text": "2026.11"},
        "policy": {"name": "default", "version": 3},
        "rule": "obvious-spam",
        "images": [],
        "request_id": "b3c1f7a0d5e24c1f",
    },
}
"""What is told of a content, whatever the event; only ``type`` is missing."""
