"""Step 4, the answer: what the engine says of one content, and why, in forms that go into JSONB as they are."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from moderation.enums import Outcome


class ReasonCode(StrEnum):
    """Why a verdict is what it is. Stored and sent to clients: never reuse or rename one."""

    RULE_MATCHED = "rule_matched"
    NO_RULE_MATCHED = "no_rule_matched"
    READING_UNAVAILABLE = "reading_unavailable"
    RULE_FAILED = "rule_failed"
    POLICY_BROKEN = "policy_broken"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of the verdict. ``category``, ``score`` and ``threshold`` are empty where no score was read."""

    code: ReasonCode
    message: str
    category: str = ""
    score: float | None = None
    threshold: float | None = None
    rule: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values under stable keys."""
        return {
            "code": self.code.value,
            "message": self.message,
            "category": self.category,
            "score": self.score,
            "threshold": self.threshold,
            "rule": self.rule,
        }


@dataclass(frozen=True, slots=True)
class Reading:
    """A condition that spoke for a match, in words, with the score it saw where it asked for one.

    ``negated``: it stands under a ``not`` and spoke for the match by being false.
    """

    condition: str
    category: str = ""
    score: float | None = None
    threshold: float | None = None
    negated: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain values under stable keys."""
        return {
            "condition": self.condition,
            "category": self.category,
            "score": self.score,
            "threshold": self.threshold,
            "negated": self.negated,
        }


@dataclass(frozen=True, slots=True)
class RuleMatch:
    """A rule that held, whether or not it decided."""

    rule: str
    outcome: Outcome
    readings: tuple[Reading, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values under stable keys."""
        readings = [reading.to_json() for reading in self.readings]
        return {"rule": self.rule, "outcome": self.outcome.value, "readings": readings}


@dataclass(frozen=True, slots=True)
class UndecidedRule:
    """A rule that could not be judged: ``missing`` names the readings it lacked, ``error`` the kind of failure."""

    rule: str
    outcome: Outcome
    missing: tuple[str, ...] = ()
    error: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain values under stable keys."""
        return {
            "rule": self.rule,
            "outcome": self.outcome.value,
            "missing": list(self.missing),
            "error": self.error,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """The engine's answer: the outcome, the rule that gave it (``default`` if none), and everything it rests on.

    When a missing reading sent the content to a person, ``rule`` is the first rule that could not be judged.

    ``queue`` and ``priority`` (0 to 100, higher first) say where a review waits; they mean nothing otherwise.
    """

    outcome: Outcome
    rule: str
    queue: str
    priority: int
    reasons: tuple[Reason, ...] = ()
    matches: tuple[RuleMatch, ...] = ()
    undecided: tuple[UndecidedRule, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values under stable keys, for storage and for answers."""
        return {
            "outcome": self.outcome.value,
            "rule": self.rule,
            "queue": self.queue,
            "priority": self.priority,
            "reasons": [reason.to_json() for reason in self.reasons],
            "matches": [match.to_json() for match in self.matches],
            "undecided": [rule.to_json() for rule in self.undecided],
        }
