"""Step 3, the contract: what goes into a detector and what it answers. Pure: no ORM, no Django, no Celery."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self


class DetectorConfigError(ValueError):
    """A detector cannot be built as it was asked for. The message names the fault and the mend."""


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
    """One text on its way through the detectors, normalised and its language identified once for all of them.

    ``language`` is an ISO 639-1 code, empty where not known; ``also_in`` names the languages that a considerable part
    of a mixed text is written in.
    """

    text: str
    normalised: NormalisedText
    language: str = ""
    also_in: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TermListSpec:
    """A site's own list: any of ``terms`` gives ``category`` the score ``score`` (0 to 1).

    With ``whole_word`` a term counts only between word boundaries, in scripts that have them. ``kind`` is a
    TermListKind: the terms of the other kinds are domains.
    """

    name: str
    category: str
    score: float
    terms: tuple[str, ...]
    whole_word: bool = True
    kind: str = "terms"


class Detector(ABC):
    """Code that looks at a batch of samples. One file a detector; built once a process.

    ``detect`` runs in one thread at a time, except after a timeout: then the call that was given up may still run
    while the next one begins, so it must not change the detector's own state.

    ``only_finds`` is True for a detector whose silence proves nothing (a word list): it raises scores, but a category
    counts as covered only where another detector looked too.

    ``quick`` is True for one that takes less time over a text than handing it to a thread does: those that are read it
    in one thread, one after the other, and only what fails there is asked by itself.

    ``languages`` names those it can read (ISO 639-1); empty means every language. The panel hands it no other text
    and reports its categories as not covered there. A text of unknown language is read as English.
    """

    name: ClassVar[str]
    only_finds: ClassVar[bool] = False
    quick: ClassVar[bool] = False
    languages: frozenset[str] = frozenset()
    version: str
    categories: frozenset[str]

    @classmethod
    @abstractmethod
    def build(cls, options: Mapping[str, Any], term_lists: Sequence[TermListSpec]) -> Self:
        """A detector ready for work. Raises DetectorConfigError when the options or lists cannot be used."""

    @abstractmethod
    def detect(self, samples: Sequence[Sample]) -> list[list[Detection]]:
        """Answers one list of detections a sample, in order.

        A category of ``categories`` that is left out reads as 0. Raises on failure; the panel records it.
        """


@dataclass(frozen=True, slots=True)
class Question:
    """A sample, and what the detectors before made of it.

    ``unread``: of the categories in question none has been looked for, or some detector that looks for them failed or
    cannot read the language.
    """

    sample: Sample
    scores: Mapping[str, float]
    unread: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """A second opinion on one sample: what it read, 0 included; a category that it leaves out it has not read.

    The score so far gives way to its own in the categories ``replaces``; in any other the higher one counts.
    """

    detections: tuple[Detection, ...]
    replaces: frozenset[str] = frozenset()


class SecondOpinion(Detector):
    """A detector that the panel asks last, showing it the scores so far. It chooses what to read.

    It is called by many threads at the same time, and keeps to its time itself: nobody gives it up.
    """

    @abstractmethod
    def consult(self, questions: Sequence[Question], seconds: float) -> list[Opinion | str | None]:
        """For each sample an opinion, the kind of failure, or None where it was not asked for; within ``seconds``."""

    def detect(self, samples: Sequence[Sample]) -> list[list[Detection]]:
        """Nothing: it has no first opinion."""
        return [[] for _ in samples]


@dataclass(frozen=True, slots=True)
class DetectionReport:
    """Everything the detectors say of one text.

    ``scores`` holds every category that an enabled detector covered, 0 included, and what a detector that
    ``only_finds`` found. ``unavailable`` names the categories whose detector failed this time and that no other one
    covered (a find of a list may still stand in ``scores``); ``not_covered`` those that no enabled detector looks for
    in this language. ``versions`` maps each detector that was asked to its version, ``failures`` detector to the kind
    of failure, never its words. ``language`` is an ISO 639-1 code, empty where not known.
    """

    scores: dict[str, float] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    unavailable: frozenset[str] = frozenset()
    not_covered: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    language: str = ""


def refuse_unknown_options(detector: str, options: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raises DetectorConfigError when an option is not one of ``known``."""
    unknown = sorted(set(options) - set(known))
    if unknown:
        allowed = ", ".join(sorted(known)) or "none"
        raise DetectorConfigError(f"Detector {detector} has no option {unknown[0]!r}. It knows: {allowed}.")
