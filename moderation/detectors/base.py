"""Step 3, the contract: what goes into a detector and what it answers. Pure: no ORM, no Django, no Celery."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where in the original text a detector saw something.

    ``start`` and ``end`` count Unicode code points of the text as the user wrote it, end exclusive.
    ``detail`` names the rule or list that matched, never the text itself.
    """

    category: str
    start: int
    end: int
    detector: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Detection:
    """One reading: how strongly (0 to 1) one category shows in one text, and where."""

    category: str
    score: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class NormalisedText:
    """The text with its disguises removed. ``offsets[i]`` is the original index of normalised character i.

    ``offsets`` has one more entry than ``text``: the length of the original.
    """

    text: str
    offsets: Sequence[int]


@dataclass(frozen=True, slots=True)
class Sample:
    """One text on its way through the detectors, normalised once for all of them."""

    text: str
    normalised: NormalisedText
    language: str = ""


class Detector(ABC):
    """Code that looks at a batch of samples. One file a detector; built once a process, used by one thread at a time."""

    name: ClassVar[str]
    version: str
    categories: frozenset[str]

    @abstractmethod
    def detect(self, samples: Sequence[Sample]) -> list[list[Detection]]:
        """Answers one list of detections a sample, in order.

        A category of ``categories`` that is left out reads as 0. Raises on failure; the panel records it.
        """


@dataclass(frozen=True, slots=True)
class DetectionReport:
    """Everything the detectors say of one text.

    ``scores`` holds every category that an enabled detector covered, 0 included. ``unavailable`` names the
    categories whose detector failed this time; ``not_covered`` those that no enabled detector looks for.
    ``versions`` maps detector to version, ``failures`` detector to the kind of failure.
    """

    scores: dict[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    unavailable: frozenset[str] = frozenset()
    not_covered: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
