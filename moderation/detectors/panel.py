"""Step 3, all enabled detectors as one: prepares each text once, runs each over the batch, gathers what they say."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from moderation.detectors.base import (
    Detection,
    DetectionReport,
    Detector,
    Evidence,
    Opinion,
    Question,
    Sample,
    SecondOpinion,
)
from moderation.detectors.language import ASSUMED, identify
from moderation.detectors.normalise import normalise
from moderation.detectors.worker import DetectorTimeout, DetectorWorker
from moderation.enums import Category

MOST_EVIDENCE = 50
_CATEGORIES = tuple(Category.values)
_RETRIED_ALONE = 4  # hanging texts in a batch that isolation outlives: each may use this part of the timeout

_Readings = Sequence[Sequence[Detection] | str]  # for each text its detections, or the kind of failure
_Opinions = Sequence[Opinion | str | None]  # None where there was no reason to ask


class BudgetExceeded(Exception):
    """The batch takes longer than the caller can wait, though no detector failed: try again with fewer texts."""


@dataclass(frozen=True, slots=True)
class _Seat:
    """A detector at the panel, its limit for one batch and the thread it runs in."""

    detector: Detector
    timeout_seconds: float
    worker: DetectorWorker


@dataclass(slots=True)
class _Draft:
    """A report in the making, on one sample."""

    sample: Sample
    scores: dict[str, float] = field(default_factory=dict)
    evidence: dict[Evidence, None] = field(default_factory=dict)
    covered: set[str] = field(default_factory=set)
    missed: set[str] = field(default_factory=set)
    failures: dict[str, str] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)


class Panel:
    """The detectors in force, in order. May be used by many threads; nothing is shared between calls."""

    def __init__(self, seats: Sequence[tuple[Detector, float]]) -> None:
        """Takes pairs of a detector and its timeout in seconds for one batch. Second opinions are asked last."""
        last = sorted(seats, key=lambda pair: isinstance(pair[0], SecondOpinion))
        self._seats = tuple(_Seat(detector, limit, DetectorWorker(detector.name)) for detector, limit in last)
        self._quick = tuple(seat for seat in self._seats if seat.detector.quick)
        self._quick_worker = DetectorWorker("quick")
        self.detectors: Mapping[str, Detector] = {seat.detector.name: seat.detector for seat in self._seats}
        self.versions: Mapping[str, str] = {seat.detector.name: seat.detector.version for seat in self._seats}
        self.version = _digest(self.versions)
        # Whether one of them waits for another service to answer.
        self.asks_elsewhere = any(isinstance(seat.detector, SecondOpinion) for seat in self._seats)
        # Told the name of a detector and the seconds it took, for every batch it has read.
        self.watch: Callable[[str, float], None] = lambda name, seconds: None

    def detect(
        self,
        texts: Sequence[str],
        languages: Sequence[str] | None = None,
        budget_seconds: float | None = None,
    ) -> list[DetectionReport]:
        """One report a text, in order. ``languages`` are what the clients declare: BCP 47 tags, empty for none.

        A detector is asked only about texts in a language it reads, and covers nothing in the others. One that raises
        or is too slow fails only for the texts that make it fail, and is named in their reports. Raises
        BudgetExceeded when ``budget_seconds`` run out and no detector failed.
        """
        deadline = time.monotonic() + (float("inf") if budget_seconds is None else budget_seconds)
        tags = languages if languages is not None else [""] * len(texts)
        drafts = [_Draft(_sample(text, tag)) for text, tag in zip(texts, tags, strict=True)]
        read = self._read_quickly([draft.sample for draft in drafts], deadline)
        for seat in self._seats:
            asked = [draft for draft in drafts if _reads(seat.detector, draft.sample)]
            if seat in read:
                _enter_all(asked, seat.detector, read[seat])
            elif asked:
                failed_before = any(draft.failures for draft in drafts)
                self._ask(seat, asked, deadline, may_raise=not failed_before)
        return [_report(draft) for draft in drafts]

    def _read_quickly(self, samples: Sequence[Sample], deadline: float) -> Mapping[_Seat, _Readings]:
        """What the quick detectors say. One that fails is missing here, and all are when one of them hangs."""
        calls = [(seat, [one for one in samples if _reads(seat.detector, one)]) for seat in self._quick]
        calls = [(seat, asked) for seat, asked in calls if asked]
        seconds = min([deadline - time.monotonic(), *(seat.timeout_seconds for seat, _ in calls)])
        if not calls or seconds <= 0:
            return {}
        try:
            return self._quick_worker.run(lambda: self._read_in_turn(calls), seconds)
        except DetectorTimeout:
            return {}

    def _read_in_turn(self, calls: Sequence[tuple[_Seat, Sequence[Sample]]]) -> dict[_Seat, _Readings]:
        read: dict[_Seat, _Readings] = {}
        for seat, samples in calls:
            started = time.monotonic()
            try:
                answer = seat.detector.detect(samples)
            except Exception:  # the detector boundary; asked by itself, it will say which texts it cannot read
                continue
            if len(answer) == len(samples):
                read[seat] = answer
                self.watch(seat.detector.name, time.monotonic() - started)
        return read

    def _ask(self, seat: _Seat, drafts: Sequence[_Draft], deadline: float, *, may_raise: bool) -> None:
        """Enters what one detector says into the drafts of the texts that it reads."""
        if isinstance(seat.detector, SecondOpinion):
            self._consult(seat, seat.detector, drafts, deadline, may_raise=may_raise)
            return
        started = time.monotonic()
        readings = _readings(seat, [draft.sample for draft in drafts], deadline, may_raise=may_raise)
        self.watch(seat.detector.name, time.monotonic() - started)
        _enter_all(drafts, seat.detector, readings)

    def _consult(
        self, seat: _Seat, detector: SecondOpinion, drafts: Sequence[_Draft], deadline: float, *, may_raise: bool
    ) -> None:
        """Shows the scores so far, and enters what the detector says of those that it has chosen to read."""
        started = time.monotonic()
        seconds = min(seat.timeout_seconds, deadline - started)
        in_question = self._looked_for_before & detector.categories
        questions = [
            Question(draft.sample, dict(draft.scores), not in_question or not in_question <= draft.covered)
            for draft in drafts
        ]
        opinions = _opinions(detector, questions, seconds)
        if may_raise and "timeout" in opinions and seconds < seat.timeout_seconds:
            raise BudgetExceeded
        if any(opinion is not None for opinion in opinions):
            self.watch(detector.name, time.monotonic() - started)
        for draft, opinion in zip(drafts, opinions, strict=True):
            _enter_opinion(draft, detector, opinion)

    @property
    def _looked_for_before(self) -> frozenset[str]:
        """The categories that a detector covers of its own accord."""
        first = (seat.detector for seat in self._seats if not isinstance(seat.detector, SecondOpinion))
        return frozenset().union(*(detector.categories for detector in first if not detector.only_finds))

    def warm_up(self) -> None:
        """Runs everything once, so that the first real text does not pay for loading."""
        self.detect(["A first look at nothing much."])


def _sample(text: str, declared: str) -> Sample:
    normalised = normalise(text)
    found = identify(text, normalised.text, declared)
    return Sample(text, normalised, found.language, found.also_in)


def _reads(detector: Detector, sample: Sample) -> bool:
    """Whether the text, or a considerable part of it, is in a language of the detector."""
    return not detector.languages or bool(detector.languages & {sample.language or ASSUMED, *sample.also_in})


def _report(draft: _Draft) -> DetectionReport:
    unavailable = draft.missed - draft.covered
    told = draft.scores.keys() | unavailable
    return DetectionReport(
        scores=draft.scores,
        evidence=tuple(draft.evidence)[:MOST_EVIDENCE],
        unavailable=frozenset(unavailable),
        not_covered=tuple(name for name in _CATEGORIES if name not in told),
        versions=draft.versions,
        failures=draft.failures,
        language=draft.sample.language,
    )


def _readings(seat: _Seat, samples: Sequence[Sample], deadline: float, *, may_raise: bool) -> _Readings:
    """What the detector says of each sample: over the whole batch, or one by one where the batch failed."""
    remaining = deadline - time.monotonic()
    if remaining <= 0:
        if may_raise:
            raise BudgetExceeded
        return ["timeout"] * len(samples)
    outcome = _attempt(seat, samples, min(seat.timeout_seconds, remaining))
    if not isinstance(outcome, str):
        return outcome
    if outcome == "timeout" and remaining < seat.timeout_seconds and may_raise:
        raise BudgetExceeded
    if len(samples) == 1:
        return [outcome]
    return _one_by_one(seat, samples, deadline)


def _one_by_one(seat: _Seat, samples: Sequence[Sample], deadline: float) -> _Readings:
    """Each sample alone, all within one more timeout, so that one poisonous text does not spoil its neighbours."""
    until = min(deadline, time.monotonic() + seat.timeout_seconds)
    each = seat.timeout_seconds / _RETRIED_ALONE
    readings: list[Sequence[Detection] | str] = []
    for sample in samples:
        remaining = min(until - time.monotonic(), each)
        outcome = _attempt(seat, [sample], remaining) if remaining > 0 else "timeout"
        readings.append(outcome if isinstance(outcome, str) else outcome[0])
    return readings


def _attempt(seat: _Seat, samples: Sequence[Sample], seconds: float) -> Sequence[Sequence[Detection]] | str:
    """The detector's answer, or the kind of its failure: a class name, never a message, which might quote the text."""
    try:
        answer = seat.worker.run(lambda: seat.detector.detect(samples), seconds)
    except DetectorTimeout:
        return "timeout"
    except Exception as error:  # the detector boundary
        return type(error).__name__
    return answer if len(answer) == len(samples) else "WrongLength"


def _enter_all(drafts: Sequence[_Draft], detector: Detector, readings: _Readings) -> None:
    """One detector's readings of the texts that it was asked about, in their order."""
    for draft, reading in zip(drafts, readings, strict=True):
        _enter(draft, detector, reading)


def _enter(draft: _Draft, detector: Detector, reading: Sequence[Detection] | str) -> None:
    """Adds one detector's reading of one text to its draft."""
    draft.versions[detector.name] = detector.version
    if isinstance(reading, str):
        draft.failures[detector.name] = reading
        draft.missed |= detector.categories
        return
    if not detector.only_finds:
        draft.covered |= detector.categories
        for category in detector.categories:
            draft.scores.setdefault(category, 0.0)
    for detection in reading:
        if detection.score > draft.scores.get(detection.category, 0.0):
            draft.scores[detection.category] = detection.score
        draft.evidence.update(dict.fromkeys(detection.evidence))


def _opinions(detector: SecondOpinion, questions: Sequence[Question], seconds: float) -> _Opinions:
    try:
        opinions = detector.consult(questions, seconds)
    except Exception as error:  # the detector boundary
        return [type(error).__name__] * len(questions)
    return opinions if len(opinions) == len(questions) else ["WrongLength"] * len(questions)


def _enter_opinion(draft: _Draft, detector: Detector, opinion: Opinion | str | None) -> None:
    """Adds a second opinion to the draft of a text that has scores already. A failure leaves them as they are."""
    if opinion is None:
        return
    draft.versions[detector.name] = detector.version
    if isinstance(opinion, str):
        draft.failures[detector.name] = opinion
        draft.missed |= detector.categories
        return
    read = {detection.category for detection in opinion.detections}
    draft.covered |= read
    draft.missed |= detector.categories - read
    for detection in opinion.detections:
        before = 0.0 if detection.category in opinion.replaces else draft.scores.get(detection.category, 0.0)
        draft.scores[detection.category] = max(before, detection.score)
        draft.evidence.update(dict.fromkeys(detection.evidence))


def _digest(versions: Mapping[str, str]) -> str:
    """A short name that is the same wherever the same detectors run."""
    stated = "\n".join(f"{name}={version}" for name, version in sorted(versions.items()))
    return "panel-" + hashlib.sha256(stated.encode()).hexdigest()[:12]
