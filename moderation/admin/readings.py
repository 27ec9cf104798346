"""What the detectors and the policy said of a content, in the words and the order in which a moderator needs them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from moderation.admin.categories import category_title
from moderation.admin.cells import decimal
from moderation.admin.languages import is_known, language_name
from moderation.models import ModerationResult

SCORES_AT_FIRST = 5
# The rule of the shipped policy for what no detector reads.
UNSUPPORTED_LANGUAGE = "unsupported-language"


@dataclass(frozen=True, slots=True)
class Ground:
    """Why the case is here: what the rule says, and the conditions or missing readings that it rests on."""

    message: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One category. ``score`` and ``threshold`` are 0 to 1; ``reached``: the score is at or above the threshold."""

    title: str
    score: float
    threshold: float | None

    @property
    def reached(self) -> bool:
        return self.threshold is not None and self.score >= self.threshold

    @property
    def shown_score(self) -> str:
        return decimal(self.score)

    @property
    def plain_score(self) -> str:
        """For an attribute, which no language changes."""
        return f"{self.score:.2f}"

    @property
    def shown_threshold(self) -> str:
        return "" if self.threshold is None else decimal(self.threshold)

    @property
    def width(self) -> str:
        """The score as a part of 100, for a drawing."""
        return _percent(self.score)

    @property
    def mark(self) -> str:
        """The threshold as a part of 100, for a drawing; empty without one."""
        return "" if self.threshold is None else _percent(self.threshold)


@dataclass(frozen=True, slots=True)
class Readings:
    """Everything that was read: the grounds, the scores worth a look, and those that are folded away."""

    grounds: list[Ground]
    other_rules: list[str]
    scores: list[ScoreRow]
    more_scores: list[ScoreRow]
    not_covered: list[str]


def readings_of(result: ModerationResult, *, read: Collection[str] | None = None) -> Readings:
    """The result as the desk shows it. Of a content without a text, ``read`` are the categories that its images have.

    Detectors of texts give 0 to a text that is not there: such a score is no reading, and is left out.
    """
    rows = _score_rows(result, read)
    shown = max(SCORES_AT_FIRST, sum(row.reached for row in rows))
    return Readings(
        grounds=_grounds(result),
        other_rules=[match["rule"] for match in result.matches if match["rule"] != result.rule],
        scores=rows[:shown],
        more_scores=rows[shown:],
        not_covered=[category_title(name) for name in result.not_covered],
    )


def _grounds(result: ModerationResult) -> list[Ground]:
    """One ground a message; several categories often share one."""
    conditions = [
        _condition(reading)
        for match in result.matches
        if match["rule"] == result.rule
        for reading in match.get("readings", [])
    ]
    said: dict[str, list[str]] = {}
    for reason in result.reasons:
        said.setdefault(_message(result, reason), []).extend(_missing(reason))
    grounds = [Ground(message, tuple(_unique(details))) for message, details in said.items()]
    return [Ground(grounds[0].message, (*conditions, *grounds[0].details)), *grounds[1:]] if grounds else []


def _message(result: ModerationResult, reason: dict[str, Any]) -> str:
    """What the policy says; of a text in an unsupported language, which language that is."""
    if result.rule != UNSUPPORTED_LANGUAGE or not is_known(result.language):
        return str(reason["message"])
    return _("Written in %(language)s, which no detector reads") % {"language": language_name(result.language)}


def _missing(reason: dict[str, Any]) -> list[str]:
    """The category that a reason names without a score: its detector did not answer."""
    is_missing = reason.get("category") and reason.get("score") is None
    return [_("no reading of %(category)s") % {"category": category_title(reason["category"])}] if is_missing else []


def _condition(reading: dict[str, Any]) -> str:
    """``harassment at least 0.85: 0.91``."""
    score = reading.get("score")
    return reading["condition"] if score is None else f"{reading['condition']}: {decimal(score)}"


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))


def _score_rows(result: ModerationResult, read: Collection[str] | None) -> list[ScoreRow]:
    """What reached a threshold first, then what a rule asked about, then the rest; the highest score first."""
    thresholds = _thresholds(result)
    scores = {name: score for name, score in result.scores.items() if read is None or score or name in read}
    rows = [ScoreRow(category_title(name), score, thresholds.get(name)) for name, score in scores.items()]
    return sorted(rows, key=lambda row: (not row.reached, row.threshold is None, -row.score, row.title))


def _thresholds(result: ModerationResult) -> dict[str, float]:
    """Category to threshold; the deciding rule's own reasons come last, and so win."""
    readings = [reading for match in result.matches for reading in match.get("readings", [])]
    return {
        said["category"]: said["threshold"]
        for said in [*readings, *result.reasons]
        if said.get("category") and said.get("threshold") is not None
    }


def _percent(share: float) -> str:
    return f"{min(max(share, 0.0), 1.0) * 100:.1f}"
