"""What may be sent to this door: the messages of the Comment Analyzer, read as protocol buffers read JSON.

That means: names in camelCase or as in the .proto file (``client_token``), null as if it were not there, an unknown
name refused. ``doNotStore`` of a suggested score is ours: its vendor stores every one.
"""

from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    AliasGenerator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)
from pydantic.alias_generators import to_camel

LANGUAGE = r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"
MOST_LANGUAGES = 10
MOST_ATTRIBUTES = 100

Language = Annotated[StrictStr, Field(max_length=35, pattern=LANGUAGE)]
Number = Annotated[float, Field(allow_inf_nan=False)]
ScoreType = Literal["SCORE_TYPE_UNSPECIFIED", "PROBABILITY", "STD_DEV_SCORE", "PERCENTILE", "RAW"]
TextType = Literal["TEXT_TYPE_UNSPECIFIED", "PLAIN_TEXT", "HTML"]


class Message(BaseModel):
    """A message of the vendor's."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        alias_generator=AliasGenerator(validation_alias=lambda name: AliasChoices(to_camel(name), name)),
    )

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, value: Any) -> Any:
        return {name: one for name, one in value.items() if one is not None} if isinstance(value, dict) else value


class TextEntry(Message):
    """A text and how it is written."""

    text: StrictStr = ""
    type: TextType = "PLAIN_TEXT"


class ArticleAndParentComment(Message):
    """What the comment stands under and what it answers."""

    article: TextEntry = TextEntry()
    parent_comment: TextEntry = TextEntry()


class Context(Message):
    """The conversation around the comment: accepted and not used, as its vendor does."""

    entries: list[TextEntry] = []
    article_and_parent_comment: ArticleAndParentComment | None = None


class AttributeParameters(Message):
    """How one attribute is wanted."""

    score_type: ScoreType = "PROBABILITY"
    score_threshold: Number | None = None


class AnalyzeRequest(Message):
    """POST comments:analyze."""

    comment: TextEntry = TextEntry()
    context: Context = Context()
    requested_attributes: Annotated[dict[str, AttributeParameters], Field(max_length=MOST_ATTRIBUTES)] = {}
    span_annotations: StrictBool = False
    languages: Annotated[list[Language], Field(max_length=MOST_LANGUAGES)] = []
    do_not_store: StrictBool = False
    drop_unsupported_attributes: StrictBool = False
    client_token: StrictStr = ""
    session_id: StrictStr = ""
    community_id: StrictStr = ""


class Score(Message):
    """A value that the client believes in."""

    value: Number = 0.0
    type: ScoreType = "PROBABILITY"


class SpanScore(Message):
    """A value for a part of the comment."""

    begin: StrictInt = 0
    end: StrictInt = 0
    score: Score = Score()


class AttributeScores(Message):
    """What an attribute should have scored: as a whole, or in its spans."""

    summary_score: Score | None = None
    span_scores: list[SpanScore] = []

    @property
    def believed(self) -> list[Score]:
        """The score of the whole comment; of one that was scored in spans only, those of the spans."""
        return [self.summary_score] if self.summary_score else [span.score for span in self.span_scores]


class SuggestRequest(Message):
    """POST comments:suggestscore."""

    comment: TextEntry = TextEntry()
    context: Context = Context()
    attribute_scores: Annotated[dict[str, AttributeScores], Field(max_length=MOST_ATTRIBUTES)] = {}
    languages: Annotated[list[Language], Field(max_length=MOST_LANGUAGES)] = []
    do_not_store: StrictBool = False
    client_token: StrictStr = ""
    session_id: StrictStr = ""
    community_id: StrictStr = ""
