"""What a comment scores: one value an attribute, and one a sentence where spans were asked for. Nothing is stored."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from moderation.api.perspective.attributes import categories_of, probability_only
from moderation.api.perspective.comment import check_context, read_comment
from moderation.api.perspective.errors import GoogleError, analyzer_error, language_not_supported
from moderation.api.perspective.offsets import ReadText
from moderation.api.perspective.sentences import sentences
from moderation.api.perspective.shapes import AnalyzeRequest
from moderation.detectors.base import DetectionReport
from moderation.detectors.language import ASSUMED, UNDETERMINED
from moderation.enums import Category
from moderation.scoring import read_texts

RETRY_SECONDS = 5


def analyze(request: AnalyzeRequest) -> dict[str, Any]:
    """The answer to ``comments:analyze``. Raises GoogleError for whatever cannot be answered whole."""
    check_context(request.context)
    comment = read_comment(request.comment)
    wanted = _wanted(request)
    reports = read_texts([comment.text] * len(_declared(request)), _declared(request))
    scores = _covered(request, wanted, reports)
    passed = {name: score for name, score in scores.items() if score >= _threshold(request, name)}
    spans = _spans(request, comment, {name: wanted[name] for name in passed}, reports[0], passed)
    answer: dict[str, Any] = {
        "attributeScores": {
            name: {"spanScores": spans[name], "summaryScore": _score(score)}
            if spans[name]
            else {"summaryScore": _score(score)}
            for name, score in passed.items()
        },
        "languages": request.languages or [reports[0].language or ASSUMED],
    }
    if reports[0].language:
        answer["detectedLanguages"] = [reports[0].language]
    if request.client_token:
        answer["clientToken"] = request.client_token
    return answer


def _wanted(request: AnalyzeRequest) -> dict[str, Category]:
    if not request.requested_attributes:
        raise analyzer_error("NO_REQUESTED_ATTRIBUTES", "Missing requested_attributes")
    for name, parameters in request.requested_attributes.items():
        probability_only(name, parameters.score_type)
    return categories_of(request.requested_attributes)


def _declared(request: AnalyzeRequest) -> list[str]:
    """The languages to read the comment in, ``en-GB`` and ``en-US`` being one; an empty one is to be identified."""
    by_language = {(tag.partition("-")[0].lower(), "-latn" in tag.lower()): tag for tag in reversed(request.languages)}
    return list(reversed(by_language.values())) or [""]


def _covered(
    request: AnalyzeRequest, wanted: Mapping[str, Category], reports: Sequence[DetectionReport]
) -> dict[str, float]:
    """The score of each attribute, the highest where several languages were declared: it must be read in each."""
    _refuse_failures(wanted.values(), reports)
    scores: dict[str, float] = {}
    for name, category in wanted.items():
        unread = next((report for report in reports if category not in report.scores), None)
        if unread is None:
            scores[name] = max(report.scores[category] for report in reports)
        elif unread.language in ("", ASSUMED):
            raise analyzer_error(
                "INVALID_REQUEST", f"Attribute {name} is not offered here: no detector for it is enabled."
            )
        elif unread.language == UNDETERMINED and not request.languages:
            raise analyzer_error("LANGUAGE_DETECTION_FAILED", "Unable to detect language")
        elif not request.drop_unsupported_attributes:
            detected = [unread.language] if unread.language else []
            raise language_not_supported(name, requested=request.languages, detected=detected)
    return scores


def _refuse_failures(categories: Collection[str], reports: Sequence[DetectionReport]) -> None:
    """A detector that failed has said nothing: its silence must not be read as 0, nor a site's list as all there is."""
    if any(category in report.unavailable for category in categories for report in reports):
        message = "A detector of a requested attribute did not answer. Nothing was scored; try again in a moment."
        raise GoogleError(503, message, headers={"Retry-After": str(RETRY_SECONDS)})


def _threshold(request: AnalyzeRequest, name: str) -> float:
    threshold = request.requested_attributes[name].score_threshold
    return 0.0 if threshold is None else threshold


def _spans(
    request: AnalyzeRequest,
    comment: ReadText,
    wanted: Mapping[str, Category],
    whole: DetectionReport,
    summary: Mapping[str, float],
) -> dict[str, list[dict[str, Any]]]:
    """For each attribute one span that is the comment, or one a sentence where ``spanAnnotations`` asks for them.

    A sentence in a language that is not read has no span, nor has one below the attribute's threshold.
    """
    places = sentences(comment.text) if request.span_annotations else []
    if len(places) < 2:
        start, end = places[0] if places else (0, len(comment.text))
        return {name: [_span(comment, start, end, score)] for name, score in summary.items()}
    if not wanted:
        return {}
    tag = _declared(request)[0] or whole.language
    reports = read_texts([comment.text[start:end] for start, end in places], [tag] * len(places))
    _refuse_failures(wanted.values(), reports)
    return {
        name: [
            _span(comment, start, end, report.scores[category])
            for (start, end), report in zip(places, reports, strict=True)
            if report.scores.get(category, -1.0) >= _threshold(request, name)
        ]
        for name, category in wanted.items()
    }


def _span(comment: ReadText, start: int, end: int, value: float) -> dict[str, Any]:
    begin, end = comment.span(start, end)
    return {"begin": begin, "end": end, "score": _score(value)}


def _score(value: float) -> dict[str, Any]:
    return {"value": value, "type": "PROBABILITY"}
