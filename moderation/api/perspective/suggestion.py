"""What a comment should have scored: kept as feedback for the site adapter."""

from typing import Any

from moderation.api.perspective.attributes import category_of, probability_only
from moderation.api.perspective.comment import check_context, read_comment
from moderation.api.perspective.errors import analyzer_error
from moderation.api.perspective.shapes import AttributeScores, SuggestRequest
from moderation.site_adapter.feedback import record_feedback


def suggest(request: SuggestRequest, *, client_id: int) -> dict[str, Any]:
    """The answer to ``comments:suggestscore``, once it is stored. Raises GoogleError; then nothing is."""
    check_context(request.context)
    comment = read_comment(request.comment)
    scores = _believed(request)
    if "\x00" in comment.text:
        raise analyzer_error("INVALID_REQUEST", "Invalid value at 'comment.text': must not contain the character NUL.")
    if not request.do_not_store:
        language = request.languages[0] if request.languages else ""
        record_feedback(client_id=client_id, text=comment.text, language=language, scores=scores)
    answer: dict[str, Any] = {"clientToken": request.client_token} if request.client_token else {}
    return {**answer, "requestedLanguages": request.languages} if request.languages else answer


def _believed(request: SuggestRequest) -> dict[str, float]:
    """Our categories and what the client believes of them; of two attributes that are one here, the higher."""
    if not request.attribute_scores:
        raise analyzer_error("INVALID_REQUEST", "Missing attribute_scores")
    found: dict[str, float] = {}
    for name, scores in request.attribute_scores.items():
        category = category_of(name).value
        found[category] = max(_value(name, scores), found.get(category, 0.0))
    return found


def _value(name: str, scores: AttributeScores) -> float:
    """A comment holds what the worst of its spans holds."""
    if not scores.believed:
        raise analyzer_error("INVALID_REQUEST", f"Attribute {name} has neither a summaryScore nor spanScores.")
    for score in scores.believed:
        probability_only(name, score.type)
        if not 0 <= score.value <= 1:
            raise analyzer_error("INVALID_REQUEST", f"The score of attribute {name} must be a probability, 0 to 1.")
    return max(score.value for score in scores.believed)
