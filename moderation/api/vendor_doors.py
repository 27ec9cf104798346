"""The two compatible doors in the OpenAPI description: the shapes of their answers, and their own error envelopes.

Their requests are described by the models that read them. What is answered is held to these shapes by tests.
"""

from typing import Any, Literal

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from pydantic import BaseModel, ConfigDict, Field

from moderation.api.openai.shapes import ModerationIn
from moderation.api.perspective.shapes import AnalyzeRequest, SuggestRequest
from moderation.enums import Outcome, Scope


class Shape(BaseModel):
    """A part that has these members and no others."""

    model_config = ConfigDict(extra="forbid")


class ReviewEngineOut(Shape):
    """What OpenAI's answer has no place for."""

    any_harm: float | None
    scores: dict[str, float]
    decision: Outcome
    rule: str
    language: str | None
    not_covered: list[str]


class ModerationResultOut(Shape):
    """One result: of a text, or of an item of texts and images."""

    flagged: bool
    categories: dict[str, bool]
    category_scores: dict[str, float]
    category_applied_input_types: dict[str, list[Literal["text", "image"]]] = Field(
        {}, description="Absent where an older model was asked for"
    )
    review_engine: ReviewEngineOut


class ModerationOut(Shape):
    """The answer of POST /v1/moderations."""

    id: str
    model: str
    results: list[ModerationResultOut]


class ModelOut(Shape):
    """A name under which the model may be asked for."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsOut(Shape):
    """All of them."""

    object: Literal["list"]
    data: list[ModelOut]


class OpenAIFault(Shape):
    """What went wrong, in OpenAI's words."""

    message: str
    type: str
    param: str | None
    code: str | None


class OpenAIError(Shape):
    """OpenAI's error envelope."""

    error: OpenAIFault


class AttributeScoreOut(Shape):
    """A probability, 0 to 1."""

    value: float
    type: Literal["PROBABILITY"]


class SpanScoreOut(Shape):
    """A part of the comment: UTF-16 code units, end exclusive."""

    begin: int
    end: int
    score: AttributeScoreOut


class AttributeOut(Shape):
    """One attribute, as a whole and in its spans."""

    summaryScore: AttributeScoreOut  # noqa: N815 - the vendor's name
    spanScores: list[SpanScoreOut] = []  # noqa: N815


class AnalysisOut(Shape):
    """The answer of comments:analyze."""

    attributeScores: dict[str, AttributeOut]  # noqa: N815
    languages: list[str]
    detectedLanguages: list[str] = []  # noqa: N815
    clientToken: str = ""  # noqa: N815


class SuggestionOut(Shape):
    """The answer of comments:suggestscore."""

    clientToken: str = ""  # noqa: N815
    requestedLanguages: list[str] = []  # noqa: N815


class GoogleFault(Shape):
    """What went wrong, in the words of Google's APIs."""

    code: int
    message: str
    status: str
    details: list[dict[str, Any]] = []


class GoogleErrorOut(Shape):
    """Google's error envelope."""

    error: GoogleFault


SOUP = "The soup was warm and the rain was loud."
SCORED = {"value": 0.02, "type": "PROBABILITY"}
WANTED = {"comment": {"text": SOUP}, "requestedAttributes": {"TOXICITY": {}}, "languages": ["en"]}
ANALYSED = {
    "attributeScores": {"TOXICITY": {"summaryScore": SCORED, "spanScores": [{"begin": 0, "end": 40, "score": SCORED}]}},
    "languages": ["en"],
}
BELIEVED = {"comment": {"text": SOUP}, "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0.1}}}}


def _errors(shape: type[BaseModel], *statuses: int) -> dict[int, OpenApiResponse]:
    return {status: OpenApiResponse(shape, "In the vendor's envelope") for status in statuses}


# Address and method: scope, and what is said of the call.
DOORS: dict[tuple[str, str], tuple[Scope, Any]] = {
    ("/v1/moderations", "POST"): (
        Scope.SCORE,
        extend_schema(
            operation_id="createModeration",
            tags=["openai"],
            summary="Score texts or an item of texts and images, in OpenAI's shape",
            request=ModerationIn,
            responses={200: ModerationOut, **_errors(OpenAIError, 400, 401, 403, 413, 415, 429, 500, 503)},
            examples=[OpenApiExample("a text", {"input": SOUP}, request_only=True)],
        ),
    ),
    ("/v1/models", "GET"): (
        Scope.SCORE,
        extend_schema(
            operation_id="listModels",
            tags=["openai"],
            summary="List the names under which the model may be asked for",
            responses={200: ModelsOut, **_errors(OpenAIError, 401, 403, 429, 500, 503)},
        ),
    ),
    ("/v1/models/{name}", "GET"): (
        Scope.SCORE,
        extend_schema(
            operation_id="getModel",
            tags=["openai"],
            summary="Read one of them",
            responses={200: ModelOut, **_errors(OpenAIError, 401, 403, 404, 429, 500, 503)},
        ),
    ),
    ("/v1alpha1/comments:analyze", "POST"): (
        Scope.SCORE,
        extend_schema(
            operation_id="analyzeComment",
            tags=["perspective"],
            summary="Score a comment, in Perspective's shape",
            parameters=[OpenApiParameter("alt", {"type": "string", "enum": ["json"]})],
            request=AnalyzeRequest,
            responses={200: AnalysisOut, **_errors(GoogleErrorOut, 400, 401, 403, 413, 415, 429, 500, 503)},
            examples=[
                OpenApiExample("a comment", WANTED, request_only=True),
                OpenApiExample("its scores", ANALYSED, response_only=True),
            ],
        ),
    ),
    ("/v1alpha1/comments:suggestscore", "POST"): (
        Scope.CONTENT_WRITE,
        extend_schema(
            operation_id="suggestCommentScore",
            tags=["perspective"],
            summary="Tell what a comment should have scored",
            parameters=[OpenApiParameter("alt", {"type": "string", "enum": ["json"]})],
            request=SuggestRequest,
            responses={200: SuggestionOut, **_errors(GoogleErrorOut, 400, 401, 403, 413, 415, 429, 500, 503)},
            examples=[OpenApiExample("a belief", BELIEVED, request_only=True)],
        ),
    ),
}
