"""What was scored, in OpenAI's shape, with what it has no place for under ``review_engine``."""

from collections.abc import Iterable, Mapping
from typing import Any

from moderation.api.openai.categories import IMAGE_THRESHOLDS, NAMES, OLDER_NAMES, THRESHOLDS
from moderation.enums import Category, Outcome
from moderation.scoring import Scored

_ANY_HARM = Category.ANY_HARM.value
_EVERY_CATEGORY = tuple(Category.values)
_DIGITS = 4
# A threshold and a score of a category, by what it was read in.
_Found = dict[str, tuple[float, bool]]


def result_of(scored: Scored, *, has_text: bool, older: bool) -> dict[str, Any]:
    """One member of ``results``.

    Its fields must be numbers and booleans: a category that nobody has read stands there as 0 and false, and by name
    in ``review_engine.not_covered``. It is ``flagged`` when a category is true, or the policy does not approve.
    """
    in_text = _of_text(scored.text_scores) if has_text else {}
    in_images = _of_images(scored.image_scores)
    names = OLDER_NAMES if older else NAMES
    found = {name: [one[name] for one in (in_text, in_images) if name in one] for name in names}
    categories = {name: any(is_there for _, is_there in readings) for name, readings in found.items()}
    result: dict[str, Any] = {
        "flagged": scored.verdict.outcome != Outcome.APPROVE or any(categories.values()),
        "categories": categories,
        "category_scores": {
            name: round(max((score for score, _ in readings), default=0.0), _DIGITS) for name, readings in found.items()
        },
    }
    if not older:
        kinds = (("text", in_text), ("image", in_images))
        result["category_applied_input_types"] = {
            name: [kind for kind, readings in kinds if name in readings] for name in names
        }
    return {**result, "review_engine": _review_engine(scored)}


def _of_text(scores: Mapping[str, float]) -> _Found:
    return {name: (scores[name], scores[name] >= least) for name, least in THRESHOLDS.items() if name in scores}


def _of_images(scores: Mapping[str, float]) -> _Found:
    found: _Found = {}
    for name, sources in IMAGE_THRESHOLDS.items() if scores else ():
        read = [(scores[source], scores[source] >= least) for source, least in sources if source in scores]
        if read:
            found[name] = (max(score for score, _ in read), any(is_there for _, is_there in read))
    return found


def _review_engine(scored: Scored) -> dict[str, Any]:
    report = scored.report
    return {
        "any_harm": _rounded(report.scores.get(_ANY_HARM)),
        "scores": {name: round(score, _DIGITS) for name, score in sorted(report.scores.items())},
        "decision": scored.verdict.outcome.value,
        "rule": scored.verdict.rule,
        "language": report.language or None,
        "not_covered": _not_covered(report.scores, report.unavailable),
    }


def _not_covered(scores: Mapping[str, float], unavailable: Iterable[str]) -> list[str]:
    """What nobody looks for in this language, and what could not be read this time."""
    missed = set(unavailable)
    return [name for name in _EVERY_CATEGORY if name not in scores or name in missed]


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, _DIGITS)
